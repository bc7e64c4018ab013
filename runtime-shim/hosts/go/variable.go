package simc

import (
	"math"
	"sort"
	"strings"
)

// A Kind says what a variable is.
type Kind string

// Kinds of variables.
const (
	KindTime    Kind = "time" // one of the run's own numbers: time, dt, initial_time, final_time
	Stock       Kind = "stock"
	Flow        Kind = "flow"
	Auxiliary   Kind = "auxiliary"
	Constant    Kind = "constant"
	ModuleInput Kind = "module-input"
)

// A Method is how stocks are integrated.
type Method string

// Methods of integration.
const (
	Euler    Method = "euler"
	RK2      Method = "rk2"
	RK4      Method = "rk4"
	Midpoint Method = "midpoint"
)

// Time is the time axis of a model, in its own unit.
type Time struct {
	Start, Stop float64
	Step        float64 // dt
	Steps       int     // how many there are from start to stop
	SaveEvery   int     // steps from one saved row to the next
	Rows        int     // saved rows of a full run
	Method      Method
	Units       string // empty when the model does not say
}

// OfRow is the time of a saved row, counted from 0.
func (t *Time) OfRow(row int) float64 {
	return t.Start + float64(float64(row*t.SaveEvery)*t.Step)
}

// A Dimension of arrays, with its elements in order.
type Dimension struct {
	Name     string
	Elements []string
}

// A Range of sensible values, in the units of the variable.
type Range struct {
	Least, Greatest float64
}

// A Group is what belongs together according to the author. Members are variables, or modules with all that is in them.
type Group struct {
	Name, Documentation string
	Members             []string
}

// A Link says that one variable reads another. Sign is "same", "opposite" or "unknown"; IsInitial says that only the value at
// the start is read.
type Link struct {
	Cause, Effect, Sign string
	IsInitial           bool
}

// A Control that the author drew: "slider", "knob", "switch", "graph" or "gauge". Range may be nil, Step 0 and Label empty.
type Control struct {
	Kind      string
	Variables []string
	Range     *Range
	Step      float64
	Label     string
}

// A File from which the model was read.
type File struct {
	Path, SHA256 string
}

// A Point of a graphical function.
type Point struct {
	X, Y float64
}

// A Table is a graphical function that [Sim.SetTable] can replace: "continuous", "extrapolate" or "discrete", with room for
// Capacity points.
type Table struct {
	Name, Kind string
	Capacity   int
	Points     []Point
}

// A Threshold that fires events. Direction is "increasing" or "decreasing", Repeat "each", "once" or "once-ever". Elements First
// to First+N-1 of the variable are watched; an event fires again after Interval steps when that is not 0.
type Threshold struct {
	Variable          string
	Dimensions        []Dimension
	First, N          int
	Value             float64
	Direction, Repeat string
	Interval          int
	Actions           []Action
}

// An Action of a threshold: "message", "pause" or "stop".
type Action struct {
	Kind, Message string
}

// A Variable of a model, as its author wrote it.
type Variable struct {
	Name          string      // as its author wrote it
	Canonical     string      // its name in the core record of the artifact
	Kind          Kind        // what it is
	Units         string      // empty when it has none
	Documentation string      // empty when it has none
	Range         *Range      // nil when nobody says what is sensible
	Dimensions    []Dimension // outermost first; none for a scalar
	Slot          int         // where its first number is in a row; elements follow, the last dimension fastest
	Settable      bool        // whether any of its elements can be set

	size     int
	defaults []span
}

// nan is that of artifacts; Go's own has other bits.
var nan = math.Float64frombits(0x7ff8 << 48)

// A span of elements that can be set, with their defaults.
type span struct {
	first  int
	values []float64
}

// Size is how many elements it has: 1 for a scalar.
func (v *Variable) Size() int {
	return v.size
}

// Shape is how many elements each dimension has; empty for a scalar.
func (v *Variable) Shape() []int {
	return shapeOf(v.Dimensions)
}

func shapeOf(dimensions []Dimension) []int {
	shape := make([]int, len(dimensions))
	for i, dimension := range dimensions {
		shape[i] = len(dimension.Elements)
	}
	return shape
}

// Title is the name of an element, counted row-major: rate[North,Young]; of a scalar its name; empty when there is no such element.
func (v *Variable) Title(element int) string {
	if element < 0 || element >= v.size {
		return ""
	}
	return elementTitle(v.Name, v.Dimensions, element)
}

// Titles are those of all elements, row-major.
func (v *Variable) Titles() []string {
	titles := make([]string, v.size)
	for element := range titles {
		titles[element] = v.Title(element)
	}
	return titles
}

// Default is that of an element, counted row-major. It is NaN, with true, when the model computes it, and false comes with what
// cannot be set.
func (v *Variable) Default(element int) (value float64, settable bool) {
	at := sort.Search(len(v.defaults), func(i int) bool {
		return v.defaults[i].first+len(v.defaults[i].values) > element
	})
	if at == len(v.defaults) || element < v.defaults[at].first {
		return nan, false
	}
	return v.defaults[at].values[element-v.defaults[at].first], true
}

// Defaults are those of all elements, row-major, NaN where one cannot be set or the model computes it; nil of what cannot be set.
func (v *Variable) Defaults() []float64 {
	if !v.Settable {
		return nil
	}
	all := make([]float64, v.size)
	for element := range all {
		all[element], _ = v.Default(element)
	}
	return all
}

func elementTitle(name string, dimensions []Dimension, element int) string {
	if len(dimensions) == 0 {
		return name
	}
	subscripts := make([]string, len(dimensions))
	for i := len(dimensions) - 1; i >= 0; i-- {
		elements := dimensions[i].Elements
		if len(elements) == 0 {
			return name
		}
		subscripts[i] = elements[element%len(elements)]
		element /= len(elements)
	}
	return name + "[" + strings.Join(subscripts, ",") + "]"
}
