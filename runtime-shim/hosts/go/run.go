package simc

import (
	"context"
	"slices"
	"strings"
)

// A Run has the results of a run: a copy, which never changes.
type Run struct {
	// State is where the run was when it was copied.
	State State
	// Events are those that had fired.
	Events []Event

	directory *directory
	rows      int
	width     int
	data      []float64
	kept      *kept
}

// A Column of a table: its title, and a number for each row.
type Column struct {
	Title  string
	Values []float64
}

// kept says which slots a run has kept.
type kept struct {
	names  []string
	slots  []int
	places map[int]int
}

// keep finds the slots of some outputs; nil stands for all of them.
func (d *directory) keep(outputs []string) (*kept, error) {
	if len(outputs) == 0 {
		return nil, nil
	}
	columns, err := d.columns(outputs)
	if err != nil {
		return nil, err
	}
	k := &kept{names: slices.Clone(outputs), places: map[int]int{}}
	for _, column := range columns {
		if _, isThere := k.places[column.slot]; !isThere {
			k.places[column.slot] = len(k.slots)
			k.slots = append(k.slots, column.slot)
		}
	}
	return k, nil
}

// copy takes what is saved out of the instance.
func (s *Sim) copy(ctx context.Context, kept *kept) (*Run, error) {
	state, err := s.state(ctx)
	if err != nil {
		return nil, err
	}
	run := &Run{State: state, Events: slices.Clone(s.events), directory: s.model.directory, rows: s.in.saved(), kept: kept}
	if kept == nil {
		run.width = s.in.layout.nSlots
		run.data = make([]float64, run.rows*run.width)
		s.in.copyRows(run.data)
		return run, nil
	}
	run.width = len(kept.slots)
	run.data = make([]float64, 0, run.rows*run.width)
	for row := 0; row < run.rows; row++ {
		for _, slot := range kept.slots {
			run.data = append(run.data, s.in.at(row, slot))
		}
	}
	return run, nil
}

// Rows counts the saved rows.
func (r *Run) Rows() int {
	return r.rows
}

// Complete says whether every row was saved.
func (r *Run) Complete() bool {
	return r.State == Complete
}

// Times are those of the rows, in the model's unit.
func (r *Run) Times() []float64 {
	return r.column(0)
}

// Series are the numbers of one variable or element, one for each row.
func (r *Run) Series(name string) ([]float64, error) {
	slot, err := r.directory.single(name)
	if err != nil {
		return nil, err
	}
	place, err := r.place(slot, name)
	if err != nil {
		return nil, err
	}
	return r.column(place), nil
}

// Value is the number of one variable or element in a row. Negative rows count from the end: -1 is the last one.
func (r *Run) Value(name string, row int) (float64, error) {
	at := row
	if at < 0 {
		at += r.rows
	}
	if at < 0 || at >= r.rows {
		return 0, failure(BadTime, "there is no row %d of %d", row, r.rows)
	}
	slot, err := r.directory.single(name)
	if err != nil {
		return 0, err
	}
	place, err := r.place(slot, name)
	if err != nil {
		return 0, err
	}
	return r.data[at*r.width+place], nil
}

// Columns are the time and the variables that are named, or without names all that the run has kept. An array gives all of its
// elements.
func (r *Run) Columns(names ...string) ([]Column, error) {
	if len(names) == 0 {
		names = nil
		if r.kept != nil {
			names = r.kept.names
		}
	}
	wanted, err := r.directory.columns(names)
	if err != nil {
		return nil, err
	}
	columns := make([]Column, len(wanted))
	for i, column := range wanted {
		place, err := r.place(column.slot, column.title)
		if err != nil {
			return nil, err
		}
		columns[i] = Column{column.title, r.column(place)}
	}
	return columns, nil
}

// CSV is the table of [Run.Columns] as text, byte for byte as `simc run` writes it.
func (r *Run) CSV(names ...string) (string, error) {
	columns, err := r.Columns(names...)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	writeCSV(&text, columns)
	return text.String(), nil
}

// Data are all numbers, row by row, each with as many as the model has slots: a copy. It fails with [UnknownName] when the run
// kept only some outputs.
func (r *Run) Data() ([]float64, error) {
	if r.kept != nil {
		return nil, failure(UnknownName, "the run kept only some outputs")
	}
	return slices.Clone(r.data), nil
}

func (r *Run) place(slot int, name string) (int, error) {
	if r.kept == nil {
		return slot, nil
	}
	place, isThere := r.kept.places[slot]
	if !isThere {
		return 0, &Error{Code: UnknownName, Message: shown(name) + " is not among the outputs that this run kept", Name: name}
	}
	return place, nil
}

func (r *Run) column(place int) []float64 {
	column := make([]float64, r.rows)
	for row := range column {
		column[row] = r.data[row*r.width+place]
	}
	return column
}
