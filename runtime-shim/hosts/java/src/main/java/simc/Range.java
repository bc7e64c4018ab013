package simc;

/** A range of sensible values, in the units of the variable. */
public final class Range {
    /** The least. */
    public final double least;
    /** The greatest. */
    public final double greatest;

    Range(double least, double greatest) {
        this.least = least;
        this.greatest = greatest;
    }
}
