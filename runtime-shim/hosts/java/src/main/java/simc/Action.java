package simc;

/** What an event does. */
public final class Action {
    /** {@code message}, {@code pause} or {@code stop}. */
    public final String kind;
    /** For people. */
    public final String message;

    Action(String kind, String message) {
        this.kind = kind;
        this.message = message;
    }
}
