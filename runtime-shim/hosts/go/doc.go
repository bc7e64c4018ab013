// Package simc runs system-dynamics models (XMILE, Stella, Vensim) that the compiler simc has made into WebAssembly artifacts.
//
// A [Model] is an artifact and what it says of itself. [Model.Run] runs it from its defaults to the end and gives a [Run], a
// copy of all saved rows; a [Sim] is one instance that the caller steers; [Model.Batch] makes many runs on several goroutines.
//
//	model, err := simc.Load(ctx, wasm)
//	run, err := model.Run(ctx, simc.Params{"Contact Rate": 6})
//	infectious, err := run.Series("Infectious") // one number for each saved row
//
// # Names and values
//
// Names match as in equations: case does not count, spaces and underscores are the same, quotes may be there or not. Subscripts go
// behind the name, by the names of elements or their numbers from 1, and * means all of them: rate[North,Young], rate[2,*].
//
// Numbers are in the units of the model ([Variable.Units]), times in its unit of time ([Time.Units]).
//
// # Errors
//
// What this package fails with is an [*Error] with a [Code] that is the same in all languages:
//
//	var wrong *simc.Error
//	if errors.As(err, &wrong) && wrong.Code == simc.UnknownName {
//		fmt.Println("did you mean", wrong.Suggestion)
//	}
//
// or shorter errors.Is(err, simc.UnknownName). Two errors are not its own: that of a context that has ended ([context.Canceled],
// [context.DeadlineExceeded]), and in [LoadFile] that of [os.ReadFile].
package simc
