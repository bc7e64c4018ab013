package simc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One instance of a model that the caller steers: set, run to a time, look, set again. It belongs to one thread at a time; a second one
 * in it gets {@link Code#BUSY}. After {@link #close()}, or {@link Model#close()}, every method but that one gives {@link Code#CLOSED}.
 */
public final class Sim implements AutoCloseable {
    private final Model model;
    private final AtomicBoolean isBusy = new AtomicBoolean();
    private Machine machine;
    private boolean isStarted;
    private List<Event> events = new ArrayList<>();
    private int nSeen;

    Sim(Model model) {
        this.model = model;
        machine = model.newMachine();
    }

    private <T> T inside(Supplier<T> use) {
        if (!isBusy.compareAndSet(false, true)) {
            throw new SimcException(Code.BUSY, "another thread is using this Sim");
        }
        try {
            if (machine == null) {
                throw new SimcException(Code.CLOSED, "this Sim is closed");
            }
            model.checkOpen();
            return use.get();
        } catch (OutOfMemoryError error) {
            throw SimcException.broken("results", error);
        } finally {
            isBusy.set(false);
        }
    }

    private Sim change(Runnable use) {
        return inside(() -> {
            use.run();
            return this;
        });
    }

    /** The model of which this is an instance. */
    public Model model() {
        return model;
    }

    /**
     * Sets a constant to a value as {@link Model} describes it. It holds from now on, over {@link #reset()}, until {@link #clear()};
     * what has been computed stays until the model goes on.
     *
     * @throws SimcException {@link Code#UNKNOWN_NAME}, {@link Code#NOT_SETTABLE}, {@link Code#SHAPE}, {@link Code#BAD_VALUE}: then
     *     nothing is set
     */
    public Sim set(String name, Object value) {
        return set(Collections.singletonMap(name, value));
    }

    /**
     * Sets several constants, or none when one of them is refused.
     *
     * @throws SimcException as {@link #set(String, Object)}, and {@link Code#AMBIGUOUS_NAME}
     */
    public Sim set(Map<String, ?> params) {
        return change(() -> setSlots(new Assignments(model.directory, params)));
    }

    void setSlots(Assignments assignments) {
        for (int i = 0; i < assignments.count(); i++) {
            machine.set(assignments.slot(i), assignments.value(i));
        }
    }

    /** Gives every constant its default and every graphical function its own points again. */
    public Sim clear() {
        return change(() -> machine.call("clear_values"));
    }

    /** Goes back to the start; what was set stays. */
    public Sim reset() {
        return change(() -> {
            machine.call("reset");
            isStarted = false;
            events = new ArrayList<>();
            nSeen = 0;
        });
    }

    /** Evaluates everything at the start; a second call does nothing until {@link #reset()}. */
    public Sim runInitials() {
        return change(() -> {
            isStarted = true;
            machine.call("run_initials");
            SimcException failed = failure(true);
            if (failed != null) {
                throw failed;
            }
        });
    }

    /**
     * Takes every step whose time, in the model's unit, is at most the target; infinity runs to the end, and a time in the past does
     * nothing.
     *
     * @throws SimcException {@link Code#BAD_TIME} for NaN; {@link Code#TRANSPORT} when a conveyor or queue cannot go on, again until
     *     {@link #reset()}: what was saved can be read
     */
    public Sim runTo(double target) {
        return change(() -> {
            if (Double.isNaN(target)) {
                throw new SimcException(Code.BAD_TIME, "NaN is no time to run to");
            }
            advance(target);
        });
    }

    /** Runs to the end. */
    public Sim runToEnd() {
        return runTo(Double.POSITIVE_INFINITY);
    }

    /** Whether {@link #runTo} comes back at an event that pauses, with {@link State#PAUSED}; a new Sim runs on. */
    public Sim pauseOnEvents(boolean on) {
        return change(() -> {
            if (machine.has("pause_on_events")) {
                machine.call("pause_on_events", on ? 1 : 0);
            }
        });
    }

    /**
     * Replaces the points of a graphical function, by its name in {@link Model#tables()}. X must ascend, and all must be finite.
     *
     * @throws SimcException {@link Code#UNSUPPORTED} unless the artifact was built with {@code --inputs tables};
     *     {@link Code#UNKNOWN_NAME}, {@link Code#BAD_VALUE}
     */
    public Sim setTable(String name, List<Point> points) {
        return change(() -> {
            int number = findTable(name);
            Table table = model.layout.tables.get(number);
            String wrong = wrongPoints(points, Math.min(table.capacity, machine.inputsCapacity / 2));
            if (wrong != null) {
                String message = "the points of " + SimcException.shown(table.name) + ": " + wrong;
                throw new SimcException(Code.BAD_VALUE, message).named(name, null).about(table.name);
            }
            double[] numbers = points.stream().flatMapToDouble(it -> java.util.stream.DoubleStream.of(it.x, it.y)).toArray();
            if (!machine.setTable(number, numbers)) {
                throw SimcException.badArtifact("the points of " + table.name + " cannot be set", 0);
            }
        });
    }

    private static String wrongPoints(List<Point> points, int capacity) {
        if (points == null || points.isEmpty()) {
            return "there are none";
        }
        double before = Double.NEGATIVE_INFINITY;
        for (Point point : points) {
            if (point == null || !Double.isFinite(point.x) || !Double.isFinite(point.y)) {
                return "they must be finite";
            }
            if (before > point.x) {
                return "x must ascend";
            }
            before = point.x;
        }
        return points.size() > capacity ? "there is room for " + capacity + ", not for " + points.size() : null;
    }

    private int findTable(String name) {
        Directory.checkName(name);
        List<Table> tables = model.layout.tables;
        if (tables.isEmpty() || !machine.has("set_table")) {
            throw new SimcException(Code.UNSUPPORTED,
                    "the artifact has no graphical functions that can be set; `simc build --inputs tables` makes one that has");
        }
        List<String> wanted = tableKey(name);
        for (int number = 0; number < tables.size(); number++) {
            if (tableKey(tables.get(number).name).equals(wanted)) {
                return number;
            }
        }
        throw Directory.unknown(name, "graphical function", tables.size(), i -> tables.get(i).name);
    }

    private static List<String> tableKey(String name) {
        Names.Split split = Names.split(name);
        List<String> parts = new ArrayList<>();
        parts.add(Names.writtenKey(split == null ? name : split.base));
        if (split != null) {
            split.subscripts.forEach(subscript -> parts.add(Names.writtenKey(subscript)));
        }
        return parts;
    }

    /**
     * The number of one variable or element at the time at which the model rests.
     *
     * @throws SimcException {@link Code#UNKNOWN_NAME}, {@link Code#SHAPE} when the name means several elements
     */
    public double value(String name) {
        return inside(() -> machine.live(model.directory.single(name)));
    }

    /** The numbers of all elements that a name means, row-major, at the time at which the model rests. */
    public double[] values(String name) {
        return inside(() -> {
            Selection selection = model.directory.find(name);
            double[] values = new double[selection.elements.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = machine.live(selection.variable.slot() + selection.elements[i]);
            }
            return values;
        });
    }

    /** The saved numbers of one variable or element so far, one for each row: a copy. */
    public double[] series(String name) {
        return inside(() -> {
            int slot = model.directory.single(name);
            double[] series = new double[machine.saved()];
            for (int row = 0; row < series.length; row++) {
                series[row] = machine.at(row, slot);
            }
            return series;
        });
    }

    /** The time at which the model rests, in its unit; 0 before it has started. */
    public double time() {
        return inside(() -> machine.live(0));
    }

    /** Rows that are saved so far. */
    public int saved() {
        return inside(() -> machine.saved());
    }

    /** Where the run is. */
    public State state() {
        return inside(this::currentState);
    }

    private State currentState() {
        if ((int) machine.fault() != 0) {
            return State.FAILED;
        }
        if (machine.isComplete()) {
            return State.COMPLETE;
        }
        switch (machine.runState()) {
            case 2:
                return State.STOPPED;
            case 1:
                return State.PAUSED;
            default:
                return isStarted ? State.RUNNING : State.NEW;
        }
    }

    /** Events that have fired since the Sim was new or reset. */
    public List<Event> events() {
        return inside(() -> List.copyOf(events));
    }

    /** A copy of what is saved so far, of all variables or of some. */
    public Run run(String... outputs) {
        return inside(() -> copy(Run.Kept.of(model.directory, outputs)));
    }

    Run copy(Run.Kept kept) {
        int rows = machine.saved();
        double[] data;
        if (kept == null) {
            data = machine.rows(rows);
        } else {
            data = new double[rows * kept.slots.length];
            for (int row = 0, at = 0; row < rows; row++) {
                for (int slot : kept.slots) {
                    data[at++] = machine.at(row, slot);
                }
            }
        }
        int width = kept == null ? model.layout.nSlots : kept.slots.length;
        return new Run(model.directory, data, width, rows, kept, currentState(), List.copyOf(events));
    }

    /** Gives the memory back. Closing again does nothing. */
    @Override
    public void close() {
        if (!isBusy.compareAndSet(false, true)) {
            throw new SimcException(Code.BUSY, "another thread is using this Sim");
        }
        machine = null;
        isBusy.set(false);
    }

    boolean isOfLayout() {
        return machine.isOfLayout();
    }

    int savedRows() {
        return machine.saved();
    }

    double at(int row, int slot) {
        return machine.at(row, slot);
    }

    /** Steps on, as {@link #step}. */
    void advance(double target) {
        step(target);
        SimcException failed = failure(true);
        if (failed != null) {
            throw failed;
        }
    }

    /** Steps on; events are read before their records are overwritten. */
    void step(double target) {
        isStarted = true;
        if (!machine.hasEvents) {
            machine.runTo(target);
            return;
        }
        TimeAxis time = model.layout.time;
        long stepsAtOnce = Math.max(1, machine.eventsCapacity / Math.max(1, model.eventsPerStep));
        machine.call("run_initials");
        while (true) {
            double before = machine.live(0);
            double step = Math.rint((before - time.start) / time.dt);
            double next = Math.min(target, time.start + (step + stepsAtOnce - 1) * time.dt);
            machine.runTo(next);
            int count = machine.eventCount();
            for (int number = Math.max(nSeen, count - machine.eventsCapacity); number < count; number++) {
                events.add(machine.event(number));
            }
            nSeen = count;
            boolean isOver = machine.isComplete() || machine.runState() != 0 || (int) machine.fault() != 0;
            if (isOver || next == target || machine.live(0) == before) {
                return;
            }
        }
    }

    /** What the error word says, or null when all is well; with the rows that were saved before when they are wanted. */
    SimcException failure(boolean withRows) {
        long word = machine.fault();
        String what;
        switch ((int) word) {
            case 0:
                return null;
            case 58:
                what = "has a transit time that is not above 0";
                break;
            case 59:
                what = "has a transit time that is longer than there is memory for";
                break;
            case 1001:
                what = "has more batches than there is memory for";
                break;
            default:
                throw new SimcException(Code.UNSUPPORTED, "the run stopped with error " + (int) word + ", which this host does not know");
        }
        return SimcException.transport(model.layout.transportName(word >>> 32), what, withRows ? copy(null) : null);
    }
}
