package simc

import (
	"context"
	"errors"
	"math"
	"os"
	"testing"
	"time"
)

func loadSIR(t testing.TB, options ...Option) *Model {
	t.Helper()
	model, err := LoadFile(context.Background(), "../rust/examples/sir.wasm", options...)
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
	artifact, err := os.ReadFile("../rust/examples/sir.wasm")
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

func FuzzLoad(f *testing.F) {
	artifact, err := os.ReadFile("../rust/examples/sir.wasm")
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
