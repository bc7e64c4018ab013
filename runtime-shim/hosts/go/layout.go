package simc

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
)

const (
	maxMemory     = 1 << 32
	formatVersion = 2
	recordBytes   = 32
	reservedSlots = 4
	layoutSection = "simc.layout"
	pageBytes     = 1 << 16
	// besideResults is more than anything after the results takes: constants and the stack of the mathematics.
	besideResults = 1 << 24
)

// A layout is what an artifact says about itself: the section simc.layout.
type layout struct {
	digest                         uint64
	nSlots, nChunks, resultsOffset int
	entries                        []entry
	producer, name, sourceSHA256   string
	time                           *Time
	dimensions                     []Dimension
	variables                      []*Variable
	groups                         []Group
	transports                     []transport
	links                          []Link
	controls                       []Control
	files                          []File
	hasInputs                      bool
	tables                         []Table
	thresholds                     []Threshold
}

// An entry of the core record: a canonical name and its slot.
type entry struct {
	name string
	slot int
}

// A transport is a conveyor or queue, whose elements error words count.
type transport struct {
	name       string
	dimensions []Dimension
}

var (
	kinds       = []Kind{KindTime, Stock, Flow, Auxiliary, Constant, ModuleInput}
	methods     = []Method{Euler, RK2, RK4, Midpoint}
	tableKinds  = []string{"continuous", "extrapolate", "discrete"}
	directions  = []string{"increasing", "decreasing"}
	repeats     = []string{"each", "once", "once-ever"}
	actions     = []string{"message", "pause", "stop"}
	signs       = []string{"unknown", "same", "opposite"}
	controlKind = []string{"slider", "knob", "switch", "graph", "gauge"}
)

// readers of records by their tag.
var readers = map[uint32]func(*cursor, *layout){
	1: readFormat,
	2: func(c *cursor, l *layout) {
		l.producer, l.name = c.str(), c.str()
		l.sourceSHA256 = c.digest()
	},
	3:  readTime,
	4:  func(c *cursor, l *layout) { l.dimensions = listOf(c, readDimension) },
	5:  func(c *cursor, l *layout) { l.variables = listOf(c, l.readVariable) },
	6:  func(c *cursor, _ *layout) { listOf(c, func(c *cursor) int { c.str(); c.u64(); c.u64(); return 0 }) },
	40: func(c *cursor, l *layout) { l.groups = listOf(c, readGroup) },
	42: func(c *cursor, l *layout) { l.transports = listOf(c, l.readTransport) },
	43: func(c *cursor, l *layout) { l.links = listOf(c, l.readLink) },
	44: func(c *cursor, l *layout) { l.controls = listOf(c, readControl) },
	46: func(c *cursor, l *layout) {
		l.files = listOf(c, func(c *cursor) File { return File{Path: c.str(), SHA256: c.digest()} })
	},
	48: readInputs,
	49: func(c *cursor, l *layout) { l.thresholds = listOf(c, l.readThreshold) },
}

// Records that must not stand behind others, which refer to them.
var users = map[uint32][]uint32{4: {5, 42, 49}, 5: {43}}

// readLayout reads the description in the bytes of an artifact.
func readLayout(artifact []byte) (*layout, error) {
	section, err := findSection(artifact)
	if err != nil {
		return nil, err
	}
	l := &layout{digest: digestOf(artifact[section.at:section.end])}
	nSlots, nChunks, offset := section.u64(), section.u64(), section.u64()
	fits := float64(nSlots)*float64(nChunks)*8+float64(offset) <= maxMemory && float64(nSlots)*8 <= maxMemory
	if !fits || nChunks > maxMemory {
		section.fail("its results do not fit a memory")
	} else {
		l.nSlots, l.nChunks, l.resultsOffset = int(nSlots), int(nChunks), int(offset)
	}
	l.entries = listOf(section, func(c *cursor) entry {
		name, slot := c.str(), c.u64()
		if slot >= uint64(l.nSlots) {
			c.fail("a slot is outside of the row")
			return entry{}
		}
		return entry{name, int(slot)}
	})
	l.readRecords(section)
	if section.err != nil {
		return nil, section.err
	}
	return l, l.check(len(artifact))
}

