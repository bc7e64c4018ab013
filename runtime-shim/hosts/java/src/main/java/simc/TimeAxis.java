package simc;

/** The time axis of a model, in the model's unit of time. */
public final class TimeAxis {
    /** The time of the start. */
    public final double start;
    /** The time of the end. */
    public final double stop;
    /** The step. */
    public final double dt;
    /** Steps from start to stop. */
    public final long steps;
    /** Steps from one saved row to the next. */
    public final long saveEvery;
    /** {@code euler}, {@code rk2}, {@code rk4} or {@code midpoint}. */
    public final String method;
    /** The unit, or null when the model does not say. */
    public final String units;
    /** Saved rows of a full run. */
    public final int rows;

    TimeAxis(double start, double stop, double dt, long steps, long saveEvery, String method, String units, int rows) {
        this.start = start;
        this.stop = stop;
        this.dt = dt;
        this.steps = steps;
        this.saveEvery = saveEvery;
        this.method = method;
        this.units = units;
        this.rows = rows;
    }

    /** The time of a saved row, counted from 0. */
    public double ofRow(int row) {
        return start + (double) row * saveEvery * dt;
    }
}
