package simc;

import java.util.List;

/** A threshold that fires events. */
public final class Threshold {
    /** The variable that is watched. */
    public final String variable;
    /** Its dimensions, outermost first. */
    public final List<Dimension> dimensions;
    /** The first element that is watched, row-major. */
    public final int first;
    /** How many elements are watched. */
    public final int n;
    /** The number that is passed. */
    public final double value;
    /** {@code increasing} or {@code decreasing}. */
    public final String direction;
    /** {@code each}, {@code once} or {@code once-ever}. */
    public final String repeat;
    /** Steps after which an event fires again; 0 when it does not. */
    public final long interval;
    /** What its events do. */
    public final List<Action> actions;

    Threshold(String variable, List<Dimension> dimensions, int first, int n, double value, String direction, String repeat, long interval, List<Action> actions) {
        this.variable = variable;
        this.dimensions = List.copyOf(dimensions);
        this.first = first;
        this.n = n;
        this.value = value;
        this.direction = direction;
        this.repeat = repeat;
        this.interval = interval;
        this.actions = List.copyOf(actions);
    }
}