// mostMemory bounds what an artifact with this layout asks for. What is forged is refused before it costs memory.
func (l *layout) mostMemory() int {
	return l.resultsOffset + 8*l.nSlots*l.nChunks + besideResults
}

// digestOf is what the code of an artifact with this section gives as its digest.
func digestOf(section []byte) uint64 {
	sum := sha256.Sum256(section)
	sum[7] = 1
	return binary.LittleEndian.Uint64(sum[:8])
}

// findSection gives the content of the only section of layouts.
func findSection(artifact []byte) (*cursor, error) {
	c := newCursor(artifact, 0, len(artifact))
	if len(artifact) < 8 || c.u32() != 0x6d736100 || c.u32() != 1 {
		return nil, badArtifact(0, "it is no WebAssembly module")
	}
	var found *cursor
	for !c.isAtEnd() {
		id, length := c.u8(), c.leb()
		from := c.at
		c.take(length)
		if c.err != nil || id != 0 {
			continue
		}
		section := newCursor(artifact, from, c.at)
		name := section.text(section.leb())
		if section.err != nil {
			return nil, section.err
		}
		if name != layoutSection {
			continue
		}
		if found != nil {
			return nil, badArtifact(from, "there are two sections %s", layoutSection)
		}
		found = section
	}
	if c.err != nil {
		return nil, c.err
	}
	if found == nil {
		return nil, badArtifact(len(artifact), "it has no section %s", layoutSection)
	}
	return found, nil
}

func (l *layout) readRecords(section *cursor) {
	seen := map[uint32]bool{}
	for !section.isAtEnd() {
		start := section.at
		tag := section.u32()
		record := section.record()
		if section.err != nil {
			return
		}
		if tag != 1 && !seen[1] {
			section.failAt(start, "its first record is not the format")
			return
		}
		read, isKnown := readers[tag]
		if !isKnown {
			continue
		}
		isMisplaced := seen[tag]
		for _, user := range users[tag] {
			isMisplaced = isMisplaced || seen[user]
		}
		if isMisplaced {
			section.failAt(start, "record %d stands where it must not", tag)
			return
		}
		seen[tag] = true
		read(record, l)
		if !record.isAtEnd() {
			record.fail("a record is longer than what it holds")
		}
		section.err = record.err
	}
}

// check asks for what no artifact is without.
func (l *layout) check(size int) error {
	if l.time == nil || len(l.variables) < reservedSlots {
		return badArtifact(size, "it does not tell of its variables and its time")
	}
	for slot, variable := range l.variables[:reservedSlots] {
		if variable.Kind != KindTime || variable.Slot != slot || variable.Size() != 1 {
			return badArtifact(size, "its row does not begin with the time")
		}
	}
	isAxis := !math.IsInf(l.time.Start, 0) && !math.IsNaN(l.time.Start) && l.time.Step > 0 && l.time.SaveEvery > 0
	if !isAxis {
		return badArtifact(size, "its time axis is none")
	}
	return nil
}

func readFormat(c *cursor, _ *layout) {
	version := c.u32()
	if c.err == nil && version != formatVersion {
		c.err = failure(Unsupported, "the artifact has format version %d, and this host reads version %d", version, formatVersion)
		c.err.Byte = c.at
	}
	if flags := c.u32(); flags&^1 != 0 {
		c.fail("a flag is unknown")
	}
}

func readTime(c *cursor, l *layout) {
	time := &Time{Start: c.f64(), Stop: c.f64(), Step: c.f64(), Rows: l.nChunks}
	steps, every := c.u64(), c.u64()
	time.Steps, time.SaveEvery = bounded(steps), bounded(every)
	time.Method = methods[c.oneOf(len(methods), "method")]
	if c.flags(1) == 1 {
		time.Units = c.str()
	}
	l.time = time
}

// bounded is a number of steps, which no artifact has more of than an int holds.
func bounded(number uint64) int {
	return int(min(number, math.MaxInt32<<20))
}

func readDimension(c *cursor) Dimension {
	return Dimension{Name: c.str(), Elements: listOf(c, (*cursor).str)}
}

func (l *layout) readDimensions(c *cursor) []Dimension {
	return listOf(c, func(c *cursor) Dimension {
		number := c.u32()
		if uint64(number) >= uint64(len(l.dimensions)) {
			c.fail("there is no dimension %d", number)
			return Dimension{}
		}
		return l.dimensions[number]
	})
}

