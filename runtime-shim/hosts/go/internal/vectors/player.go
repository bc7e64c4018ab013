package vectors

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"simc.example/simc"
)

// A player plays one sequence.
type player struct {
	folder   string
	manifest map[string]string
	models   map[string]*simc.Model
	artifact string
	source   Source
	model    *simc.Model
	sim      *simc.Sim
	run      *simc.Run
}

func (p *player) load(ctx context.Context, name string, options ...simc.Option) (*simc.Model, error) {
	content, err := os.ReadFile(filepath.Join(p.folder, name))
	if err != nil {
		return nil, err
	}
	return simc.Load(ctx, content, append(options, p.source(name)...)...)
}

// need gives the model of the sequence. Models are shared by sequences: they never change.
func (p *player) need(ctx context.Context) (*simc.Model, error) {
	if p.model != nil {
		return p.model, nil
	}
	model := p.models[p.artifact]
	if model == nil {
		loaded, err := p.load(ctx, p.artifact)
		if err != nil {
			return nil, err
		}
		model = loaded
		p.models[p.artifact] = model
	}
	p.model = model
	return model, nil
}

func (p *player) needSim(ctx context.Context) (*simc.Sim, error) {
	if p.sim != nil {
		return p.sim, nil
	}
	model, err := p.need(ctx)
	if err == nil {
		p.sim, err = model.Sim(ctx, nil)
	}
	return p.sim, err
}

func (p *player) call(ctx context.Context, c call) (fields, error) {
	name := text(c["call"])
	if name == "load" {
		return p.callLoad(ctx, c)
	}
	model, err := p.need(ctx)
	if err != nil {
		return nil, err
	}
	switch name {
	case "variable":
		return variable(model, text(c["name"]))
	case "model":
		return describe(model), nil
	case "links":
		return links(model), nil
	case "controls":
		return controls(model), nil
	case "run":
		params, err := parameters(c["params"])
		if err != nil {
			return nil, err
		}
		run, err := model.Run(ctx, params)
		if err != nil {
			return nil, err
		}
		return p.rows(run)
	case "columns", "csv":
		return p.table(name, c)
	case "batch":
		return batch(ctx, model, c)
	case "sim":
		params, err := parameters(c["params"])
		if err != nil {
			return nil, err
		}
		p.sim, err = model.Sim(ctx, params)
		return fields{}, err
	case "events":
		return p.events()
	}
	sim, err := p.needSim(ctx)
	if err != nil {
		return nil, err
	}
	return p.callSim(ctx, sim, name, c)
}

func (p *player) callLoad(ctx context.Context, c call) (fields, error) {
	name := text(c["artifact"])
	var options []simc.Option
	if wanted := text(c["sha256"]); wanted == "right" {
		options = append(options, simc.WithSHA256(p.manifest[name]))
	} else if wanted != "" {
		options = append(options, simc.WithSHA256(wanted))
	}
	model, err := p.load(ctx, name, options...)
	if err != nil {
		return nil, err
	}
	p.model = model
	return fields{"name": model.Name, "variables": len(model.Variables)}, nil
}

func (p *player) callSim(ctx context.Context, sim *simc.Sim, name string, c call) (fields, error) {
	switch name {
	case "set":
		value, err := valueOf(c["value"])
		if err != nil {
			return nil, err
		}
		return fields{}, sim.Set(text(c["name"]), value)
	case "pause_on_events":
		return fields{}, sim.PauseOnEvents(string(c["on"]) == "true")
	case "set_table":
		return setTable(sim, c)
	case "close":
		return fields{}, sim.Close()
	case "value":
		values, err := sim.Values(text(c["name"]))
		return fields{"bits": allBits(values)}, err
	case "series":
		series, err := sim.Series(text(c["name"]))
		if err != nil {
			return nil, err
		}
		found := fields{"length": len(series), "sha256": digest(series), "first": nil, "last": nil}
		if len(series) > 0 {
			found["first"], found["last"] = bits(series[0]), bits(series[len(series)-1])
		}
		return found, nil
	case "sim_run":
		run, err := sim.Run()
		if err != nil {
			return nil, err
		}
		return p.rows(run)
	}
	return step(ctx, sim, name, c)
}

// step is a call that moves the Sim and gives its state.
func step(ctx context.Context, sim *simc.Sim, name string, c call) (fields, error) {
	var err error
	switch name {
	case "clear":
		err = sim.Clear()
	case "reset":
		err = sim.Reset()
	case "run_initials":
		err = sim.RunInitials(ctx)
	case "run_to":
		var target float64
		if target, err = number(c["target"]); err == nil {
			err = sim.RunTo(ctx, target)
		}
	case "run_to_end":
		err = sim.RunToEnd(ctx)
	case "state":
	default:
		err = fmt.Errorf("there is no call %s", name)
	}
	if err != nil {
		return nil, err
	}
	state, err := sim.State()
	saved, errSaved := sim.Saved()
	time, errTime := sim.Time()
	return fields{"state": state, "saved": saved, "time": bits(time)}, errors.Join(err, errSaved, errTime)
}

