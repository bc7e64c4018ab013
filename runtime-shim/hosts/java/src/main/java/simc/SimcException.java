package simc;

import java.util.Optional;
import java.util.OptionalInt;

/** What every method of this package fails with. */
public final class SimcException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_SHOWN = 60;

    private final Code code;
    private final String name;
    private final String suggestion;
    private final String variable;
    private final int at;
    private final transient Run run;

    private SimcException(Code code, String message, String name, String suggestion, String variable, int at, Run run) {
        super(message);
        this.code = code;
        this.name = name;
        this.suggestion = suggestion;
        this.variable = variable;
        this.at = at;
        this.run = run;
    }

    /** Why a run of a batch has ended early: one of perhaps a million, so that it says where, and keeps neither rows nor a stack. */
    private SimcException(String message, String variable) {
        super(message, null, false, false);
        this.code = Code.TRANSPORT;
        this.name = null;
        this.suggestion = null;
        this.variable = variable;
        this.at = -1;
        this.run = null;
    }

    SimcException(Code code, String message) {
        this(code, message, null, null, null, -1, null);
    }

    /** A conveyor or queue that could not go on, with the rows before that; without them for a run of a batch, which has them itself. */
    static SimcException transport(String variable, String what, Run run) {
        String message = "the run stopped: " + variable + " " + what;
        return run == null ? new SimcException(message, variable) : new SimcException(Code.TRANSPORT, message, null, null, variable, -1, run);
    }

    /** An artifact that is not as it should be, with the byte at which that shows. */
    static SimcException badArtifact(String message, int at) {
        String text = "not an artifact of simc: " + message + " (byte " + at + ")";
        return new SimcException(Code.BAD_ARTIFACT, text, null, null, null, at, null);
    }

    /** There is not enough memory for something. */
    static SimcException memory(String what) {
        return new SimcException(Code.MEMORY, "there is no memory for " + what);
    }

    /** What became of an artifact whose code could not be compiled, started or run to its end: a trap, unless memory is short. */
    static SimcException broken(String what, Throwable error) {
        if (error instanceof SimcException) {
            return (SimcException) error;
        }
        String why = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        SimcException broken = error instanceof OutOfMemoryError ? memory(what) : badArtifact(what + ": " + why, 0);
        broken.initCause(error);
        return broken;
    }

    SimcException named(String name, String suggestion) {
        return new SimcException(code, getMessage(), name, suggestion, variable, at, run);
    }

    SimcException about(String variable) {
        return new SimcException(code, getMessage(), name, suggestion, variable, at, run);
    }

    /** What went wrong, for programs. */
    public Code code() {
        return code;
    }

    /** The name as it was given. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** The name that was probably meant. */
    public Optional<String> suggestion() {
        return Optional.ofNullable(suggestion);
    }

    /** The variable or element at fault. */
    public Optional<String> variable() {
        return Optional.ofNullable(variable);
    }

    /** The offset in the artifact at which it shows that it is none. */
    public OptionalInt at() {
        return at < 0 ? OptionalInt.empty() : OptionalInt.of(at);
    }

    /** What was saved before a conveyor or queue failed; a batch has that itself. */
    public Optional<Run> run() {
        return Optional.ofNullable(run);
    }

    /** A text in a message, in few characters. */
    static String shown(String text) {
        if (text == null) {
            return "null";
        }
        String few = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
        return '"' + few.replace("\n", "\\n").replace("\r", "\\r") + '"';
    }
}
