package simc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** A variable of a model, as its author wrote it. */
public final class Variable {
    private final String name;
    private final Kind kind;
    private final int slot;
    private final int size;
    private final List<Dimension> dimensions;
    private final TreeMap<Integer, double[]> defaults;
    private final String units;
    private final String documentation;
    private final Range range;
    private String canonical;

    Variable(String name, Kind kind, int slot, int size, List<Dimension> dimensions, TreeMap<Integer, double[]> defaults,
            String units, String documentation, Range range) {
        this.name = name;
        this.kind = kind;
        this.slot = slot;
        this.size = size;
        this.dimensions = List.copyOf(dimensions);
        this.defaults = defaults;
        this.units = units;
        this.documentation = documentation;
        this.range = range;
    }

    /** Its name, as its author wrote it. */
    public String name() {
        return name;
    }

    /** Its name in the core record of the artifact. */
    public String canonical() {
        return canonical;
    }

    void canonical(String given) {
        canonical = given;
    }

    /** What it is. */
    public Kind kind() {
        return kind;
    }

    /** Its units, as its author wrote them. */
    public Optional<String> units() {
        return Optional.ofNullable(units);
    }

    /** What its author says of it. */
    public Optional<String> documentation() {
        return Optional.ofNullable(documentation);
    }

    /** Sensible values, where its author names some. */
    public Optional<Range> range() {
        return Optional.ofNullable(range);
    }

    /** Its dimensions, outermost first; none of a scalar. */
    public List<Dimension> dimensions() {
        return dimensions;
    }

    /** How many elements each dimension has; empty of a scalar. */
    public int[] shape() {
        return dimensions.stream().mapToInt(dimension -> dimension.elements.size()).toArray();
    }

    /** How many elements it has: 1 of a scalar. */
    public int size() {
        return size;
    }

    /** Where its first number is in a row; its elements follow, the last dimension fastest. */
    public int slot() {
        return slot;
    }

    /** Whether any of its elements can be set. */
    public boolean settable() {
        return defaults != null;
    }

    /** Whether an element, counted row-major, can be set. */
    public boolean settable(int element) {
        return spanOf(element) != null;
    }

    /** The default of an element, counted row-major; empty when it cannot be set or the model computes it. */
    public OptionalDouble defaultOf(int element) {
        Map.Entry<Integer, double[]> span = spanOf(element);
        double value = span == null ? Double.NaN : span.getValue()[element - span.getKey()];
        return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Defaults of all elements, row-major, NaN where there is none; null of what cannot be set. */
    public double[] defaults() {
        if (defaults == null) {
            return null;
        }
        double[] all = new double[size];
        for (int element = 0; element < size; element++) {
            all[element] = defaultOf(element).orElse(Double.NaN);
        }
        return all;
    }

    private Map.Entry<Integer, double[]> spanOf(int element) {
        Map.Entry<Integer, double[]> span = defaults == null ? null : defaults.floorEntry(element);
        return span != null && element - span.getKey() < span.getValue().length ? span : null;
    }

    /**
     * The title of an element, counted row-major: {@code rate[North,Young]}; of a scalar its name.
     *
     * @throws SimcException {@link Code#UNKNOWN_NAME} when there is no such element
     */
    public String title(int element) {
        if (element < 0 || element >= size) {
            String message = SimcException.shown(name) + " has no element " + element + ": it has " + size + ", from 0 on";
            throw new SimcException(Code.UNKNOWN_NAME, message).about(name);
        }
        return title(name, dimensions, element);
    }

    /** Titles of all elements, row-major. */
    public List<String> titles() {
        List<String> titles = new ArrayList<>(size);
        for (int element = 0; element < size; element++) {
            titles.add(title(element));
        }
        return titles;
    }

    static String title(String name, List<Dimension> dimensions, int element) {
        if (dimensions.isEmpty()) {
            return name;
        }
        String[] subscripts = new String[dimensions.size()];
        int rest = element;
        for (int i = subscripts.length - 1; i >= 0; i--) {
            List<String> elements = dimensions.get(i).elements;
            if (elements.isEmpty()) {
                return name;
            }
            subscripts[i] = elements.get(Math.floorMod(rest, elements.size()));
            rest = Math.floorDiv(rest, elements.size());
        }
        return name + '[' + String.join(",", subscripts) + ']';
    }

    @Override
    public String toString() {
        return name;
    }
}
