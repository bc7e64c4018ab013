package simc;

/** A point of a graphical function. */
public final class Point {
    /** Where. */
    public final double x;
    /** What. */
    public final double y;

    /** A point. */
    public Point(double x, double y) {
        this.x = x;
        this.y = y;
    }
}