func setTable(sim *simc.Sim, c call) (fields, error) {
	var given [][]json.RawMessage
	if err := json.Unmarshal(c["points"], &given); err != nil {
		return nil, err
	}
	points := make([]simc.Point, len(given))
	for i, pair := range given {
		x, errX := number(pair[0])
		y, errY := number(pair[1])
		if err := errors.Join(errX, errY); err != nil {
			return nil, err
		}
		points[i] = simc.Point{X: x, Y: y}
	}
	return fields{}, sim.SetTable(text(c["name"]), points)
}

func variable(model *simc.Model, name string) (fields, error) {
	v, err := model.Variable(name)
	if err != nil {
		return nil, err
	}
	found := fields{
		"name": v.Name, "canonical": v.Canonical, "kind": v.Kind, "shape": v.Shape(), "settable": v.Settable, "units": orNull(v.Units),
		"documentation": orNull(v.Documentation), "default": nil, "titles": v.Titles(), "range": nil,
	}
	if v.Settable {
		found["default"] = allBits(v.Defaults())
	}
	if v.Range != nil {
		found["range"] = allBits([]float64{v.Range.Least, v.Range.Greatest})
	}
	return found, nil
}

func describe(model *simc.Model) fields {
	names := []string{}
	for _, v := range model.Parameters() {
		names = append(names, v.Name)
	}
	time := &model.Time
	return fields{
		"name": model.Name, "parameters": names, "dimensions": len(model.Dimensions),
		"time": fields{
			"start": bits(time.Start), "stop": bits(time.Stop), "dt": bits(time.Step), "steps": time.Steps, "save_every": time.SaveEvery,
			"method": time.Method, "rows": time.Rows, "units": orNull(time.Units),
		},
	}
}

func links(model *simc.Model) fields {
	list := []fields{}
	for _, it := range model.Links {
		list = append(list, fields{"cause": it.Cause, "effect": it.Effect, "sign": it.Sign, "is_initial": it.IsInitial})
	}
	return fields{"list": list}
}

func controls(model *simc.Model) fields {
	list := []fields{}
	for _, it := range model.Controls {
		found := fields{"kind": it.Kind, "variables": it.Variables, "range": nil, "step": nil, "label": orNull(it.Label)}
		if it.Range != nil {
			found["range"] = allBits([]float64{it.Range.Least, it.Range.Greatest})
		}
		if it.Step != 0 {
			found["step"] = bits(it.Step)
		}
		list = append(list, found)
	}
	return fields{"list": list}
}

func (p *player) rows(run *simc.Run) (fields, error) {
	p.run = run
	data, err := run.Data()
	if err != nil {
		return nil, err
	}
	var numbers []float64
	for row := 0; row < run.Rows(); row++ {
		width := len(data) / run.Rows()
		for _, v := range p.model.Variables {
			from := row*width + v.Slot
			numbers = append(numbers, data[from:from+v.Size()]...)
		}
	}
	return fields{"rows": run.Rows(), "state": run.State, "sha256": digest(numbers), "events": len(run.Events)}, nil
}

func (p *player) table(name string, c call) (fields, error) {
	if p.run == nil {
		return nil, errors.New("there is no run")
	}
	names, err := texts(c["names"])
	if err != nil {
		return nil, err
	}
	if name == "csv" {
		csv, err := p.run.CSV(names...)
		sum := sha256.Sum256([]byte(csv))
		return fields{"sha256": hex.EncodeToString(sum[:]), "bytes": len(csv)}, err
	}
	columns, err := p.run.Columns(names...)
	if err != nil {
		return nil, err
	}
	var titles []string
	var numbers []float64
	for _, column := range columns {
		titles = append(titles, column.Title)
		numbers = append(numbers, column.Values...)
	}
	sum := sha256.Sum256([]byte(strings.Join(titles, "\n")))
	return fields{"titles": titles, "titles_sha256": hex.EncodeToString(sum[:]), "sha256": digest(numbers)}, nil
}

