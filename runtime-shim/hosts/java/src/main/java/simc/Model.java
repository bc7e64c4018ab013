package simc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import run.endive.runtime.Instance;

/**
 * A compiled model: an artifact and what it says about itself. It never changes, and any number of threads may share it.
 *
 * <pre>{@code
 * try (Model model = Model.load(Path.of("sir.wasm"))) {
 *     Run run = model.run(Map.of("Contact Rate", 6.0));
 *     double[] infectious = run.series("Infectious");
 * }
 * }</pre>
 *
 * <p>Names match as in equations: case does not count, spaces and underscores are the same, quotes may be there or not. Subscripts go
 * behind the name, by the names of elements or their numbers from 1; {@code *} means all: {@code rate[North,Young]},
 * {@code rate[2,*]}. Numbers are in the units of the model ({@link Variable#units()}), times in its unit of time
 * ({@link TimeAxis#units}).
 *
 * <p>A constant takes a {@link Number} for all elements that its name means; an array or {@link List} with one for each element,
 * row-major, flat or nested; or a {@link Map} by element, whose keys are subscripts for the dimensions left open
 * ({@code "North"}, {@code "North,Young"}, {@code "*,Old"}); elements that are not named stay as they are. Entries of a map apply in
 * its own order.
 */
public final class Model implements AutoCloseable {
    private final byte[] artifact;
    private final Supplier<Instance> instances;
    private final boolean livesOnce;
    private final Deque<Sim> idle = new ArrayDeque<>();
    private String sha256;
    private volatile boolean isClosed;
    final Layout layout;
    final Directory directory;
    final long eventsPerStep;

    private Model(byte[] artifact, Engine engine) {
        this.artifact = artifact;
        layout = new Layout(artifact);
        directory = new Directory(layout);
        eventsPerStep = layout.eventsPerStep();
        if (layout.resultsEnd() > Integer.MAX_VALUE) {
            throw new SimcException(Code.UNSUPPORTED, "the model needs more than 2 GiB, which no array of Java has");
        }
        livesOnce = layout.thresholds.stream().anyMatch(it -> it.repeat.equals("once-ever"));
        try {
            instances = engine.prepare(artifact, layout);
        } catch (RuntimeException | StackOverflowError | VerifyError | ClassFormatError | OutOfMemoryError error) {
            if (Layout.usesSimd(artifact)) {
                throw new SimcException(Code.UNSUPPORTED, "the artifact was built with --simd, which this engine does not run: build it without");
            }
            throw SimcException.broken("no valid WebAssembly module", error);
        }
        // What is wrong with the artifact shows at once.
        Sim sim = new Sim(this);
        if (engine.isGiven() && !sim.isOfLayout()) {
            throw new SimcException(Code.WRONG_ARTIFACT, "engine of another artifact");
        }
        idle.push(sim);
    }

    /**
     * Reads a model from the file of an artifact.
     *
     * @throws IOException when the file cannot be read
     * @throws SimcException as {@link #load(byte[])}
     */
    public static Model load(Path path) throws IOException {
        return load(path == null ? null : Files.readAllBytes(path));
    }

    /**
     * Reads a model from the bytes of an artifact.
     *
     * @throws SimcException {@link Code#BAD_ARTIFACT} when they are none, cut short or forged, {@link Code#UNSUPPORTED} for a format
     *     that this package does not know, and for a model that needs more than 2 GiB, {@link Code#MEMORY} when there is less
     */
    public static Model load(byte[] artifact) {
        return load(artifact, null, Engine.compiled());
    }

    /**
     * Reads a model from the bytes of an artifact.
     *
     * @param sha256 what the artifact's SHA-256 must be, in hexadecimal, or null
     * @param engine how its code is run, or null for {@link Engine#compiled()}
     * @throws SimcException as {@link #load(byte[])}, and {@link Code#WRONG_ARTIFACT} for one with another SHA-256 and for the engine of
     *     another artifact
     */
    public static Model load(byte[] artifact, String sha256, Engine engine) {
        if (artifact == null) {
            throw SimcException.badArtifact("there are no bytes", 0);
        }
        byte[] own = artifact.clone();
        if (sha256 != null && !Digest.sha256(own).equalsIgnoreCase(sha256)) {
            throw new SimcException(Code.WRONG_ARTIFACT, "the artifact has the SHA-256 " + Digest.sha256(own) + ", not " + sha256);
        }
        return new Model(own, engine == null ? Engine.compiled() : engine);
    }

    /** The name of the model. */
    public String name() {
        return layout.name;
    }

    /** The compiler that made the artifact, and its version. */
    public String producer() {
        return layout.producer;
    }

    /** SHA-256 of the artifact, in hexadecimal. */
    public synchronized String sha256() {
        if (sha256 == null) {
            sha256 = Digest.sha256(artifact);
        }
        return sha256;
    }

    /** SHA-256 of the model's source, in hexadecimal. */
    public String sourceSha256() {
        return layout.sourceSha256;
    }

    /** The time axis. */
    public TimeAxis time() {
        return layout.time;
    }

