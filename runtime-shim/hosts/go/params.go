package simc

import (
	"fmt"
	"math"
	"reflect"
	"sort"
	"strings"
)

// Parameters are values for constants: [Params], [Entries], or the record that `simc bind` writes for a model. Nil is none.
type Parameters interface {
	// Entries are names and values in the order in which they apply.
	Entries() []Entry
}

// An Entry is the name of a constant and its value: a number for all elements that the name means; a list or array of numbers with
// one for each element, row-major, flat or nested ([]float64, [][]float64, ...); or numbers by element, as [Params], a map or
// [Entries], where names are subscripts for the dimensions left open ("North", "North,Young", "*,Old") and elements that are not
// named stay as they are. Numbers are of any type of Go's, finite, and in the units of the constant.
type Entry struct {
	Name  string
	Value any
}

// Params are values by name. They apply in the order of names.
type Params map[string]any

// Entries are those of the map, by name.
func (p Params) Entries() []Entry {
	entries := make([]Entry, 0, len(p))
	for name, value := range p {
		entries = append(entries, Entry{name, value})
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Name < entries[j].Name })
	return entries
}

// Entries are values in order.
type Entries []Entry

// Entries are itself.
func (e Entries) Entries() []Entry {
	return e
}

// An assignment is a slot and what it is set to.
type assignment struct {
	slot  int
	value float64
}

