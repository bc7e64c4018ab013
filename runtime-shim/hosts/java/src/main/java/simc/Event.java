package simc;

/** An event has fired. */
public final class Event {
    /** The step in which it fired, from 0. */
    public final long step;
    /** Its time, in the model's unit. */
    public final double time;
    /** The value that passed the threshold. */
    public final double value;
    /** The variable or element. */
    public final String variable;
    /** {@code message}, {@code pause} or {@code stop}. */
    public final String action;
    /** For people. */
    public final String message;
    /** The number that was passed. */
    public final double threshold;
    /** {@code increasing} or {@code decreasing}. */
    public final String direction;

    Event(long step, double time, double value, String variable, String action, String message, double threshold, String direction) {
        this.step = step;
        this.time = time;
        this.value = value;
        this.variable = variable;
        this.action = action;
        this.message = message;
        this.threshold = threshold;
        this.direction = direction;
    }
}
