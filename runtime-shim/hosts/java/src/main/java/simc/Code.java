package simc;

/** What went wrong. Codes are the same in every language's host. */
public enum Code {
    /** No variable, element, table or output has this name; {@link SimcException#suggestion()} may know the one that was meant. */
    UNKNOWN_NAME("unknown-name"),
    /** A constant is given twice under two spellings. */
    AMBIGUOUS_NAME("ambiguous-name"),
    /** What is set is no constant; the message says why. */
    NOT_SETTABLE("not-settable"),
    /** Too many or too few numbers, something else than numbers, other subscripts than the variable has. */
    SHAPE("shape"),
    /** NaN or infinity for a constant; points of a table that do not ascend or do not fit. */
    BAD_VALUE("bad-value"),
    /** A target that is no number, a time without a saved row. */
    BAD_TIME("bad-time"),
    /** A conveyor or queue cannot go on; {@link SimcException#run()} has the rows that were saved before. */
    TRANSPORT("transport"),
    /** The bytes are no artifact, cut short or forged; {@link SimcException#at()} says where that shows. */
    BAD_ARTIFACT("bad-artifact"),
    /** Another artifact than was asked for, or the engine of another artifact. */
    WRONG_ARTIFACT("wrong-artifact"),
    /** A newer format, or what the artifact was not built for. */
    UNSUPPORTED("unsupported"),
    /** A Sim or Model that was closed. */
    CLOSED("closed"),
    /** Two threads in one Sim. */
    BUSY("busy"),
    /** There is no memory for an instance or for results, or more of them than an array can have. */
    MEMORY("memory");

    private final String word;

    Code(String word) {
        this.word = word;
    }

    /** The code as all languages write it: {@code unknown-name}. */
    @Override
    public String toString() {
        return word;
    }
}
