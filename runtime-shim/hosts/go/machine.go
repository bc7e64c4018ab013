package simc

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
)

// An Engine makes instances of one artifact, which [Load] compares with the one that it is given. [Load] takes wazero; [Translated] is one for artifacts that are translated to Go.
type Engine interface {
	// NewMachine makes a new instance.
	NewMachine(ctx context.Context) (*Machine, error)
	// Close gives back what the engine holds. No instance is used after it.
	Close(ctx context.Context) error
}

// A Machine is one instance of an artifact: its memory and its exports. Functions that the artifact does not export are nil.
// An error of a function is a trap.
type Machine struct {
	// Memory is all of it; it never grows.
	Memory []byte
	// Global gives what reads an exported global, nil when there is none.
	Global func(name string) func() int32

	Reset, RunInitials, ClearValues func(ctx context.Context) error
	RunTo                           func(ctx context.Context, target float64) error
	SetValue                        func(ctx context.Context, slot int32, value float64) (int32, error)
	SetTable                        func(ctx context.Context, table, n int32) (int32, error)
	PauseOnEvents                   func(ctx context.Context, on int32) error
	GetError                        func(ctx context.Context) (int64, error)
	LayoutDigest                    func(ctx context.Context) (int64, error)
	Close                           func(ctx context.Context) error
}

// An instance is a machine that has been checked before it is believed.
type instance struct {
	*Machine
	layout                   *layout
	inputs, events           region
	hasInputs, hasEvents     bool
	savedSteps, state, fired func() int32
}

// A region of the memory that the artifact names.
type region struct {
	offset, capacity int
}

func newInstance(ctx context.Context, engine Engine, l *layout) (*instance, error) {
	machine, err := engine.NewMachine(ctx)
	if err != nil {
		return nil, err
	}
	in := &instance{Machine: machine, layout: l}
	if err := in.check(); err != nil {
		_ = machine.Close(ctx)
		return nil, err
	}
	return in, nil
}

func (in *instance) check() error {
	functions := []struct {
		name    string
		isThere bool
	}{
		{"run_to", in.RunTo != nil}, {"run_initials", in.RunInitials != nil}, {"reset", in.Reset != nil},
		{"set_value", in.SetValue != nil}, {"clear_values", in.ClearValues != nil}, {"get_error", in.GetError != nil},
		{"memory", in.Memory != nil},
	}
	for _, function := range functions {
		if !function.isThere {
			return badArtifact(0, "it has no proper export %s", function.name)
		}
	}
	var globals [4]int
	for i, name := range []string{"n_slots", "n_chunks", "results_offset", "saved_steps"} {
		global := in.Global(name)
		if global == nil {
			return badArtifact(0, "it has no proper export %s", name)
		}
		globals[i] = int(uint32(global()))
	}
	l := in.layout
	if globals[0] != l.nSlots || globals[1] != l.nChunks || globals[2] != l.resultsOffset {
		return badArtifact(0, "its exports are not what it says of itself")
	}
	isWithin := l.nSlots >= reservedSlots && l.nChunks > 0 && l.resultsOffset%8 == 0 && 8*l.nSlots <= l.resultsOffset
	if !isWithin || l.resultsOffset+8*l.nSlots*l.nChunks > len(in.Memory) {
		return badArtifact(0, "its results do not fit its memory")
	}
	var err error
	if in.inputs, in.hasInputs, err = in.region("inputs_offset", "inputs_capacity", 8); err != nil {
		return err
	}
	in.savedSteps, in.state, in.fired = in.Global("saved_steps"), in.Global("run_state"), in.Global("event_count")
	if in.fired != nil {
		in.events, in.hasEvents, err = in.region("events_offset", "events_capacity", recordBytes)
		if err == nil && (!in.hasEvents || in.events.capacity == 0) {
			err = badArtifact(0, "it keeps no records of events")
		}
	}
	return err
}

func (in *instance) region(offsetName, capacityName string, unit int) (region, bool, error) {
	offset, capacity := in.Global(offsetName), in.Global(capacityName)
	if offset == nil && capacity == nil {
		return region{}, false, nil
	}
	if offset == nil || capacity == nil {
		return region{}, false, badArtifact(0, "it has no proper export %s", offsetName)
	}
	r := region{int(uint32(offset())), int(uint32(capacity()))}
	if r.offset%8 != 0 || r.offset+unit*r.capacity > len(in.Memory) {
		return region{}, false, badArtifact(0, "%s lies outside of its memory", offsetName)
	}
	return r, true, nil
}

// saved counts the rows that are saved.
func (in *instance) saved() int {
	return min(int(uint32(in.savedSteps())), in.layout.nChunks)
}

func (in *instance) isComplete() bool {
	return in.saved() == in.layout.nChunks
}

// isOf reports whether the code is that of the artifact whose layout this is.
func (in *instance) isOf(ctx context.Context, l *layout) bool {
	if in.LayoutDigest == nil {
		return false
	}
	digest, err := in.LayoutDigest(ctx)
	return err == nil && uint64(digest) == l.digest
}

// runState is what an event has done to the run: 0 nothing, 1 it pauses, 2 it is over.
func (in *instance) runState() int32 {
	if in.state == nil {
		return 0
	}
	return in.state()
}

func (in *instance) eventCount() int {
	return int(uint32(in.fired()))
}

// live is a number of the current row.
func (in *instance) live(slot int) float64 {
	return number(in.Memory, 8*slot)
}

// at is a number of a saved row.
func (in *instance) at(row, slot int) float64 {
	return number(in.Memory, in.layout.resultsOffset+8*(row*in.layout.nSlots+slot))
}

// fault gives the code of the error word and what it counts.
func (in *instance) fault(ctx context.Context) (code uint32, place int, err error) {
	word, err := in.GetError(ctx)
	return uint32(word), int(uint64(word) >> 32), trapped("get_error", err)
}

func number(memory []byte, at int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(memory[at:]))
}

// caught makes an error of a panic: engines have some for what is forged.
func caught(call func() error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("%v", panicked)
		}
	}()
	return call()
}

// trapped says that a function has trapped, which no artifact of simc ever does.
func trapped(name string, err error) error {
	if err == nil {
		return nil
	}
	return badArtifact(0, "the artifact trapped in %s: %v", name, err)
}
