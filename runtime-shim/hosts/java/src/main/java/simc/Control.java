package simc;

import java.util.List;

/** A control that the author drew. */
public final class Control {
    /** {@code slider}, {@code knob}, {@code switch}, {@code graph} or {@code gauge}. */
    public final String kind;
    /** What it shows or sets. */
    public final List<String> variables;
    /** Null when it has none. */
    public final Range range;
    /** NaN when it has none. */
    public final double step;
    /** Null when it has none. */
    public final String label;

    Control(String kind, List<String> variables, Range range, double step, String label) {
        this.kind = kind;
        this.variables = List.copyOf(variables);
        this.range = range;
        this.step = step;
        this.label = label;
    }
}
