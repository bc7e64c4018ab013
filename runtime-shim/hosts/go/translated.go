package simc

import "context"

// Module is what wasm2go makes of an artifact: `wasm2go -pkg sir sir.wasm > sir/sir.go` writes a package whose New gives one.
type Module interface {
	Xn_slots() *int32
	Xn_chunks() *int32
	Xresults_offset() *int32
	Xsaved_steps() *int32
	Xrun_to(target float64)
	Xrun_initials()
	Xreset()
	Xset_value(slot int32, value float64) int32
	Xclear_values()
	Xget_error() int64
	Xlayout_digest() int64
}

// Translated is an engine for an artifact that wasm2go has translated to Go, for [WithEngine]: nothing is compiled when the program
// starts. The artifact itself is still what [Load] reads names, units and defaults from, for wasm2go drops them.
//
//	//go:embed sir.wasm
//	var artifact []byte
//
//	model, err := simc.Load(ctx, artifact, simc.WithEngine(simc.Translated(sir.New)))
func Translated[M Module](newModule func() M) Engine {
	return translated{func() Module { return newModule() }}
}

type translated struct {
	newModule func() Module
}

func (translated) Close(context.Context) error {
	return nil
}

func (t translated) NewMachine(context.Context) (*Machine, error) {
	var module Module
	if err := trap(func() { module = t.newModule() }); err != nil {
		return nil, badArtifact(0, "the artifact cannot be started: %v", err)
	}
	memory, hasMemory := any(module).(interface{ Slice() *[]byte })
	if !hasMemory {
		return nil, badArtifact(0, "it has no proper export memory")
	}
	globals := map[string]*int32{
		"n_slots": module.Xn_slots(), "n_chunks": module.Xn_chunks(), "results_offset": module.Xresults_offset(),
		"saved_steps": module.Xsaved_steps(),
	}
	if it, ok := module.(interface{ Xinputs_offset() *int32 }); ok {
		globals["inputs_offset"] = it.Xinputs_offset()
	}
	if it, ok := module.(interface{ Xinputs_capacity() *int32 }); ok {
		globals["inputs_capacity"] = it.Xinputs_capacity()
	}
	if it, ok := module.(interface {
		Xrun_state() *int32
		Xevent_count() *int32
		Xevents_offset() *int32
		Xevents_capacity() *int32
	}); ok {
		globals["run_state"], globals["event_count"] = it.Xrun_state(), it.Xevent_count()
		globals["events_offset"], globals["events_capacity"] = it.Xevents_offset(), it.Xevents_capacity()
	}
	m := &Machine{
		Memory: *memory.Slice(),
		Global: func(name string) func() int32 {
			global := globals[name]
			if global == nil {
				return nil
			}
			return func() int32 { return *global }
		},
		Reset:       func(context.Context) error { return trap(module.Xreset) },
		RunInitials: func(context.Context) error { return trap(module.Xrun_initials) },
		ClearValues: func(context.Context) error { return trap(module.Xclear_values) },
		RunTo: func(_ context.Context, target float64) error {
			return trap(func() { module.Xrun_to(target) })
		},
		SetValue: func(_ context.Context, slot int32, value float64) (result int32, err error) {
			err = trap(func() { result = module.Xset_value(slot, value) })
			return result, err
		},
		GetError: func(context.Context) (word int64, err error) {
			err = trap(func() { word = module.Xget_error() })
			return word, err
		},
		LayoutDigest: func(context.Context) (digest int64, err error) {
			err = trap(func() { digest = module.Xlayout_digest() })
			return digest, err
		},
		Close: func(context.Context) error { return nil },
	}
	if it, ok := module.(interface{ Xset_table(table, n int32) int32 }); ok {
		m.SetTable = func(_ context.Context, table, n int32) (result int32, err error) {
			err = trap(func() { result = it.Xset_table(table, n) })
			return result, err
		}
	}
	if it, ok := module.(interface{ Xpause_on_events(on int32) }); ok {
		m.PauseOnEvents = func(_ context.Context, on int32) error {
			return trap(func() { it.Xpause_on_events(on) })
		}
	}
	return m, nil
}

// trap makes an error of what is a trap in WebAssembly and a panic in Go.
func trap(call func()) error {
	return caught(func() error { call(); return nil })
}
