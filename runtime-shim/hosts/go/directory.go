package simc

import (
	"strconv"
	"strings"
	"sync"
)

// A directory finds variables and their elements by the names that people give them.
type directory struct {
	variables []*Variable
	byKey     map[string]*Variable
	entries   map[string]int
	timeKeys  map[string]bool

	lock  sync.RWMutex
	known map[string]*selection
}

// maxKnown is how many names are remembered with their meaning.
const maxKnown = 4096

// A selection is what a name means: elements of a variable, and the dimensions that it leaves open.
type selection struct {
	variable *Variable
	elements []int
	open     []Dimension
}

// isSingle tells a scalar or single element from an array.
func (s *selection) isSingle() bool {
	return len(s.open) == 0 && len(s.elements) == 1
}

func newDirectory(l *layout) *directory {
	d := &directory{variables: l.variables, byKey: map[string]*Variable{}, entries: map[string]int{}}
	d.timeKeys, d.known = map[string]bool{}, map[string]*selection{}
	canonical := make(map[int]string, len(l.entries))
	for _, entry := range l.entries {
		if _, isThere := canonical[entry.slot]; !isThere {
			canonical[entry.slot] = entry.name
		}
		if _, isThere := d.entries[entry.name]; !isThere {
			d.entries[entry.name] = entry.slot
		}
	}
	for _, v := range l.variables {
		name, isThere := canonical[v.Slot]
		if !isThere {
			name = v.Name
		}
		if bracket := strings.LastIndexByte(name, '['); bracket >= 0 && len(v.Dimensions) > 0 && strings.HasSuffix(name, "]") {
			name = name[:bracket]
		}
		v.Canonical = name
		key := nameKey(v.Name)
		d.byKey[key] = v
		if v.Kind == KindTime {
			d.timeKeys[key] = true
		}
	}
	return d
}

// find gives what a name means.
func (d *directory) find(name string) (*selection, error) {
	d.lock.RLock()
	known := d.known[name]
	d.lock.RUnlock()
	if known != nil {
		return known, nil
	}
	found, err := d.resolve(name)
	if err != nil {
		return nil, err
	}
	d.lock.Lock()
	if len(d.known) < maxKnown {
		d.known[name] = found
	}
	d.lock.Unlock()
	return found, nil
}

func (d *directory) resolve(name string) (*selection, error) {
	if whole := d.byKey[writtenKey(name)]; whole != nil {
		return wholeOf(whole), nil
	}
	base, subscripts, isSplit := splitSubscripts(name)
	if isSplit {
		if variable := d.byKey[writtenKey(base)]; variable != nil {
			return wholeOf(variable).choose(subscripts, name)
		}
	}
	if slot, isThere := d.entries[name]; isThere {
		return d.ofEntry(name, slot)
	}
	if isSplit {
		name = base
	}
	return nil, d.unknown(name, "variable")
}

func (d *directory) unknown(name, what string) *Error {
	return unknownName(name, what, len(d.variables), func(i int) string { return d.variables[i].Name })
}

// unknownName is the error for a name that none of n candidates has.
func unknownName(name, what string, n int, candidate func(int) string) *Error {
	err := failure(UnknownName, "there is no %s %s", what, shown(name))
	err.Name, err.Suggestion = name, suggest(name, n, candidate)
	if err.Suggestion != "" {
		err.Message += "; did you mean " + shown(err.Suggestion) + "?"
	}
	return err
}

// ofEntry gives what an entry of the core record means: an element, or all of an array.
func (d *directory) ofEntry(name string, slot int) (*selection, error) {
	for _, v := range d.variables {
		if v.Slot <= slot && slot < v.Slot+v.size {
			if v.Canonical == name {
				return wholeOf(v), nil
			}
			return &selection{v, []int{slot - v.Slot}, nil}, nil
		}
	}
	return nil, &Error{Code: UnknownName, Message: "nothing is known of " + shown(name), Name: name}
}

