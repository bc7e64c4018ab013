package simc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// A Model is an artifact and what it says about itself. It never changes, and any number of goroutines may share it.
type Model struct {
	Name         string // of the model
	Producer     string // the compiler that made the artifact
	SourceSHA256 string // of the model's source, in hexadecimal
	Time         Time
	Variables    []*Variable // in the order of slots, the four of the time axis first
	Dimensions   []Dimension
	Groups       []Group
	Links        []Link
	Controls     []Control
	Files        []File
	Tables       []Table
	Thresholds   []Threshold

	layout    *layout
	directory *directory
	engine    Engine
	artifact  []byte
	perStep   int
	livesOnce bool

	digest sync.Once
	sha256 string
	lock   sync.Mutex
	idle   []*Sim

	// users are those who use the engine, and the model itself until it is closed; the last one closes the engine.
	users    atomic.Int64
	isClosed atomic.Bool
}

// An Option of [Load].
type Option func(*options)

type options struct {
	sha256    string
	hasSHA256 bool
	engine    Engine
	interpret bool
}

// WithSHA256 makes every artifact but the one with this SHA-256, in hexadecimal, the error [WrongArtifact].
func WithSHA256(digest string) Option {
	return func(o *options) { o.sha256, o.hasSHA256 = digest, true }
}

// WithInterpreter runs the model in wazero's interpreter: it starts sooner than its compiler and runs much slower. On processors
// for which wazero has no compiler it is taken anyway.
func WithInterpreter() Option {
	return func(o *options) { o.interpret = true }
}

// WithEngine runs the model in another engine, such as [Translated]. The model closes it.
func WithEngine(engine Engine) Option {
	return func(o *options) { o.engine = engine }
}

// Load reads a model from the bytes of an artifact, which must not change afterwards.
//
// It fails with [BadArtifact] when they are none, cut short or forged, with [Unsupported] for a format that this package does not
// know, and with [WrongArtifact] as [WithSHA256] says, and for an engine of another artifact.
func Load(ctx context.Context, artifact []byte, opts ...Option) (*Model, error) {
	var o options
	for _, option := range opts {
		option(&o)
	}
	m := &Model{artifact: artifact}
	m.users.Store(1)
	if o.hasSHA256 && !strings.EqualFold(m.SHA256(), o.sha256) {
		return nil, failure(WrongArtifact, "the artifact has the SHA-256 %s, not %s", m.SHA256(), shown(o.sha256))
	}
	l, err := readLayout(artifact)
	if err != nil {
		return nil, err
	}
	m.describe(l)
	if m.engine = o.engine; m.engine == nil {
		if m.engine, err = newWazero(ctx, artifact, l, o.interpret); err != nil {
			return nil, err
		}
	}
	// What is wrong with the artifact shows at once.
	sim, err := m.newSim(ctx)
	if err == nil && o.engine != nil && !sim.in.isOf(ctx, l) {
		err = failure(WrongArtifact, "engine of another artifact")
	}
	if err != nil {
		_ = m.engine.Close(ctx)
		return nil, err
	}
	m.giveBack(sim)
	return m, nil
}

// LoadFile reads a model from a file. It fails as [Load], and with the error of [os.ReadFile] when the file cannot be read.
func LoadFile(ctx context.Context, path string, opts ...Option) (*Model, error) {
	artifact, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Load(ctx, artifact, opts...)
}

func (m *Model) describe(l *layout) {
	m.layout, m.directory = l, newDirectory(l)
	m.Name, m.Producer, m.SourceSHA256, m.Time = l.name, l.producer, l.sourceSHA256, *l.time
	m.Variables, m.Dimensions, m.Groups, m.Links = l.variables, l.dimensions, l.groups, l.links
	m.Controls, m.Files, m.Tables, m.Thresholds = l.controls, l.files, l.tables, l.thresholds
	for _, threshold := range l.thresholds {
		m.perStep += threshold.N * len(threshold.Actions)
		m.livesOnce = m.livesOnce || threshold.Repeat == "once-ever"
	}
}

// SHA256 is that of the artifact, in hexadecimal.
func (m *Model) SHA256() string {
	m.digest.Do(func() {
		sum := sha256.Sum256(m.artifact)
		m.sha256 = hex.EncodeToString(sum[:])
	})
	return m.sha256
}

// Parameters are the variables of which elements can be set.
func (m *Model) Parameters() []*Variable {
	var settable []*Variable
	for _, v := range m.Variables {
		if v.Settable {
			settable = append(settable, v)
		}
	}
	return settable
}

