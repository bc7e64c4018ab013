package simc

import (
	"context"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// wazeroEngine compiles the artifact once and makes instances of it.
type wazeroEngine struct {
	runtime wazero.Runtime
	module  wazero.CompiledModule
}

func newWazero(ctx context.Context, artifact []byte, l *layout, interpret bool) (Engine, error) {
	config := wazero.NewRuntimeConfig()
	if interpret {
		config = wazero.NewRuntimeConfigInterpreter()
	}
	runtime := wazero.NewRuntimeWithConfig(ctx, config)
	var module wazero.CompiledModule
	err := caught(func() (err error) {
		module, err = runtime.CompileModule(ctx, artifact)
		return err
	})
	if err != nil {
		_ = runtime.Close(ctx)
		return nil, badArtifact(0, "no valid WebAssembly module: %v", err)
	}
	if len(module.ImportedFunctions())+len(module.ImportedMemories()) > 0 {
		_ = runtime.Close(ctx)
		return nil, badArtifact(0, "it imports something")
	}
	if memory := module.ExportedMemories()["memory"]; memory != nil && int(memory.Min())*pageBytes > l.mostMemory() {
		_ = runtime.Close(ctx)
		return nil, badArtifact(0, "its memory is much larger than its results")
	}
	return &wazeroEngine{runtime, module}, nil
}

func (e *wazeroEngine) Close(ctx context.Context) error {
	return e.runtime.Close(ctx)
}

func (e *wazeroEngine) NewMachine(ctx context.Context) (*Machine, error) {
	config := wazero.NewModuleConfig().WithName("").WithStartFunctions()
	// The module outlives the context of the call that makes it.
	var module api.Module
	err := caught(func() (err error) {
		module, err = e.runtime.InstantiateModule(context.WithoutCancel(ctx), e.module, config)
		return err
	})
	if err != nil {
		return nil, badArtifact(0, "the artifact cannot be started: %v", err)
	}
	m := &Machine{Close: module.Close}
	if memory := module.ExportedMemory("memory"); memory != nil {
		m.Memory, _ = memory.Read(0, memory.Size())
	}
	m.Global = func(name string) func() int32 {
		global := module.ExportedGlobal(name)
		if global == nil || global.Type() != api.ValueTypeI32 {
			return nil
		}
		return func() int32 { return api.DecodeI32(global.Get()) }
	}
	m.bind(module)
	return m, nil
}

// bind finds the functions; one of another type is none.
func (m *Machine) bind(module api.Module) {
	i32, i64, f64 := api.ValueTypeI32, api.ValueTypeI64, api.ValueTypeF64
	stack := make([]uint64, 2)
	find := func(name string, params, results []api.ValueType) api.Function {
		function := module.ExportedFunction(name)
		if function == nil {
			return nil
		}
		definition := function.Definition()
		if string(definition.ParamTypes()) != string(params) || string(definition.ResultTypes()) != string(results) {
			return nil
		}
		return function
	}
	plain := func(name string) func(context.Context) error {
		function := find(name, nil, nil)
		if function == nil {
			return nil
		}
		return func(ctx context.Context) error { return function.CallWithStack(ctx, stack) }
	}
	m.Reset, m.RunInitials, m.ClearValues = plain("reset"), plain("run_initials"), plain("clear_values")
	if f := find("run_to", []api.ValueType{f64}, nil); f != nil {
		m.RunTo = func(ctx context.Context, target float64) error {
			stack[0] = api.EncodeF64(target)
			return f.CallWithStack(ctx, stack)
		}
	}
	if f := find("set_value", []api.ValueType{i32, f64}, []api.ValueType{i32}); f != nil {
		m.SetValue = func(ctx context.Context, slot int32, value float64) (int32, error) {
			stack[0], stack[1] = api.EncodeI32(slot), api.EncodeF64(value)
			err := f.CallWithStack(ctx, stack)
			return api.DecodeI32(stack[0]), err
		}
	}
	if f := find("set_table", []api.ValueType{i32, i32}, []api.ValueType{i32}); f != nil {
		m.SetTable = func(ctx context.Context, table, n int32) (int32, error) {
			stack[0], stack[1] = api.EncodeI32(table), api.EncodeI32(n)
			err := f.CallWithStack(ctx, stack)
			return api.DecodeI32(stack[0]), err
		}
	}
	if f := find("pause_on_events", []api.ValueType{i32}, nil); f != nil {
		m.PauseOnEvents = func(ctx context.Context, on int32) error {
			stack[0] = api.EncodeI32(on)
			return f.CallWithStack(ctx, stack)
		}
	}
	word := func(name string) func(context.Context) (int64, error) {
		function := find(name, nil, []api.ValueType{i64})
		if function == nil {
			return nil
		}
		return func(ctx context.Context) (int64, error) {
			err := function.CallWithStack(ctx, stack)
			return int64(stack[0]), err
		}
	}
	m.GetError, m.LayoutDigest = word("get_error"), word("layout_digest")
}
