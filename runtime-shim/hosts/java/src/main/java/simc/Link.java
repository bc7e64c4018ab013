package simc;

/** One variable reads another. */
public final class Link {
    /** The variable that is read. */
    public final String cause;
    /** The variable that reads. */
    public final String effect;
    /** {@code same}, {@code opposite} or {@code unknown}. */
    public final String sign;
    /** Whether only the value at the start is read. */
    public final boolean isInitial;

    Link(String cause, String effect, String sign, boolean isInitial) {
        this.cause = cause;
        this.effect = effect;
        this.sign = sign;
        this.isInitial = isInitial;
    }
}