// Variable finds a variable by its name, also when subscripts stand behind it. It fails with [UnknownName], or with [Shape] for
// other subscripts than the variable has.
func (m *Model) Variable(name string) (*Variable, error) {
	found, err := m.directory.find(name)
	if err != nil {
		return nil, err
	}
	return found.variable, nil
}

// Run runs the model from its defaults, with other values for the constants in params, to its end. With outputs, the run keeps only
// these variables and the time.
//
// It fails before anything runs with [UnknownName], [AmbiguousName], [NotSettable], [Shape] or [BadValue]; with [Transport] and the
// rows before when a conveyor or queue cannot go on; and with the error of the context when that ends first. A run that an event has
// stopped is no error: [Run.State] says so.
func (m *Model) Run(ctx context.Context, params Parameters, outputs ...string) (*Run, error) {
	pairs, err := m.directory.assignments(params)
	if err != nil {
		return nil, err
	}
	kept, err := m.directory.keep(outputs)
	if err != nil {
		return nil, err
	}
	var run *Run
	err = m.rerun(ctx, pairs, func(sim *Sim) error {
		if err := sim.advance(ctx, forever); err != nil {
			return err
		}
		run, err = sim.copy(ctx, kept)
		return err
	})
	if err != nil {
		return nil, err
	}
	return run, nil
}

// Sim makes a new instance, which the caller steers and closes.
func (m *Model) Sim(ctx context.Context, params Parameters) (*Sim, error) {
	pairs, err := m.directory.assignments(params)
	if err != nil {
		return nil, err
	}
	if err := m.use(); err != nil {
		return nil, err
	}
	defer m.release(ctx)
	sim, err := m.newSim(ctx)
	if err != nil {
		return nil, err
	}
	if err := sim.setSlots(ctx, pairs); err != nil {
		_ = sim.in.Close(ctx)
		return nil, err
	}
	return sim, nil
}

// Close gives back all that the model holds. Neither it nor its Sims can be used afterwards: they give [Closed]. Runs, and what the model
// says of itself, stay. Calls that other goroutines are making end as they would have, and what they use is given back after the last of
// them. Closing again does nothing.
func (m *Model) Close(ctx context.Context) error {
	if !m.isClosed.CompareAndSwap(false, true) {
		return nil
	}
	m.lock.Lock()
	m.idle = nil
	m.lock.Unlock()
	return m.release(ctx)
}

// use begins a call that needs the engine; release ends it.
func (m *Model) use() error {
	for n := m.users.Load(); n > 0 && !m.isClosed.Load(); n = m.users.Load() {
		if m.users.CompareAndSwap(n, n+1) {
			return nil
		}
	}
	return failure(Closed, "this model is closed")
}

func (m *Model) release(ctx context.Context) error {
	if m.users.Add(-1) > 0 {
		return nil
	}
	return m.engine.Close(ctx)
}

// newSim makes an instance; the caller uses the engine.
func (m *Model) newSim(ctx context.Context) (*Sim, error) {
	in, err := newInstance(ctx, m.engine, m.layout)
	if err != nil {
		return nil, err
	}
	return &Sim{model: m, in: in}, nil
}

// rerun lends an instance that has been reset, with some constants set and all others at their defaults. One whose events fire once
// ever, or in which something went wrong, is not used again.
func (m *Model) rerun(ctx context.Context, pairs []assignment, use func(*Sim) error) error {
	if err := m.use(); err != nil {
		return err
	}
	defer m.release(ctx)
	sim, err := m.borrow(ctx)
	if err != nil {
		return err
	}
	err = trapped("clear_values", sim.in.ClearValues(ctx))
	if err == nil {
		err = sim.reset(ctx)
	}
	if err == nil {
		err = sim.setSlots(ctx, pairs)
	}
	if err == nil {
		err = use(sim)
	}
	if m.livesOnce || (err != nil && !errors.Is(err, Transport)) {
		_ = sim.in.Close(ctx)
	} else {
		m.giveBack(sim)
	}
	return err
}

func (m *Model) borrow(ctx context.Context) (*Sim, error) {
	m.lock.Lock()
	if n := len(m.idle); n > 0 {
		sim := m.idle[n-1]
		m.idle = m.idle[:n-1]
		m.lock.Unlock()
		return sim, nil
	}
	m.lock.Unlock()
	return m.newSim(ctx)
}

func (m *Model) giveBack(sim *Sim) {
	m.lock.Lock()
	defer m.lock.Unlock()
	if !m.isClosed.Load() && len(m.idle) < runtime.GOMAXPROCS(0) {
		m.idle = append(m.idle, sim)
		return
	}
	_ = sim.in.Close(context.Background())
}
