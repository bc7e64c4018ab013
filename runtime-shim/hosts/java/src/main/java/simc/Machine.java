package simc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import run.endive.runtime.ExportFunction;
import run.endive.runtime.GlobalInstance;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;

/** One instance of an artifact, checked before it is believed. */
final class Machine {
    static final int RECORD_BYTES = 32;

    private final Layout layout;
    private final Memory memory;
    private final Map<String, GlobalInstance> globals = new HashMap<>();
    private final Map<String, ExportFunction> functions = new HashMap<>();
    private final GlobalInstance savedSteps;
    private final GlobalInstance runState;
    private final ExportFunction getError;
    private final ExportFunction runTo;
    private final ExportFunction setValue;
    final int results;
    final boolean hasEvents;
    final int inputsOffset;
    final int inputsCapacity;
    private final int eventsOffset;
    final int eventsCapacity;

    Machine(Instance instance, Layout layout) {
        this.layout = layout;
        memory = instance.memory();
        if (memory == null) {
            throw SimcException.badArtifact("it has no proper export memory", 0);
        }
        for (String name : new String[] {"run_to", "run_initials", "reset", "set_value", "clear_values", "get_error"}) {
            if (!find(instance, name)) {
                throw SimcException.badArtifact("it has no proper export " + name, 0);
            }
        }
        find(instance, "layout_digest");
        find(instance, "set_table");
        find(instance, "pause_on_events");
        savedSteps = needGlobal(instance, "saved_steps");
        boolean agrees = word(needGlobal(instance, "n_slots")) == layout.nSlots
                && word(needGlobal(instance, "n_chunks")) == layout.nChunks
                && word(needGlobal(instance, "results_offset")) == layout.resultsOffset;
        if (!agrees) {
            throw SimcException.badArtifact("its exports are not what it says of itself", 0);
        }
        long size = 65536L * memory.pages();
        boolean isWithin = layout.nSlots >= Layout.RESERVED_SLOTS && layout.nChunks > 0 && layout.resultsOffset % 8 == 0
                && 8L * layout.nSlots <= layout.resultsOffset;
        if (!isWithin || layout.resultsOffset + 8L * layout.nSlots * layout.nChunks > size || size > Integer.MAX_VALUE) {
            throw SimcException.badArtifact("its results do not fit its memory", 0);
        }
        results = (int) layout.resultsOffset;
        int[] inputs = region(instance, "inputs_offset", "inputs_capacity", 8, size);
        inputsOffset = inputs[0];
        inputsCapacity = inputs[1];
        hasEvents = global(instance, "event_count") != null;
        int[] events = region(instance, "events_offset", "events_capacity", RECORD_BYTES, size);
        eventsOffset = events[0];
        eventsCapacity = events[1];
        if (hasEvents && eventsCapacity == 0) {
            throw SimcException.badArtifact("it keeps no records of events", 0);
        }
        runState = global(instance, "run_state");
        getError = functions.get("get_error");
        runTo = functions.get("run_to");
        setValue = functions.get("set_value");
    }

    private boolean find(Instance instance, String name) {
        try {
            functions.put(name, instance.export(name));
            return true;
        } catch (RuntimeException error) {
            return false;
        }
    }

    private GlobalInstance global(Instance instance, String name) {
        try {
            GlobalInstance global = instance.exports().global(name);
            globals.put(name, global);
            return global;
        } catch (RuntimeException error) {
            return null;
        }
    }

    private GlobalInstance needGlobal(Instance instance, String name) {
        GlobalInstance global = global(instance, name);
        if (global == null) {
            throw SimcException.badArtifact("it has no proper export " + name, 0);
        }
        return global;
    }

    private static long word(GlobalInstance global) {
        return global.getValue() & 0xffff_ffffL;
    }

    private int[] region(Instance instance, String offsetName, String capacityName, int unit, long size) {
        GlobalInstance offset = global(instance, offsetName);
        GlobalInstance capacity = global(instance, capacityName);
        if (offset == null && capacity == null) {
            return new int[2];
        }
        boolean isWithin = offset != null && capacity != null && word(offset) % 8 == 0 && word(offset) + unit * word(capacity) <= size;
        if (!isWithin) {
            throw SimcException.badArtifact(offsetName + " lies outside of its memory", 0);
        }
        return new int[] {(int) word(offset), (int) word(capacity)};
    }

    /** Calls an export. An artifact of simc never traps. */
    long[] call(String name, long... arguments) {
        return call(name, functions.get(name), arguments);
    }

    private static long[] call(String name, ExportFunction function, long... arguments) {
        try {
            return function.apply(arguments);
        } catch (RuntimeException | StackOverflowError | VerifyError | ClassFormatError | OutOfMemoryError error) {
            throw SimcException.broken("the artifact trapped in " + name, error);
        }
    }

    /** Whether the code is that of the artifact that the layout is of. */
    boolean isOfLayout() {
        try {
            return has("layout_digest") && call("layout_digest")[0] == layout.digest;
        } catch (SimcException | ArrayIndexOutOfBoundsException error) {
            return false;
        }
    }

    boolean has(String name) {
        return functions.containsKey(name);
    }

    void runTo(double target) {
        call("run_to", runTo, Double.doubleToRawLongBits(target));
    }

    void set(int slot, double value) {
        if ((int) word("set_value", setValue, slot, Double.doubleToRawLongBits(value)) != 0) {
            throw SimcException.badArtifact("slot " + slot + " is said to be settable, yet cannot be set", 0);
        }
    }

    boolean setTable(int table, double[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            memory.writeF64(inputsOffset + 8 * i, numbers[i]);
        }
        return (int) word("set_table", functions.get("set_table"), table, numbers.length / 2) == 0;
    }

    /** The error word: the code in its low half, what it counts in its high half. */
    long fault() {
        return word("get_error", getError);
    }

    private static long word(String name, ExportFunction function, long... arguments) {
        long[] results = call(name, function, arguments);
        if (results == null || results.length != 1) {
            throw SimcException.badArtifact("it has no proper export " + name, 0);
        }
        return results[0];
    }

    /** Rows saved so far. */
    int saved() {
        return (int) Math.min(word(savedSteps), layout.nChunks);
    }

    boolean isComplete() {
        return saved() == layout.nChunks;
    }

    /** What an event has done to the run: 0 nothing, 1 it pauses, 2 it is over. */
    int runState() {
        return runState == null ? 0 : (int) word(runState);
    }

    int eventCount() {
        return (int) word(globals.get("event_count"));
    }

    /** An event by its number, while its record is kept. */
    Event event(int number) {
        int at = eventsOffset + RECORD_BYTES * (number % eventsCapacity);
        return layout.describe(memory.readInt(at) & 0xffff_ffffL, memory.readInt(at + 4), memory.readLong(at + 8),
                memory.readDouble(at + 16), memory.readDouble(at + 24));
    }

    /** A number of the current row. */
    double live(int slot) {
        return memory.readDouble(8 * slot);
    }

    /** A number of a saved row. */
    double at(int row, int slot) {
        return memory.readDouble(results + 8 * (row * layout.nSlots + slot));
    }

    /** All saved numbers, row by row. */
    double[] rows(int rows) {
        double[] numbers = new double[rows * layout.nSlots];
        byte[] bytes = memory.readBytes(results, 8 * numbers.length);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(numbers);
        return numbers;
    }
}
