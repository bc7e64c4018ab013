package simc;

/** Where a run is. */
public enum State {
    /** Nothing has run since the Sim was made or reset. */
    NEW,
    /** It rests before its end. */
    RUNNING,
    /** An event has paused it. */
    PAUSED,
    /** An event has stopped it. */
    STOPPED,
    /** Every row is saved. */
    COMPLETE,
    /** A conveyor or queue could not go on. */
    FAILED;

    /** The state as all languages write it: {@code running}. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
