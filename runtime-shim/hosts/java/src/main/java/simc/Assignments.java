package simc;

import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a call sets: slots and values in order. Everything is checked before any of it is set. */
final class Assignments {
    /** Maps within maps, which may hold themselves. */
    private static final int MOST_NESTED = 16;

    private final Directory directory;
    private int[] slots;
    private double[] values;
    private int count;
    /** For each parameter, how many values there are up to the last of its own. */
    private int[] ends = new int[0];

    private Assignments(Directory directory, int[] slots, double[] values) {
        this.directory = directory;
        this.slots = slots;
        this.values = values;
    }

    Assignments(Directory directory, Map<String, ?> params) {
        this(directory, new int[8], new double[8]);
        if (params == null) {
            return;
        }
        Selection[] chosen = new Selection[params.size()];
        ends = new int[params.size()];
        int n = 0;
        for (Map.Entry<?, ?> entry : params.entrySet()) {
            String name = entry.getKey() == null ? null : entry.getKey().toString();
            Selection selection = directory.find(name);
            for (int i = 0; i < n; i++) {
                boolean isSame = chosen[i].variable == selection.variable && Arrays.equals(chosen[i].elements, selection.elements);
                if (isSame) {
                    String message = SimcException.shown(name) + " is given twice under different spellings";
                    throw new SimcException(Code.AMBIGUOUS_NAME, message).named(name, null).about(selection.variable.name());
                }
            }
            assign(selection, entry.getValue(), name, 0);
            ends[n] = count;
            chosen[n++] = selection;
        }
    }

    /** The same with other numbers, which are finite: one for each parameter, for all elements that it means. */
    Assignments with(double[] numbers) {
        Assignments other = new Assignments(directory, slots, new double[count]);
        for (int param = 0; param < numbers.length; param++) {
            Arrays.fill(other.values, other.count, ends[param], numbers[param]);
            other.count = ends[param];
        }
        return other;
    }

    int count() {
        return count;
    }

    int slot(int i) {
        return slots[i];
    }

    double value(int i) {
        return values[i];
    }

    private void add(int slot, double value) {
        if (count == slots.length) {
            slots = Arrays.copyOf(slots, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        slots[count] = slot;
        values[count++] = value;
    }

    private void assign(Selection selection, Object given, String name, int depth) {
        if (given instanceof Map && depth < MOST_NESTED) {
            for (Map.Entry<?, ?> part : ((Map<?, ?>) given).entrySet()) {
                String subscripts = String.valueOf(part.getKey());
                String inner = name + '[' + subscripts + ']';
                assign(selection.choose(Names.subscripts(subscripts), inner), part.getValue(), inner, depth + 1);
            }
            return;
        }
        double[] numbers = null;
        if (!(given instanceof Number)) {
            boolean isList = given instanceof List || given != null && given.getClass().isArray();
            if (!isList) {
                String what = given == null ? "null" : given.getClass().getSimpleName();
                throw shape(selection, name, SimcException.shown(name) + " takes a number, a list of numbers or numbers by element, not " + what);
            }
            numbers = new double[selection.elements.length];
            if (flatten(given, selection.shape(), 0, numbers, 0, selection.elements.length) != numbers.length) {
                String shape = Arrays.toString(selection.shape());
                throw shape(selection, name,
                        SimcException.shown(name) + " has the shape " + shape + ": as many numbers are wanted, which is not what is given");
            }
        }
        requireSettable(selection);
        for (int i = 0; i < selection.elements.length; i++) {
            double value = numbers == null ? ((Number) given).doubleValue() : numbers[i];
            if (!Double.isFinite(value)) {
                String title = selection.variable.title(selection.elements[i]);
                throw new SimcException(Code.BAD_VALUE, SimcException.shown(title) + " takes a finite number, not " + value)
                        .named(name, null).about(selection.variable.name());
            }
            add(selection.variable.slot() + selection.elements[i], value);
        }
    }

    private static SimcException shape(Selection selection, String name, String message) {
        return new SimcException(Code.SHAPE, message).named(name, null).about(selection.variable.name());
    }

    private static int length(Object list) {
        return list instanceof List ? ((List<?>) list).size() : Array.getLength(list);
    }

    private static Object item(Object list, int at) {
        return list instanceof List ? ((List<?>) list).get(at) : Array.get(list, at);
    }

    private static boolean isList(Object value) {
        return value instanceof List || value != null && value.getClass().isArray();
    }

    /** Writes the numbers of a flat or nested list, row-major; gives where they end, or -1 when they do not fit. */
    private static int flatten(Object list, int[] shape, int depth, double[] into, int from, int size) {
        int n = length(list);
        boolean isNested = false;
        for (int i = 0; i < n; i++) {
            isNested = isNested || isList(item(list, i));
        }
        if (!isNested) {
            boolean isFlat = n == size && (depth == 0 || depth == shape.length - 1);
            for (int i = 0; isFlat && i < n; i++) {
                Object item = item(list, i);
                isFlat = item instanceof Number;
                into[from + i] = isFlat ? ((Number) item).doubleValue() : 0;
            }
            return isFlat ? from + n : -1;
        }
        if (depth >= shape.length - 1 || n != shape[depth]) {
            return -1;
        }
        int at = from;
        for (int i = 0; i < n && at >= 0; i++) {
            Object inner = item(list, i);
            at = isList(inner) ? flatten(inner, shape, depth + 1, into, at, size / n) : -1;
        }
        return at;
    }

    private void requireSettable(Selection selection) {
        Variable variable = selection.variable;
        if (directory.hidesTime(variable)) {
            throw notSettable(variable.name(), "a variable has this name, and so has one of the run's own numbers");
        }
        if (!variable.settable()) {
            throw notSettable(variable.name(), whyNot(variable.kind()));
        }
        for (int element : selection.elements) {
            if (!variable.settable(element)) {
                throw notSettable(variable.title(element), "this element is computed from its equation");
            }
        }
    }

    private static SimcException notSettable(String title, String why) {
        return new SimcException(Code.NOT_SETTABLE, SimcException.shown(title) + " cannot be set: " + why).about(title);
    }

    private static String whyNot(Kind kind) {
        switch (kind) {
            case TIME:
                return "it is part of the model's time specification";
            case STOCK:
                return "it is a stock, which starts from its own equation and changes by its flows";
            case FLOW:
                return "it is a flow, computed from its equation";
            case CONSTANT:
                return "it is a constant that the compiler needed to know";
            case MODULE_INPUT:
                return "it takes its value from outside of its module";
            default:
                return "it is computed from its equation; only constants can be set";
        }
    }
}