func batch(ctx context.Context, model *simc.Model, c call) (fields, error) {
	var given []json.RawMessage
	if err := json.Unmarshal(c["samples"], &given); err != nil {
		return nil, err
	}
	var samples simc.Samples
	names, err := texts(c["params"])
	if err != nil {
		return nil, err
	}
	for _, sample := range given {
		if names == nil {
			params, err := parameters(sample)
			if err != nil {
				return nil, err
			}
			samples.Each = append(samples.Each, params)
			continue
		}
		var row []json.RawMessage
		if err := json.Unmarshal(sample, &row); err != nil {
			return nil, err
		}
		numbers := make([]float64, len(row))
		for i, item := range row {
			if numbers[i], err = number(item); err != nil {
				return nil, err
			}
		}
		samples.Rows = append(samples.Rows, numbers)
	}
	samples.Params = names
	outputs, err := texts(c["outputs"])
	if err != nil {
		return nil, err
	}
	wanted := simc.Wanted{Outputs: outputs}
	var at []json.RawMessage
	if err := json.Unmarshal(orList(c["at"]), &at); err != nil {
		return nil, err
	}
	for _, item := range at {
		time, err := number(item)
		if err != nil {
			return nil, err
		}
		wanted.At = append(wanted.At, time)
	}
	result, err := model.Batch(ctx, samples, wanted)
	if err != nil {
		return nil, err
	}
	failed := [][]any{}
	for _, run := range result.Errors {
		var failure *simc.Error
		errors.As(run.Err, &failure)
		failed = append(failed, []any{run.Run, failure.Code})
	}
	return fields{"titles": result.Titles, "times": len(result.Times), "sha256": digest(result.Values), "errors": failed}, nil
}

func (p *player) events() (fields, error) {
	var events []simc.Event
	if p.sim != nil {
		fired, err := p.sim.Events()
		if err != nil {
			return nil, err
		}
		events = fired
	} else if p.run != nil {
		events = p.run.Events
	}
	list := []fields{}
	for _, event := range events {
		list = append(list, fields{
			"step": event.Step, "time": bits(event.Time), "value": bits(event.Value), "variable": event.Variable,
			"action": event.Action, "message": event.Message,
		})
	}
	return fields{"count": len(list), "list": list}, nil
}

// parameters are an object or pairs; either way they have an order.
func parameters(raw json.RawMessage) (simc.Entries, error) {
	if len(raw) > 0 && raw[0] == '{' {
		return object(raw)
	}
	var pairs [][]json.RawMessage
	if err := json.Unmarshal(orList(raw), &pairs); err != nil {
		return nil, err
	}
	entries := simc.Entries{}
	for _, pair := range pairs {
		value, err := valueOf(pair[1])
		if err != nil {
			return nil, err
		}
		entries = append(entries, simc.Entry{Name: text(pair[0]), Value: value})
	}
	return entries, nil
}

func object(raw json.RawMessage) (simc.Entries, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if _, err := decoder.Token(); err != nil {
		return nil, err
	}
	entries := simc.Entries{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		var item json.RawMessage
		if err := decoder.Decode(&item); err != nil {
			return nil, err
		}
		value, err := valueOf(item)
		if err != nil {
			return nil, err
		}
		entries = append(entries, simc.Entry{Name: fmt.Sprint(name), Value: value})
	}
	return entries, nil
}

// valueOf gives a number by its bits, a list, numbers by element, or what is none of these.
func valueOf(raw json.RawMessage) (any, error) {
	switch {
	case len(raw) > 0 && raw[0] == '{':
		return object(raw)
	case len(raw) > 0 && raw[0] == '[':
		var items []json.RawMessage
		if err := json.Unmarshal(raw, &items); err != nil {
			return nil, err
		}
		list := []any{}
		for _, item := range items {
			value, err := valueOf(item)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	}
	switch written := text(raw); written {
	case "true":
		return true, nil
	case "null":
		return nil, nil
	default:
		if word, isText := strings.CutPrefix(written, "text:"); isText {
			return word, nil
		}
		return number(raw)
	}
}

func number(raw json.RawMessage) (float64, error) {
	word, err := strconv.ParseUint(text(raw), 16, 64)
	return math.Float64frombits(word), err
}

func text(raw json.RawMessage) string {
	var text string
	_ = json.Unmarshal(raw, &text)
	return text
}

func texts(raw json.RawMessage) ([]string, error) {
	var texts []string
	err := json.Unmarshal(orList(raw), &texts)
	return texts, err
}

func orList(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("null")
	}
	return raw
}

func bits(value float64) string {
	return fmt.Sprintf("%016x", math.Float64bits(value))
}

func allBits(values []float64) []string {
	all := make([]string, len(values))
	for i, value := range values {
		all[i] = bits(value)
	}
	return all
}

func digest(values []float64) string {
	sum := sha256.New()
	var word [8]byte
	for _, value := range values {
		binary.LittleEndian.PutUint64(word[:], math.Float64bits(value))
		_, _ = sum.Write(word[:])
	}
	return hex.EncodeToString(sum.Sum(nil))
}
