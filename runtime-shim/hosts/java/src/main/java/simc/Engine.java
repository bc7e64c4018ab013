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
    /** More than anything after the results takes: constants and the stack of the mathematics. */
    private static final long BESIDE_RESULTS = 1L << 24;

    Engine() {
    }

    /** Makes what instances are made of. */
    abstract Supplier<Instance> prepare(byte[] artifact, Layout layout);

    /** Whether the code was made by somebody else, perhaps of another artifact. */
    boolean isGiven() {
        return false;
    }

    /** Compiles the artifact to bytecode of the Java machine when it is loaded: the usual engine. */
    public static Engine compiled() {
        return new Engine() {
            @Override
            Supplier<Instance> prepare(byte[] artifact, Layout layout) {
                WasmModule module = Parser.parse(artifact);
                return instances(module, layout, MachineFactoryCompiler.builder(module)
                        .withInterpreterFallback(InterpreterFallback.SILENT).compile());
            }
        };
    }

    /** Interprets the artifact: it makes no classes and runs much slower. */
    public static Engine interpreted() {
        return new Engine() {
            @Override
            Supplier<Instance> prepare(byte[] artifact, Layout layout) {
                return instances(Parser.parse(artifact), layout, null);
            }
        };
    }

    /**
     * Runs what Endive's plugin for Maven has compiled when the program was built. For {@code <name>org.acme.Sir</name>} it is
     * {@code Engine.translated(Sir::load, Sir::create)}. The artifact itself is still what names, units and defaults are read from:
     * {@link Model#load(byte[], String, Engine)} gives {@link Code#WRONG_ARTIFACT} for the code of another one.
     */
    public static Engine translated(Supplier<WasmModule> module, Function<Instance, Machine> machine) {
        return new Engine() {
            @Override
            Supplier<Instance> prepare(byte[] artifact, Layout layout) {
                return instances(module.get(), layout, machine);
            }

            @Override
            boolean isGiven() {
                return true;
            }
        };
    }

    private static Supplier<Instance> instances(WasmModule module, Layout layout, Function<Instance, Machine> machine) {
        long pages = module.memorySection().map(it -> it.memoryCount() == 0 ? 0 : it.getMemory(0).limits().initialPages()).orElse(0);
        // What is forged is refused before it costs memory.
        if (pages < 0 || 65536L * pages > layout.resultsEnd() + BESIDE_RESULTS) {
            throw SimcException.badArtifact("its memory is much larger than its results", 0);
        }
        return () -> {
            Instance.Builder builder = Instance.builder(module).withMemoryFactory(ByteArrayMemory::new);
            return machine == null ? builder.build() : builder.withMachineFactory(machine).build();
        };
    }
}