    /** All variables in the order of slots, the four of the time axis first. */
    public List<Variable> variables() {
        return List.copyOf(layout.variables);
    }

    /** The variables of which elements can be set. */
    public List<Variable> parameters() {
        return layout.variables.stream().filter(Variable::settable).collect(Collectors.toList());
    }

    /** The dimensions of the model's arrays. */
    public List<Dimension> dimensions() {
        return List.copyOf(layout.dimensions);
    }

    /** What belongs together. */
    public List<Group> groups() {
        return List.copyOf(layout.groups);
    }

    /** Which variable reads which. */
    public List<Link> links() {
        return List.copyOf(layout.links);
    }

    /** The interface that the author drew. */
    public List<Control> controls() {
        return List.copyOf(layout.controls);
    }

    /** The files from which the model was read, where there were several. */
    public List<SourceFile> files() {
        return List.copyOf(layout.files);
    }

    /** The graphical functions that {@link Sim#setTable} can replace. */
    public List<Table> tables() {
        return List.copyOf(layout.tables);
    }

    /** The thresholds that fire events. */
    public List<Threshold> thresholds() {
        return List.copyOf(layout.thresholds);
    }

    /**
     * Finds a variable by its name, also when subscripts stand behind it.
     *
     * @throws SimcException {@link Code#UNKNOWN_NAME}, or {@link Code#SHAPE} for other subscripts than the variable has
     */
    public Variable variable(String name) {
        return directory.find(name).variable;
    }

    /** Runs from the defaults to the end. */
    public Run run() {
        return run(null);
    }

    /**
     * Runs from the defaults, with other values for the constants in {@code params}, to the end. A run that an event has stopped is no
     * error: {@link Run#state()} says so.
     *
     * @param params values by name, or null
     * @param outputs what the run keeps; everything without any
     * @throws SimcException before anything runs {@link Code#UNKNOWN_NAME}, {@link Code#AMBIGUOUS_NAME}, {@link Code#NOT_SETTABLE},
     *     {@link Code#SHAPE}, {@link Code#BAD_VALUE}; {@link Code#TRANSPORT} with the rows before when a conveyor or queue cannot go on
     */
    public Run run(Map<String, ?> params, String... outputs) {
        Assignments assignments = new Assignments(directory, params);
        Run.Kept kept = Run.Kept.of(directory, outputs);
        return rerun(assignments, sim -> {
            sim.advance(Double.POSITIVE_INFINITY);
            return sim.copy(kept);
        });
    }

    /** A new instance, which the caller steers and closes. */
    public Sim sim() {
        return sim(null);
    }

    /**
     * A new instance with other values for some constants, which the caller steers and closes.
     *
     * @throws SimcException as {@link #run(Map, String...)} before anything runs
     */
    public Sim sim(Map<String, ?> params) {
        Assignments assignments = new Assignments(directory, params);
        Sim sim = newSim();
        sim.setSlots(assignments);
        return sim;
    }

    /** Many runs, which are described step by step. */
    public Batch.Builder batch() {
        return new Batch.Builder(this);
    }

    /**
     * Gives back what the model holds. Neither it nor its Sims can be used afterwards: they give {@link Code#CLOSED}. Runs, and what it
     * says of itself, stay. Calls that other threads are making end as they would have.
     */
    @Override
    public void close() {
        synchronized (idle) {
            isClosed = true;
            idle.clear();
        }
    }

    void checkOpen() {
        if (isClosed) {
            throw new SimcException(Code.CLOSED, "this model is closed");
        }
    }

    private Sim newSim() {
        checkOpen();
        return new Sim(this);
    }

    Machine newMachine() {
        Instance instance;
        try {
            instance = instances.get();
        } catch (RuntimeException | StackOverflowError | VerifyError | ClassFormatError | OutOfMemoryError error) {
            throw SimcException.broken("an instance of the artifact", error);
        }
        return new Machine(instance, layout);
    }

    /**
     * Lends an instance that has been reset, with some constants set and all others at their defaults. One whose events fire once
     * ever, or in which something went wrong, is not used again.
     */
    <T> T rerun(Assignments assignments, Function<Sim, T> use) {
        checkOpen();
        Sim lent;
        synchronized (idle) {
            lent = idle.isEmpty() || isClosed ? null : idle.pop();
        }
        Sim sim = lent == null ? newSim() : lent;
        boolean isSound = false;
        try {
            sim.clear();
            sim.reset();
            sim.setSlots(assignments);
            T result = use.apply(sim);
            isSound = true;
            return result;
        } catch (SimcException error) {
            isSound = error.code() == Code.TRANSPORT;
            throw error;
        } catch (OutOfMemoryError error) {
            throw SimcException.broken("results", error);
        } finally {
            synchronized (idle) {
                if (isSound && !livesOnce && !isClosed && idle.size() < Runtime.getRuntime().availableProcessors()) {
                    idle.push(sim);
                }
            }
        }
    }

    @Override
    public String toString() {
        return "Model " + name();
    }
}