// assignments are what a call sets, in order. Everything is checked before anything is given back.
func (d *directory) assignments(params Parameters) ([]assignment, error) {
	if params == nil {
		return nil, nil
	}
	if value := reflect.ValueOf(params); value.Kind() == reflect.Pointer && value.IsNil() {
		return nil, nil
	}
	entries := params.Entries()
	all := make([]assignment, 0, len(entries))
	chosen := make([]*selection, 0, len(entries))
	for _, entry := range entries {
		found, err := d.find(entry.Name)
		if err != nil {
			return nil, err
		}
		for _, other := range chosen {
			if isSame(found, other) {
				err := failure(AmbiguousName, "%s is given twice under different spellings", shown(entry.Name))
				err.Name, err.Variable = entry.Name, found.variable.Name
				return nil, err
			}
		}
		chosen = append(chosen, found)
		if all, err = d.assign(all, found, entry.Value, entry.Name, 0); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func isSame(a, b *selection) bool {
	if a.variable != b.variable || len(a.elements) != len(b.elements) {
		return false
	}
	for i := range a.elements {
		if a.elements[i] != b.elements[i] {
			return false
		}
	}
	return true
}

// mostNested bounds maps within maps, which may hold themselves.
const mostNested = 16

func (d *directory) assign(all []assignment, s *selection, given any, name string, depth int) ([]assignment, error) {
	bad := func(code Code, format string, args ...any) error {
		err := failure(code, format, args...)
		err.Name, err.Variable = name, s.variable.Name
		return err
	}
	if parts, isMapping := byElement(given); isMapping && depth < mostNested {
		for _, part := range parts {
			inner := fmt.Sprintf("%s[%s]", name, part.Name)
			chosen, err := s.choose(subscriptsOf(part.Name), inner)
			if err == nil {
				all, err = d.assign(all, chosen, part.Value, inner, depth+1)
			}
			if err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	number, isNumber := numberOf(given)
	var numbers []float64
	if !isNumber {
		shape := shapeOf(s.open)
		list := reflect.ValueOf(given)
		if list.Kind() != reflect.Slice && list.Kind() != reflect.Array {
			return nil, bad(Shape, "%s takes a number, a list of numbers or numbers by element, not %T", shown(name), given)
		}
		flat, fits := flatten(list, shape, len(s.elements))
		if !fits {
			text := strings.Trim(fmt.Sprint(shape), "[]")
			return nil, bad(Shape, "%s has the shape [%s]: as many numbers are wanted, which is not what is given", shown(name), text)
		}
		numbers = flat
	}
	if err := d.requireSettable(s); err != nil {
		return nil, err
	}
	for i, element := range s.elements {
		if !isNumber {
			number = numbers[i]
		}
		if math.IsNaN(number) || math.IsInf(number, 0) {
			return nil, bad(BadValue, "%s takes a finite number, not %v", shown(s.variable.Title(element)), number)
		}
		all = append(all, assignment{s.variable.Slot + element, number})
	}
	return all, nil
}

// numberOf gives a number of any type.
func numberOf(given any) (float64, bool) {
	switch number := given.(type) {
	case float64:
		return number, true
	case int:
		return float64(number), true
	case nil:
		return 0, false
	}
	value := reflect.ValueOf(given)
	switch {
	case value.CanFloat():
		return value.Float(), true
	case value.CanInt():
		return float64(value.Int()), true
	case value.CanUint():
		return float64(value.Uint()), true
	}
	return 0, false
}

// byElement gives values by element, when they are some.
func byElement(given any) ([]Entry, bool) {
	if params, isParams := given.(Parameters); isParams {
		return params.Entries(), true
	}
	value := reflect.ValueOf(given)
	if value.Kind() != reflect.Map || value.Type().Key().Kind() != reflect.String {
		return nil, false
	}
	params := Params{}
	for _, key := range value.MapKeys() {
		params[key.String()] = value.MapIndex(key).Interface()
	}
	return params.Entries(), true
}

// flatten gives the numbers of a flat or nested list, row-major.
func flatten(list reflect.Value, shape []int, size int) ([]float64, bool) {
	n := list.Len()
	isNested := false
	flat := make([]float64, 0, n)
	for i := 0; i < n; i++ {
		item := list.Index(i).Interface()
		if number, isNumber := numberOf(item); isNumber {
			flat = append(flat, number)
			continue
		}
		inner := reflect.ValueOf(item)
		if inner.Kind() != reflect.Slice && inner.Kind() != reflect.Array {
			return nil, false
		}
		isNested = true
	}
	if !isNested {
		return flat, n == size
	}
	if len(shape) < 2 || n != shape[0] {
		return nil, false
	}
	flat = flat[:0]
	for i := 0; i < n; i++ {
		inner := reflect.ValueOf(list.Index(i).Interface())
		if inner.Kind() != reflect.Slice && inner.Kind() != reflect.Array {
			return nil, false
		}
		rest := shape[1:]
		count := 1
		for _, size := range rest {
			count *= size
		}
		if len(rest) > 1 && !isNestedList(inner) {
			return nil, false
		}
		numbers, fits := flatten(inner, rest, count)
		if !fits {
			return nil, false
		}
		flat = append(flat, numbers...)
	}
	return flat, true
}

func isNestedList(list reflect.Value) bool {
	for i := 0; i < list.Len(); i++ {
		kind := reflect.ValueOf(list.Index(i).Interface()).Kind()
		if kind == reflect.Slice || kind == reflect.Array {
			return true
		}
	}
	return list.Len() == 0
}

var whyNotSettable = map[Kind]string{
	KindTime:    "it is part of the model's time specification",
	Stock:       "it is a stock, which starts from its own equation and changes by its flows",
	Flow:        "it is a flow, computed from its equation",
	Auxiliary:   "it is computed from its equation; only constants can be set",
	Constant:    "it is a constant that the compiler needed to know",
	ModuleInput: "it takes its value from outside of its module",
}

func (d *directory) requireSettable(s *selection) error {
	fail := func(title, why string) error {
		err := failure(NotSettable, "%s cannot be set: %s", shown(title), why)
		err.Variable = title
		return err
	}
	v := s.variable
	if v.Kind != KindTime && d.timeKeys[nameKey(v.Name)] {
		return fail(v.Name, "a variable has this name, and so has one of the run's own numbers")
	}
	if !v.Settable {
		return fail(v.Name, whyNotSettable[v.Kind])
	}
	for _, element := range s.elements {
		if _, isSettable := v.Default(element); !isSettable {
			return fail(v.Title(element), "this element is computed from its equation")
		}
	}
	return nil
}
