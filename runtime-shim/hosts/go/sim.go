package simc

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"
)

// A State says where a run is.
type State string

// States of a Sim or Run.
const (
	New      State = "new"      // nothing has run since it was made or reset
	Running  State = "running"  // it rests before its end
	Paused   State = "paused"   // an event has paused it
	Stopped  State = "stopped"  // an event has stopped it
	Complete State = "complete" // every row is saved
	Failed   State = "failed"   // a conveyor or queue could not go on
)

// An Event has fired.
type Event struct {
	Step      int     // the step in which it fired, from 0
	Time      float64 // its time, in the model's unit
	Value     float64 // the value that passed the threshold
	Variable  string  // the variable or element
	Action    string  // "message", "pause" or "stop"
	Message   string
	Threshold float64
	Direction string // "increasing" or "decreasing"
}

// A Sim is one instance of a model that the caller steers: set, run to a time, look, set again. It belongs to one goroutine at a
// time; a second one in it gets the error [Busy]. After [Sim.Close], or [Model.Close], every method gives [Closed].
type Sim struct {
	model   *Model
	in      *instance
	busy    atomic.Bool
	started bool
	events  []Event
	seen    int
}

var forever = math.Inf(1)

// stepsBetweenLooks bounds, in numbers computed, how long a run goes on after its context has ended.
const stepsBetweenLooks = 1 << 22

// enter begins a call.
func (s *Sim) enter() error {
	if !s.busy.CompareAndSwap(false, true) {
		return failure(Busy, "another goroutine is using this Sim")
	}
	err := s.model.use()
	if s.in == nil && err == nil {
		_ = s.model.release(context.Background())
		err = failure(Closed, "this Sim is closed")
	}
	if err != nil {
		s.busy.Store(false)
	}
	return err
}

func (s *Sim) leave() {
	_ = s.model.release(context.Background())
	s.busy.Store(false)
}

// Model is the model of which this is an instance.
func (s *Sim) Model() *Model {
	return s.model
}

// Set sets a constant to a value as [Entry] describes it. It holds from now on, over [Sim.Reset], until [Sim.Clear]; what has been
// computed stays until the model goes on.
func (s *Sim) Set(name string, value any) error {
	return s.SetAll(Entries{{name, value}})
}

// SetAll sets several constants, or none when one of them is refused.
func (s *Sim) SetAll(params Parameters) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	pairs, err := s.model.directory.assignments(params)
	if err != nil {
		return err
	}
	return s.setSlots(context.Background(), pairs)
}

func (s *Sim) setSlots(ctx context.Context, pairs []assignment) error {
	for _, pair := range pairs {
		refused, err := s.in.SetValue(ctx, int32(pair.slot), pair.value)
		if err != nil {
			return trapped("set_value", err)
		}
		if refused != 0 {
			return badArtifact(0, "slot %d is said to be settable, yet cannot be set", pair.slot)
		}
	}
	return nil
}

// Clear gives every constant its default and every graphical function its own points again.
func (s *Sim) Clear() error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	return trapped("clear_values", s.in.ClearValues(context.Background()))
}

// Reset goes back to the start; what was set stays.
func (s *Sim) Reset() error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	return s.reset(context.Background())
}

func (s *Sim) reset(ctx context.Context) error {
	s.started, s.events, s.seen = false, nil, 0
	return trapped("reset", s.in.Reset(ctx))
}

// RunInitials evaluates everything at the start. A second call does nothing until [Sim.Reset].
func (s *Sim) RunInitials(ctx context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	s.started = true
	if err := s.in.RunInitials(ctx); err != nil {
		return trapped("run_initials", err)
	}
	return s.check(ctx)
}

// RunTo takes every step whose time, in the model's unit, is at most the target; infinity runs to the end, and a time in the past does
// nothing. It fails with [BadTime] for NaN, with [Transport] when a conveyor or queue cannot go on (again until [Sim.Reset]; what was
// saved can be read), and with the error of the context when that ends: the Sim rests where it has come to and can go on.
func (s *Sim) RunTo(ctx context.Context, target float64) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if math.IsNaN(target) {
		return failure(BadTime, "NaN is no time to run to")
	}
	return s.advance(ctx, target)
}

// RunToEnd runs to the end.
func (s *Sim) RunToEnd(ctx context.Context) error {
	return s.RunTo(ctx, forever)
}

// PauseOnEvents says whether [Sim.RunTo] comes back at an event that pauses, with the state [Paused]; a new Sim runs on.
func (s *Sim) PauseOnEvents(on bool) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	if s.in.PauseOnEvents == nil {
		return nil
	}
	var word int32
	if on {
		word = 1
	}
	return trapped("pause_on_events", s.in.PauseOnEvents(context.Background(), word))
}