func wholeOf(v *Variable) *selection {
	elements := make([]int, v.size)
	for element := range elements {
		elements[element] = element
	}
	return &selection{v, elements, v.Dimensions}
}

// choose gives those of the selected elements that subscripts mean.
func (s *selection) choose(subscripts []string, name string) (*selection, error) {
	if len(subscripts) != len(s.open) {
		has := "no dimensions"
		if len(s.open) > 0 {
			var names []string
			for _, dimension := range s.open {
				names = append(names, dimension.Name)
			}
			has = strings.Join(names, ", ")
		}
		err := failure(Shape, "%s has %s, which is not what %s says", shown(s.variable.Name), has, shown(name))
		err.Name, err.Variable = name, s.variable.Name
		return nil, err
	}
	picked := []int{0}
	var open []Dimension
	for i, dimension := range s.open {
		n := len(dimension.Elements)
		position, err := findElement(&dimension, subscripts[i])
		if err != nil {
			return nil, err
		}
		first, last := position, position
		if position < 0 {
			first, last = 0, n-1
			open = append(open, dimension)
		}
		next := make([]int, 0, len(picked)*(last-first+1))
		for _, before := range picked {
			for at := first; at <= last; at++ {
				next = append(next, before*n+at)
			}
		}
		picked = next
	}
	for i, at := range picked {
		picked[i] = s.elements[at]
	}
	return &selection{s.variable, picked, open}, nil
}

// findElement gives the position of an element by its name or its number, -1 for all of them.
func findElement(dimension *Dimension, subscript string) (int, error) {
	if subscript == "*" {
		return -1, nil
	}
	wanted := writtenKey(subscript)
	for position, element := range dimension.Elements {
		if nameKey(element) == wanted {
			return position, nil
		}
	}
	if nameKey(dimension.Name) == wanted {
		return -1, nil
	}
	digits := strings.TrimPrefix(subscript, "+")
	if len(digits) > 0 && len(digits) <= 10 && strings.Trim(digits, "0123456789") == "" {
		number, _ := strconv.Atoi(digits)
		if number >= 1 && number <= len(dimension.Elements) {
			return number - 1, nil
		}
	}
	err := unknownName(subscript, "element", len(dimension.Elements), func(i int) string { return dimension.Elements[i] })
	err.Message = strings.Replace(err.Message, "element ", "element of "+dimension.Name+" called ", 1)
	return 0, err
}

// single gives the slot of the only element that a name means.
func (d *directory) single(name string) (int, error) {
	found, err := d.find(name)
	if err != nil {
		return 0, err
	}
	if len(found.elements) == 1 {
		return found.variable.Slot + found.elements[0], nil
	}
	example := found.variable.Name
	if len(found.elements) > 0 {
		example = found.variable.Title(found.elements[0])
	}
	e := failure(Shape, "%s is %d elements; name one, as in %s, or ask for columns", shown(name), len(found.elements), shown(example))
	e.Name, e.Variable = name, found.variable.Name
	return 0, e
}

// A slotTitle is a column: its title and its slot.
type slotTitle struct {
	title string
	slot  int
}

// columns are those of a table: the time, then the variables that are named, or all that are no part of the time axis.
func (d *directory) columns(names []string) ([]slotTitle, error) {
	columns := []slotTitle{{"time", 0}}
	if names == nil {
		for _, v := range d.variables {
			for element := 0; v.Kind != KindTime && element < v.size; element++ {
				columns = append(columns, slotTitle{v.Title(element), v.Slot + element})
			}
		}
		return columns, nil
	}
	for _, name := range names {
		found, err := d.find(name)
		if err != nil {
			return nil, err
		}
		if found.variable.Slot == 0 {
			continue
		}
		for _, element := range found.elements {
			columns = append(columns, slotTitle{found.variable.Title(element), found.variable.Slot + element})
		}
	}
	return columns, nil
}
