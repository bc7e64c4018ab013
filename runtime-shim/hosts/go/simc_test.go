package simc

import (
	"bytes"
	"context"
	"errors"
	"math"
	"os"
	"slices"
	"testing"
	"time"
)

// sirArtifact is what `simc build tests/models/sir.xmile` makes.
const sirArtifact = "testdata/sir.wasm"

func loadSIR(t testing.TB, options ...Option) *Model {
	t.Helper()
	model, err := LoadFile(context.Background(), sirArtifact, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = model.Close(context.Background()) })
	return model
}

func TestInterpreterHasTheSameBits(t *testing.T) {
	ctx := context.Background()
	compiled, err := loadSIR(t).Run(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	interpreted, err := loadSIR(t, WithInterpreter()).Run(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, value := range compiled.data {
		if math.Float64bits(value) != math.Float64bits(interpreted.data[i]) {
			t.Fatalf("number %d is %v and %v", i, value, interpreted.data[i])
		}
	}
}

func TestValuesOfAllTypes(t *testing.T) {
	ctx := context.Background()
	model := loadSIR(t)
	type days float32
	for _, value := range []any{6, 6.0, float32(6), uint8(6), days(6), []int{6}, [1]float64{6}} {
		if _, err := model.Run(ctx, Params{"Contact Rate": value}); err != nil {
			t.Errorf("%T: %v", value, err)
		}
	}
	for _, value := range []any{"6", true, nil, []string{"6"}, struct{}{}, []float64{6, 6}, map[string]float64{"a": 1}, complex(6, 0)} {
		if _, err := model.Run(ctx, Params{"Contact Rate": value}); !errors.Is(err, Shape) {
			t.Errorf("%T: %v", value, err)
		}
	}
}

func TestTwoGoroutinesInOneSim(t *testing.T) {
	sim, err := loadSIR(t).Sim(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := sim.enter(); err != nil {
		t.Fatal(err)
	}
	if err := sim.Reset(); !errors.Is(err, Busy) {
		t.Errorf("a second goroutine gets %v", err)
	}
	if err := sim.Close(); !errors.Is(err, Busy) {
		t.Errorf("a second goroutine gets %v", err)
	}
	sim.leave()
	if err := sim.Close(); err != nil {
		t.Error(err)
	}
	if err := sim.Close(); err != nil {
		t.Error(err)
	}
	if _, err := sim.Value("Infectious"); !errors.Is(err, Closed) {
		t.Errorf("a closed Sim gives %v", err)
	}
}

func TestRunsOfManyGoroutines(t *testing.T) {
	ctx := context.Background()
	model := loadSIR(t)
	alone, err := model.Run(ctx, Params{"Contact Rate": 7})
	if err != nil {
		t.Fatal(err)
	}
	results := make(chan error)
	for i := 0; i < 16; i++ {
		go func() {
			run, err := model.Run(ctx, Params{"Contact Rate": 7})
			if err == nil && run.data[len(run.data)-1] != alone.data[len(alone.data)-1] {
				err = errors.New("another result")
			}
			results <- err
		}()
	}
	for i := 0; i < 16; i++ {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestContextThatEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	model := loadSIR(t)
	cancel()
	if _, err := model.Run(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a run gives %v", err)
	}
	rows := make([][]float64, 10)
	for i := range rows {
		rows[i] = []float64{6}
	}
	if _, err := model.Batch(ctx, Samples{Params: []string{"Contact Rate"}, Rows: rows}, Wanted{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a batch gives %v", err)
	}
	half, cancelHalf := context.WithCancel(context.Background())
	rows = make([][]float64, 200_000)
	for i := range rows {
		rows[i] = []float64{6}
	}
	time.AfterFunc(50*time.Millisecond, cancelHalf)
	batch, err := model.Batch(half, Samples{Params: []string{"Contact Rate"}, Rows: rows}, Wanted{Outputs: []string{"Recovered"}, At: []float64{60}})
	if !errors.Is(err, context.Canceled) || batch == nil || len(batch.Unfinished) == 0 || len(batch.Unfinished) == len(rows) {
		t.Fatalf("a batch that is cut gives %v", err)
	}
	for run, next := 0, 0; run < len(rows); run++ {
		isUnfinished := next < len(batch.Unfinished) && batch.Unfinished[next] == run
		if isUnfinished {
			next++
		}
		if math.IsNaN(batch.Values[run]) != isUnfinished || !isUnfinished && batch.Values[run] != batch.Values[0] {
			t.Fatalf("run %d of a batch that is cut has the value %v", run, batch.Values[run])
		}
	}
	later, cancelLater := context.WithTimeout(context.Background(), time.Minute)
	defer cancelLater()
	if run, err := model.Run(later, nil); err != nil || !run.Complete() {
		t.Errorf("a context that may end gives %v", err)
	}
}

func TestModelThatIsClosed(t *testing.T) {
	ctx := context.Background()
	model := loadSIR(t)
	if err := model.Close(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := model.Run(ctx, nil); !errors.Is(err, Closed) {
		t.Errorf("it gives %v", err)
	}
	if _, err := model.Sim(ctx, nil); !errors.Is(err, Closed) {
		t.Errorf("a new Sim gives %v", err)
	}
	if err := model.Close(ctx); err != nil {
		t.Error(err)
	}
}

func TestSimOfAModelThatIsClosed(t *testing.T) {
	ctx := context.Background()
	model := loadSIR(t)
	sim, err := model.Sim(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(sim.RunTo(ctx, 30), model.Close(ctx)); err != nil {
		t.Fatal(err)
	}
	_, errValue := sim.Value("Infectious")
	_, errState := sim.State()
	for _, err := range []error{sim.RunToEnd(ctx), sim.Set("Contact Rate", 6), sim.Reset(), errValue, errState} {
		if !errors.Is(err, Closed) {
			t.Errorf("it gives %v", err)
		}
	}
	if err := sim.Close(); err != nil {
		t.Error(err)
	}
}

func TestModelThatIsClosedWhileItRuns(t *testing.T) {
	ctx := context.Background()
	for i := 0; i < 20; i++ {
		model := loadSIR(t)
		results := make(chan error)
		for worker := 0; worker < 4; worker++ {
			go func() {
				var err error
				for err == nil {
					_, err = model.Run(ctx, nil)
				}
				results <- err
			}()
		}
		time.Sleep(time.Millisecond)
		if err := model.Close(ctx); err != nil {
			t.Error(err)
		}
		for worker := 0; worker < 4; worker++ {
			if err := <-results; !errors.Is(err, Closed) {
				t.Errorf("it gives %v", err)
			}
		}
	}
}

// anotherEngine is that of an artifact whose code gives another digest.
type anotherEngine struct {
	Engine
	digest func(context.Context) (int64, error)
}

func (e anotherEngine) NewMachine(ctx context.Context) (*Machine, error) {
	machine, err := e.Engine.NewMachine(ctx)
	if err == nil && e.digest != nil {
		machine.LayoutDigest = e.digest
	}
	return machine, err
}

func TestEngineOfAnotherArtifact(t *testing.T) {
	ctx := context.Background()
	artifact, err := os.ReadFile(sirArtifact)
	if err != nil {
		t.Fatal(err)
	}
	l, err := readLayout(artifact)
	if err != nil {
		t.Fatal(err)
	}
	own, err := newWazero(ctx, artifact, l, true)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Load(ctx, artifact, WithEngine(anotherEngine{Engine: own})); err != nil {
		t.Errorf("its own engine gives %v", err)
	}
	for _, digest := range []func(context.Context) (int64, error){
		func(context.Context) (int64, error) { return int64(l.digest) + 1, nil },
		func(context.Context) (int64, error) { return int64(l.digest), errors.New("trapped") },
	} {
		another, err := newWazero(ctx, artifact, l, true)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Load(ctx, artifact, WithEngine(anotherEngine{another, digest})); !errors.Is(err, WrongArtifact) {
			t.Errorf("another one gives %v", err)
		}
	}
}

func TestElementsThatAreNone(t *testing.T) {
	array := &Variable{Name: "rate", Dimensions: []Dimension{{Name: "Age", Elements: []string{"Young", "Old"}}}, size: 2}
	scalar := &Variable{Name: "dose", size: 1}
	for _, element := range []int{-1, 2, 99, math.MaxInt, math.MinInt} {
		if array.Title(element) != "" || scalar.Title(element) != "" {
			t.Errorf("element %d is %q and %q", element, array.Title(element), scalar.Title(element))
		}
	}
	if array.Title(1) != "rate[Old]" || scalar.Title(0) != "dose" {
		t.Errorf("elements are %q and %q", array.Title(1), scalar.Title(0))
	}
}

func TestBatchThatNoMemoryHolds(t *testing.T) {
	samples := Samples{Each: make([]Parameters, 1<<20)}
	wanted := Wanted{At: make([]float64, 1<<20)}
	if _, err := loadSIR(t).Batch(context.Background(), samples, wanted); !errors.Is(err, Memory) {
		t.Errorf("it gives %v", err)
	}
}

func TestMemoryThatIsForged(t *testing.T) {
	artifact, err := os.ReadFile(sirArtifact)
	if err != nil {
		t.Fatal(err)
	}
	// Section 5, of four bytes: one memory with a greatest size, of 1 page at least and at most.
	at := bytes.Index(artifact, []byte{5, 4, 1, 1, 1, 1})
	if at < 0 {
		t.Fatal("it has no memory of one page")
	}
	forged := slices.Concat(artifact[:at], []byte{5, 8, 1, 1, 0x80, 0x80, 4, 0x80, 0x80, 4}, artifact[at+6:])
	if _, err := Load(context.Background(), forged); !errors.Is(err, BadArtifact) {
		t.Errorf("a memory of 4 GiB gives %v", err)
	}
}

func TestNumbersAsText(t *testing.T) {
	for text, value := range map[string]float64{
		"0": 0, "-0": math.Copysign(0, -1), "0.1": 0.1, "1e300": 1e300, "-2.5e-9": -2.5e-9, "1000000000000000": 1e15, "1e16": 1e16,
		"NaN": math.NaN(), "-inf": math.Inf(-1), "8.975906372070313": 8.9759063720703125, "5e-324": 5e-324, "0.00001": 1e-5,
	} {
		if found := numberText(value); found != text {
			t.Errorf("%v is %q, not %q", value, found, text)
		}
	}
}

func TestForgedArtifacts(t *testing.T) {
	artifact, err := os.ReadFile(sirArtifact)
	if err != nil {
		t.Fatal(err)
	}
	try := func(at int, bytes []byte) {
		_, err := readLayout(bytes)
		if err != nil && !errors.Is(err, BadArtifact) && !errors.Is(err, Unsupported) {
			t.Errorf("byte %d gives %v", at, err)
		}
	}
	for at := range artifact {
		try(at, artifact[:at])
		for _, change := range []byte{0x01, 0x80, 0xff} {
			artifact[at] ^= change
			try(at, artifact)
			artifact[at] ^= change
		}
	}
}

// TestForgedCode changes what comes before the code: an engine that panics for it must not end the program.
func TestForgedCode(t *testing.T) {
	ctx := context.Background()
	artifact, err := os.ReadFile(sirArtifact)
	if err != nil {
		t.Fatal(err)
	}
	layout, err := findSection(artifact)
	if err != nil {
		t.Fatal(err)
	}
	forged := bytes.Clone(artifact)
	for at := 8; at < min(120, layout.at); at++ {
		for _, value := range []byte{0, 1, 5, 9, 110, 0x7f, 0x80, 0xff} {
			forged[at] = value
			var wrong *Error
			model, err := Load(ctx, forged, WithInterpreter())
			if err == nil {
				_ = model.Close(ctx)
			} else if !errors.As(err, &wrong) {
				t.Errorf("byte %d as %d gives %v", at, value, err)
			}
		}
		forged[at] = artifact[at]
	}
}

func FuzzLoad(f *testing.F) {
	artifact, err := os.ReadFile(sirArtifact)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(artifact)
	f.Fuzz(func(t *testing.T, bytes []byte) {
		var wrong *Error
		if _, err := readLayout(bytes); err != nil && !errors.As(err, &wrong) {
			t.Errorf("it fails with %T", err)
		}
	})
}

func BenchmarkRun(b *testing.B) {
	ctx := context.Background()
	model := loadSIR(b)
	for i := 0; i < b.N; i++ {
		run, err := model.Run(ctx, Params{"Contact Rate": 6.0})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := run.Series("Infectious"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	rows := make([][]float64, b.N)
	for i := range rows {
		rows[i] = []float64{4 + float64(i%8)}
	}
	model := loadSIR(b)
	b.ResetTimer()
	_, err := model.Batch(context.Background(), Samples{Params: []string{"Contact Rate"}, Rows: rows}, Wanted{At: []float64{60}, Workers: 1})
	if err != nil {
		b.Fatal(err)
	}
}