func (l *layout) readVariable(c *cursor) *Variable {
	v := &Variable{Name: c.str()}
	v.Kind = kinds[c.oneOf(len(kinds), "kind")]
	flags := c.flags(0b11111)
	if flags&0b10001 == 0b10001 {
		c.fail("it is settable as a whole and in part")
	}
	slot := c.u64()
	v.Dimensions = l.readDimensions(c)
	size := 1.0
	for _, dimension := range v.Dimensions {
		size *= float64(len(dimension.Elements))
	}
	if !(float64(slot)+size <= float64(l.nSlots)) {
		c.fail("a slot is outside of the row")
		return v
	}
	v.Slot, v.size = int(slot), int(size)
	if flags&1 != 0 {
		v.defaults = []span{{0, readNumbers(c, v.size)}}
	} else if flags&16 != 0 {
		v.defaults = listOf(c, func(c *cursor) span {
			first, n := c.u32(), c.u32()
			if uint64(first)+uint64(n) > uint64(v.size) {
				c.fail("an element is outside of its array")
				return span{}
			}
			return span{int(first), readNumbers(c, int(n))}
		})
	}
	v.Settable = flags&17 != 0
	if flags&2 != 0 {
		v.Units = c.str()
	}
	if flags&4 != 0 {
		v.Documentation = c.str()
	}
	if flags&8 != 0 {
		v.Range = &Range{c.f64(), c.f64()}
	}
	return v
}

func readNumbers(c *cursor, count int) []float64 {
	var numbers []float64
	for i := 0; i < count && c.err == nil; i++ {
		numbers = append(numbers, c.f64())
	}
	return numbers
}

func readGroup(c *cursor) Group {
	group := Group{Name: c.str()}
	if c.flags(1) == 1 {
		group.Documentation = c.str()
	}
	group.Members = listOf(c, (*cursor).str)
	return group
}

func (l *layout) readTransport(c *cursor) transport {
	name := c.str()
	c.oneOf(2, "kind")
	return transport{name, l.readDimensions(c)}
}

func (l *layout) readLink(c *cursor) Link {
	variable := func() string {
		number := c.u32()
		if uint64(number) >= uint64(len(l.variables)) {
			c.fail("there is no variable %d", number)
			return ""
		}
		return l.variables[number].Name
	}
	link := Link{Cause: variable(), Effect: variable()}
	link.Sign = signs[c.oneOf(len(signs), "sign")]
	link.IsInitial = c.flags(1) == 1
	return link
}

func readControl(c *cursor) Control {
	control := Control{Kind: controlKind[c.oneOf(len(controlKind), "kind of control")]}
	flags := c.flags(0b111)
	control.Variables = listOf(c, (*cursor).str)
	if flags&1 != 0 {
		control.Range = &Range{c.f64(), c.f64()}
	}
	if flags&2 != 0 {
		control.Step = c.f64()
	}
	if flags&4 != 0 {
		control.Label = c.str()
	}
	return control
}

func readInputs(c *cursor, l *layout) {
	offset, capacity := c.u64(), c.u64()
	if !(8*float64(capacity)+float64(offset) <= maxMemory) {
		c.fail("its place for inputs does not fit a memory")
	}
	l.hasInputs = true
	l.tables = listOf(c, func(c *cursor) Table {
		table := Table{Name: c.str()}
		table.Kind = tableKinds[c.oneOf(len(tableKinds), "kind")]
		table.Capacity = int(c.u32())
		table.Points = listOf(c, func(c *cursor) Point { return Point{c.f64(), c.f64()} })
		return table
	})
}

func (l *layout) readThreshold(c *cursor) Threshold {
	t := Threshold{Variable: c.str(), Dimensions: l.readDimensions(c), First: int(c.u32()), N: int(c.u32()), Value: c.f64()}
	t.Direction = directions[c.oneOf(len(directions), "direction")]
	t.Repeat = repeats[c.oneOf(len(repeats), "repetition")]
	t.Interval = int(c.u32())
	t.Actions = listOf(c, func(c *cursor) Action {
		return Action{Kind: actions[c.oneOf(len(actions), "action")], Message: c.str()}
	})
	return t
}
