package simc;

/** What a variable is. */
public enum Kind {
    /** One of the run's own numbers: time, dt, initial_time, final_time. */
    TIME,
    /** A stock. */
    STOCK,
    /** A flow. */
    FLOW,
    /** Computed from its equation. */
    AUXILIARY,
    /** A number that its author wrote. */
    CONSTANT,
    /** What a module takes from outside. */
    MODULE_INPUT;

    /** The kind as all languages write it: {@code module-input}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}