// SetTable replaces the points of a graphical function, by its name in [Model.Tables]. X must ascend, and all must be finite. It fails
// with [Unsupported] unless the artifact was built with --inputs tables.
func (s *Sim) SetTable(name string, points []Point) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.leave()
	number, err := s.findTable(name)
	if err != nil {
		return err
	}
	table := &s.model.Tables[number]
	if message := wrongPoints(points, min(table.Capacity, s.in.inputs.capacity/2)); message != "" {
		err := failure(BadValue, "the points of %s: %s", shown(table.Name), message)
		err.Name, err.Variable = name, table.Name
		return err
	}
	at := s.in.inputs.offset
	for _, point := range points {
		binary.LittleEndian.PutUint64(s.in.Memory[at:], math.Float64bits(point.X))
		binary.LittleEndian.PutUint64(s.in.Memory[at+8:], math.Float64bits(point.Y))
		at += 16
	}
	refused, err := s.in.SetTable(context.Background(), int32(number), int32(len(points)))
	if err != nil {
		return trapped("set_table", err)
	}
	if refused != 0 {
		return badArtifact(0, "the points of %s cannot be set", table.Name)
	}
	return nil
}

// wrongPoints says what is wrong with points, or nothing.
func wrongPoints(points []Point, capacity int) string {
	if len(points) == 0 {
		return "there are none"
	}
	for i, point := range points {
		if math.IsNaN(point.X-point.X) || math.IsNaN(point.Y-point.Y) {
			return "they must be finite"
		}
		if i > 0 && points[i-1].X > point.X {
			return "x must ascend"
		}
	}
	if len(points) > capacity {
		return fmt.Sprintf("there is room for %d, not for %d", capacity, len(points))
	}
	return ""
}

func (s *Sim) findTable(name string) (int, error) {
	tables := s.model.Tables
	if len(tables) == 0 || s.in.SetTable == nil || !s.in.hasInputs {
		return 0, failure(Unsupported, "the artifact has no graphical functions that can be set; `simc build --inputs tables` makes one that has")
	}
	wanted := tableKey(name)
	for number := range tables {
		if tableKey(tables[number].Name) == wanted {
			return number, nil
		}
	}
	return 0, unknownName(name, "graphical function", len(tables), func(i int) string { return tables[i].Name })
}

// tableKey joins the keys of a name and its subscripts by what no key has.
func tableKey(name string) string {
	parts := []string{name}
	if base, subscripts, isSplit := splitSubscripts(name); isSplit {
		parts = append([]string{base}, subscripts...)
	}
	for i := range parts {
		parts[i] = writtenKey(parts[i])
	}
	return strings.Join(parts, "\n")
}

// Value is the number of one variable or element at the time at which the model rests.
func (s *Sim) Value(name string) (float64, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.leave()
	slot, err := s.model.directory.single(name)
	if err != nil {
		return 0, err
	}
	return s.in.live(slot), nil
}

// Values are the numbers of all elements that the name means, row-major, at the time at which the model rests.
func (s *Sim) Values(name string) ([]float64, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	found, err := s.model.directory.find(name)
	if err != nil {
		return nil, err
	}
	values := make([]float64, len(found.elements))
	for i, element := range found.elements {
		values[i] = s.in.live(found.variable.Slot + element)
	}
	return values, nil
}

// Series are the saved numbers of one variable or element so far: a copy.
func (s *Sim) Series(name string) ([]float64, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	slot, err := s.model.directory.single(name)
	if err != nil {
		return nil, err
	}
	series := make([]float64, s.in.saved())
	for row := range series {
		series[row] = s.in.at(row, slot)
	}
	return series, nil
}

// Time is that at which the model rests, in its unit; 0 before it has started.
func (s *Sim) Time() (float64, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.leave()
	return s.in.live(0), nil
}

// Saved counts the rows that are saved so far.
func (s *Sim) Saved() (int, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	defer s.leave()
	return s.in.saved(), nil
}

// State says where the run is.
func (s *Sim) State() (State, error) {
	if err := s.enter(); err != nil {
		return "", err
	}
	defer s.leave()
	return s.state(context.Background())
}

func (s *Sim) state(ctx context.Context) (State, error) {
	code, _, err := s.in.fault(ctx)
	switch {
	case err != nil:
		return "", err
	case code != 0:
		return Failed, nil
	case s.in.isComplete():
		return Complete, nil
	case s.in.runState() == 2:
		return Stopped, nil
	case s.in.runState() == 1:
		return Paused, nil
	case s.started:
		return Running, nil
	}
	return New, nil
}

// Events are those that have fired since the Sim was new or reset.
func (s *Sim) Events() ([]Event, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	return slices.Clone(s.events), nil
}

