package simc;

/** A column of a table. */
public final class Column {
    /** Its title: {@code rate[North,Young]}. */
    public final String title;
    /** A number for each row. */
    public final double[] values;

    Column(String title, double[] values) {
        this.title = title;
        this.values = values;
    }
}
