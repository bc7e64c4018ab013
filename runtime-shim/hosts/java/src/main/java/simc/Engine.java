package simc;

import java.util.function.Function;
import java.util.function.Supplier;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/** How the code of an artifact is run: all ways give the same bits. */
public abstract class Engine {
    Engine() {
    }

    /** Makes what instances are made of. */
    abstract Supplier<Instance> prepare(byte[] artifact);

    /** Compiles the artifact to bytecode of the Java machine when it is loaded: the usual engine. */
    public static Engine compiled() {
        return new Engine() {
            @Override
            Supplier<Instance> prepare(byte[] artifact) {
                WasmModule module = Parser.parse(artifact);
                return instances(module, MachineFactoryCompiler.builder(module)
                        .withInterpreterFallback(InterpreterFallback.SILENT).compile());
            }
        };
    }

    /** Interprets the artifact: it makes no classes and runs much slower. */
    public static Engine interpreted() {
        return new Engine() {
            @Override
            Supplier<Instance> prepare(byte[] artifact) {
                return instances(Parser.parse(artifact), null);
            }
        };
    }

    /**
     * Runs what Endive's plugin for Maven has compiled when the program was built. For {@code <name>org.acme.Sir</name>} it is
     * {@code Engine.translated(Sir::load, Sir::create)}. The artifact itself is still what names, units and defaults are read from.
     */
    public static Engine translated(Supplier<WasmModule> module, Function<Instance, Machine> machine) {
        return new Engine() {
            @Override
            Supplier<Instance> prepare(byte[] artifact) {
                return instances(module.get(), machine);
            }
        };
    }

    private static Supplier<Instance> instances(WasmModule module, Function<Instance, Machine> machine) {
        return () -> {
            Instance.Builder builder = Instance.builder(module).withMemoryFactory(ByteArrayMemory::new);
            return machine == null ? builder.build() : builder.withMachineFactory(machine).build();
        };
    }
}