// Run is a copy of what is saved so far, of all variables or of some.
func (s *Sim) Run(outputs ...string) (*Run, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	defer s.leave()
	kept, err := s.model.directory.keep(outputs)
	if err != nil {
		return nil, err
	}
	return s.copy(context.Background(), kept)
}

// Close gives the memory back. Closing again does nothing.
func (s *Sim) Close() error {
	if err := s.enter(); err != nil {
		if errors.Is(err, Closed) {
			return nil
		}
		return err
	}
	defer s.leave()
	in := s.in
	s.in = nil
	return in.Close(context.Background())
}

// advance steps on, in parts where events have to be read before their records are overwritten, or where a context may end.
func (s *Sim) advance(ctx context.Context, target float64) error {
	s.started = true
	stepsAtOnce := math.MaxInt
	if s.in.hasEvents {
		stepsAtOnce = max(1, s.in.events.capacity/max(1, s.model.perStep))
	}
	if ctx.Done() != nil {
		if err := ctx.Err(); err != nil {
			return err
		}
		stepsAtOnce = min(stepsAtOnce, max(1, stepsBetweenLooks/s.model.layout.nSlots))
	}
	if stepsAtOnce >= s.model.Time.Steps && !s.in.hasEvents {
		if err := s.in.RunTo(ctx, target); err != nil {
			return trapped("run_to", err)
		}
		return s.check(ctx)
	}
	if err := s.in.RunInitials(ctx); err != nil {
		return trapped("run_initials", err)
	}
	time := &s.model.Time
	for {
		before := s.in.live(0)
		step := math.Round((before - time.Start) / time.Step)
		next := math.Min(target, time.Start+float64((step+float64(stepsAtOnce-1))*time.Step))
		if err := s.in.RunTo(ctx, next); err != nil {
			return trapped("run_to", err)
		}
		s.collect()
		code, _, err := s.in.fault(ctx)
		if err != nil {
			return err
		}
		if code != 0 || s.in.isComplete() || s.in.runState() != 0 || next == target || s.in.live(0) == before {
			return s.check(ctx)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// collect reads the records of events before they are overwritten.
func (s *Sim) collect() {
	if !s.in.hasEvents {
		return
	}
	count := s.in.eventCount()
	for number := max(s.seen, count-s.in.events.capacity); number < count; number++ {
		record := s.in.Memory[s.in.events.offset+recordBytes*(number%s.in.events.capacity):]
		word := binary.LittleEndian.Uint32
		s.events = append(s.events, s.model.layout.describe(int(word(record)), int(word(record[4:])), Event{
			Step:  int(binary.LittleEndian.Uint64(record[8:])),
			Time:  number64(record[16:]),
			Value: number64(record[24:]),
		}))
	}
	s.seen = count
}

func number64(record []byte) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(record))
}

// describe says of an event what its threshold says.
func (l *layout) describe(event, element int, it Event) Event {
	for i := range l.thresholds {
		threshold := &l.thresholds[i]
		if event < len(threshold.Actions) {
			action := threshold.Actions[event]
			it.Variable = elementTitle(threshold.Variable, threshold.Dimensions, element)
			it.Action, it.Message = action.Kind, action.Message
			it.Threshold, it.Direction = threshold.Value, threshold.Direction
			return it
		}
		event -= len(threshold.Actions)
	}
	it.Action, it.Threshold = "message", nan
	return it
}

// faults are what error words say of a conveyor or queue.
var faults = map[uint32]string{
	58:   "has a transit time that is not above 0",
	59:   "has a transit time that is longer than there is memory for",
	1001: "has more batches than there is memory for",
}

// check makes an error of the error word, with the rows that were saved before.
func (s *Sim) check(ctx context.Context) error {
	code, place, err := s.in.fault(ctx)
	if err != nil || code == 0 {
		return err
	}
	what, isKnown := faults[code]
	if !isKnown {
		return failure(Unsupported, "the run stopped with error %d, which this host does not know", code)
	}
	variable := s.model.layout.transportName(place)
	failed := failure(Transport, "the run stopped: %s %s", variable, what)
	failed.Variable = variable
	if failed.Run, err = s.copy(ctx, nil); err != nil {
		return err
	}
	return failed
}

// transportName gives the element of a conveyor or queue that an error word counts.
func (l *layout) transportName(place int) string {
	rest := place
	for _, transport := range l.transports {
		size := 1
		for _, dimension := range transport.dimensions {
			size *= len(dimension.Elements)
		}
		if rest < size {
			return elementTitle(transport.name, transport.dimensions, rest)
		}
		rest -= size
	}
	return fmt.Sprintf("conveyor or queue number %d", place)
}
