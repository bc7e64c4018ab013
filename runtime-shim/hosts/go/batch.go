package simc

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
)

// Samples are what the runs of a batch set: a table with a row for each run, or anything.
type Samples struct {
	// Params are names of constants, one for each number of a row. An array takes the number for all of its elements.
	Params []string
	// Rows are the numbers of the runs, as many of each as there are Params, in their units.
	Rows [][]float64
	// Each is what single runs set, instead of Params and Rows.
	Each []Parameters
}

// Wanted are the numbers that a batch keeps of each run.
type Wanted struct {
	// Outputs are names; arrays give all elements. Without any they are the stocks, or in a model without stocks all that changes.
	Outputs []string
	// At are times of saved rows, in the model's unit; infinity is the last one. Nil stands for all rows.
	At []float64
	// Workers is how many goroutines run at once; as many as there are processors when it is 0.
	Workers int
}

// A Batch has the results of many runs.
type Batch struct {
	// Runs is how many there are.
	Runs int
	// Titles are those of the outputs.
	Titles []string
	// Times are those of the rows that were kept, in the model's unit.
	Times []float64
	// Values have the shape Runs x Titles x Times, run after run; NaN in rows that a run did not reach.
	Values []float64
	// Errors are the runs in which a conveyor or queue could not go on, by number.
	Errors []RunError
	// Unfinished are the runs that were not made because the context ended, by number. Their values are NaN.
	Unfinished []int
}

// A RunError says why a run of a batch has ended early.
type RunError struct {
	Run int
	Err error
}

// Series are the numbers of one output, by its place among the titles, in one run: a part of Values. It fails with [UnknownName].
func (b *Batch) Series(run, output int) ([]float64, error) {
	if run < 0 || run >= b.Runs || output < 0 || output >= len(b.Titles) {
		return nil, failure(UnknownName, "there is no output %d of run %d", output, run)
	}
	from := (run*len(b.Titles) + output) * len(b.Times)
	return b.Values[from : from+len(b.Times) : from+len(b.Times)], nil
}

// maxNumbers bounds what is asked of memory: Go ends the program, or panics, where there is less.
const maxNumbers = math.MaxInt>>26 | 1<<27

// plan is what the runs of a batch do.
type plan struct {
	count int
	pairs func(run int) []assignment
	slots []int
	rows  []int
}

// Batch makes many runs, each from the defaults, on several goroutines, with the same bits that single runs give.
//
// It fails before the first run with [UnknownName], [AmbiguousName], [NotSettable], [Shape] for rows of another length, [BadValue] for
// NaN and infinity, [BadTime] for a time without a saved row, and [Memory] for more numbers than any machine has room for. When the
// context ends it gives both the error of the context and the batch, with what was done and [Batch.Unfinished]. What fails on its way
// with [Transport] is in [Batch.Errors], and the others are kept.
func (m *Model) Batch(ctx context.Context, samples Samples, wanted Wanted) (*Batch, error) {
	p := &plan{}
	if err := m.planSamples(p, samples); err != nil {
		return nil, err
	}
	b := &Batch{Runs: p.count}
	if err := m.planWanted(p, b, wanted); err != nil {
		return nil, err
	}
	size := len(p.slots) * len(p.rows)
	if size > 0 && p.count > maxNumbers/size {
		return nil, failure(Memory, "%d runs of %d numbers are more than there is memory for", p.count, size)
	}
	b.Values = make([]float64, p.count*size)
	workers := wanted.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, p.count)
	failed := make([]error, p.count)
	isMade := make([]bool, p.count)
	var next atomic.Int64
	var fatal error
	var once sync.Once
	var group sync.WaitGroup
	for worker := 0; worker < workers; worker++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for run := int(next.Add(1)) - 1; run < p.count; run = int(next.Add(1)) - 1 {
				err := m.runOne(ctx, p, run, b.Values[run*size:(run+1)*size])
				isMade[run] = err == nil || errors.Is(err, Transport)
				if isMade[run] {
					failed[run] = err
				} else {
					once.Do(func() { fatal = err })
					next.Store(int64(p.count))
				}
			}
		}()
	}
	group.Wait()
	if fatal != nil && ctx.Err() == nil {
		return nil, fatal
	}
	for run, isMade := range isMade {
		if !isMade {
			b.Unfinished = append(b.Unfinished, run)
			for i := run * size; i < (run+1)*size; i++ {
				b.Values[i] = nan
			}
		}
	}
	for run, err := range failed {
		if err != nil {
			b.Errors = append(b.Errors, RunError{run, err})
		}
	}
	return b, fatal
}

