package simc;

import java.util.List;

/** A graphical function that {@link Sim#setTable} can replace. */
public final class Table {
    /** The variable that it belongs to. */
    public final String name;
    /** {@code continuous}, {@code extrapolate} or {@code discrete}. */
    public final String kind;
    /** How many points there is room for. */
    public final int capacity;
    /** Its own points. */
    public final List<Point> points;

    Table(String name, String kind, int capacity, List<Point> points) {
        this.name = name;
        this.kind = kind;
        this.capacity = capacity;
        this.points = List.copyOf(points);
    }
}
