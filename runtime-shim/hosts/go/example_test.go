package simc_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"math"
	"slices"

	"simc.example/simc"
)

// sirArtifact is what `simc build tests/models/sir.xmile` makes.
const sirArtifact = "testdata/sir.wasm"

func Example() {
	ctx := context.Background()
	model, err := simc.LoadFile(ctx, sirArtifact)
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close(ctx)
	run, err := model.Run(ctx, simc.Params{"contact rate": 6})
	if err != nil {
		log.Fatal(err)
	}
	infectious, err := run.Series("Infectious")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d rows, a peak of %.0f\n", run.Rows(), slices.Max(infectious))
	// Output: 121 rows, a peak of 1724
}

func ExampleSim() {
	ctx := context.Background()
	model, err := simc.LoadFile(ctx, sirArtifact)
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close(ctx)
	sim, err := model.Sim(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer sim.Close()
	// A measure on day 30.
	if err := errors.Join(sim.RunTo(ctx, 30), sim.Set("Contact Rate", 2), sim.RunToEnd(ctx)); err != nil {
		log.Fatal(err)
	}
	state, _ := sim.State()
	infectious, _ := sim.Value("Infectious")
	fmt.Printf("%s, %.3f left\n", state, infectious)
	// Output: complete, 0.075 left
}

func ExampleModel_Batch() {
	ctx := context.Background()
	model, err := simc.LoadFile(ctx, sirArtifact)
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close(ctx)
	samples := simc.Samples{Params: []string{"Contact Rate", "Duration"}, Rows: [][]float64{{6, 5}, {7, 5}, {8, 4}}}
	batch, err := model.Batch(ctx, samples, simc.Wanted{Outputs: []string{"Recovered"}, At: []float64{math.Inf(1)}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(batch.Runs, batch.Titles, batch.Times)
	// Output: 3 [Recovered] [120]
}

func ExampleError() {
	ctx := context.Background()
	model, err := simc.LoadFile(ctx, sirArtifact)
	if err != nil {
		log.Fatal(err)
	}
	defer model.Close(ctx)
	_, err = model.Run(ctx, simc.Params{"Contct Rate": 6})
	var wrong *simc.Error
	if errors.As(err, &wrong) && wrong.Code == simc.UnknownName {
		fmt.Println("did you mean", wrong.Suggestion)
	}
	fmt.Println(errors.Is(err, simc.UnknownName))
	// Output:
	// did you mean Contact Rate
	// true
}