func (m *Model) runOne(ctx context.Context, p *plan, run int, values []float64) error {
	return m.rerun(ctx, p.pairs(run), func(sim *Sim) error {
		err := sim.advance(ctx, forever)
		if err != nil && !errors.Is(err, Transport) {
			return err
		}
		saved, place := sim.in.saved(), 0
		for _, slot := range p.slots {
			for _, row := range p.rows {
				values[place] = nan
				if row < saved {
					values[place] = sim.in.at(row, slot)
				}
				place++
			}
		}
		return err
	})
}

// planSamples finds the constants of each run. All of them are checked before the first run.
func (m *Model) planSamples(p *plan, samples Samples) error {
	if samples.Each != nil {
		if len(samples.Params)+len(samples.Rows) > 0 {
			return failure(Shape, "samples are rows of params, or each by itself, not both")
		}
		all := make([][]assignment, len(samples.Each))
		for run, params := range samples.Each {
			pairs, err := m.directory.assignments(params)
			if err != nil {
				return err
			}
			all[run] = pairs
		}
		p.count, p.pairs = len(all), func(run int) []assignment { return all[run] }
		return nil
	}
	n := len(samples.Params)
	var entries Entries
	for _, name := range samples.Params {
		entries = append(entries, Entry{name, 0.0})
	}
	// Names are checked once; samples differ in their numbers alone.
	if _, err := m.directory.assignments(entries); err != nil {
		return err
	}
	for run, row := range samples.Rows {
		if len(row) != n {
			return failure(Shape, "the sample of run %d has %d numbers, and there are %d params", run, len(row), n)
		}
		for i, value := range row {
			if math.IsNaN(value) || math.IsInf(value, 0) {
				err := failure(BadValue, "%s takes a finite number, not %v (run %d)", shown(samples.Params[i]), value, run)
				err.Name = samples.Params[i]
				return err
			}
		}
	}
	columns := make([][]assignment, n)
	for i := range columns {
		columns[i], _ = m.directory.assignments(entries[i : i+1])
	}
	p.count = len(samples.Rows)
	p.pairs = func(run int) []assignment {
		pairs := make([]assignment, 0, n)
		for i, column := range columns {
			for _, pair := range column {
				pairs = append(pairs, assignment{pair.slot, samples.Rows[run][i]})
			}
		}
		return pairs
	}
	return nil
}

// planWanted finds the numbers that are kept.
func (m *Model) planWanted(p *plan, b *Batch, wanted Wanted) error {
	outputs := wanted.Outputs
	if outputs == nil {
		outputs = m.usualOutputs()
	}
	columns, err := m.directory.columns(outputs)
	if err != nil {
		return err
	}
	for _, column := range columns[1:] {
		b.Titles = append(b.Titles, column.title)
		p.slots = append(p.slots, column.slot)
	}
	if wanted.At == nil {
		for row := 0; row < m.Time.Rows; row++ {
			p.rows = append(p.rows, row)
		}
	}
	for _, time := range wanted.At {
		row, err := m.Time.row(time)
		if err != nil {
			return err
		}
		p.rows = append(p.rows, row)
	}
	for _, row := range p.rows {
		b.Times = append(b.Times, m.Time.OfRow(row))
	}
	return nil
}

// usualOutputs are the stocks; without any, all that changes.
func (m *Model) usualOutputs() []string {
	named := func(kinds ...Kind) []string {
		names := []string{}
		for _, v := range m.Variables {
			for _, kind := range kinds {
				if v.Kind == kind {
					names = append(names, v.Name)
				}
			}
		}
		return names
	}
	if stocks := named(Stock); len(stocks) > 0 {
		return stocks
	}
	return named(Flow, Auxiliary, ModuleInput)
}

// tolerance is the part of a step by which a time may miss a row.
const tolerance = 1e-6

// row gives the saved row at a time.
func (t *Time) row(time float64) (int, error) {
	if math.IsInf(time, 1) {
		return t.Rows - 1, nil
	}
	row := math.Round((time - t.Start) / (float64(t.SaveEvery) * t.Step))
	isSaved := row >= 0 && row < float64(t.Rows) && math.Abs(t.OfRow(int(row))-time) <= tolerance*t.Step
	if !isSaved {
		return 0, failure(BadTime, "there is no saved row at time %v", time)
	}
	return int(row), nil
}
