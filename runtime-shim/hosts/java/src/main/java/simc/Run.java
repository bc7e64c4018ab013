package simc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The results of a run: a copy, which never changes. */
public final class Run {
    /** Which slots a run has kept. */
    static final class Kept {
        final List<String> names;
        final int[] slots;
        final Map<Integer, Integer> places = new HashMap<>();

        private Kept(Directory directory, List<String> names) {
            this.names = names;
            for (Directory.Title column : directory.columns(names)) {
                places.putIfAbsent(column.slot, places.size());
            }
            slots = new int[places.size()];
            places.forEach((slot, place) -> slots[place] = slot);
        }

        /** Null, which stands for all slots, when there are no names. */
        static Kept of(Directory directory, String... names) {
            return names == null || names.length == 0 ? null : new Kept(directory, Arrays.asList(names.clone()));
        }
    }

    private final Directory directory;
    private final double[] data;
    private final int width;
    private final int rows;
    private final Kept kept;
    private final State state;
    private final List<Event> events;

    Run(Directory directory, double[] data, int width, int rows, Kept kept, State state, List<Event> events) {
        this.directory = directory;
        this.data = data;
        this.width = width;
        this.rows = rows;
        this.kept = kept;
        this.state = state;
        this.events = events;
    }

    /** How many rows were saved. */
    public int rows() {
        return rows;
    }

    /** Where the run was when it was copied. */
    public State state() {
        return state;
    }

    /** Whether every row was saved. */
    public boolean complete() {
        return state == State.COMPLETE;
    }

    /** Events that had fired. */
    public List<Event> events() {
        return events;
    }

    /** The times of the rows, in the model's unit. */
    public double[] times() {
        return column(0);
    }

    /**
     * The numbers of one variable or element, one for each row.
     *
     * @throws SimcException {@link Code#UNKNOWN_NAME}, {@link Code#SHAPE} when the name means several elements
     */
    public double[] series(String name) {
        return column(place(directory.single(name), name));
    }

    /**
     * The number of one variable or element in a row; negative rows count from the end, -1 is the last one.
     *
     * @throws SimcException {@link Code#BAD_TIME} when there is no such row, and as {@link #series}
     */
    public double value(String name, int row) {
        int at = row < 0 ? rows + row : row;
        if (at < 0 || at >= rows) {
            throw new SimcException(Code.BAD_TIME, "there is no row " + row + " of " + rows);
        }
        return data[at * width + place(directory.single(name), name)];
    }

    /** The time and the variables that are named, or without names all that was kept. An array gives all of its elements. */
    public List<Column> columns(String... names) {
        List<String> wanted = names != null && names.length > 0 ? Arrays.asList(names) : kept == null ? null : kept.names;
        List<Column> columns = new ArrayList<>();
        for (Directory.Title column : directory.columns(wanted)) {
            columns.add(new Column(column.title, column(place(column.slot, column.title))));
        }
        return columns;
    }

    /** The table of {@link #columns} as text, byte for byte as {@code simc run} writes it. */
    public String csv(String... names) {
        return Csv.text(columns(names));
    }

    /**
     * All numbers, row by row, each with as many as the model has slots: a copy.
     *
     * @throws SimcException {@link Code#UNKNOWN_NAME} when the run kept only some outputs
     */
    public double[] data() {
        if (kept != null) {
            throw new SimcException(Code.UNKNOWN_NAME, "the run kept only some outputs");
        }
        return Arrays.copyOf(data, data.length);
    }

    private int place(int slot, String name) {
        Integer place = kept == null ? Integer.valueOf(slot) : kept.places.get(slot);
        if (place == null) {
            String message = SimcException.shown(name) + " is not among the outputs that this run kept";
            throw new SimcException(Code.UNKNOWN_NAME, message).named(name, null);
        }
        return place;
    }

    private double[] column(int place) {
        double[] column = new double[rows];
        for (int row = 0, at = place; row < rows; row++, at += width) {
            column[row] = data[at];
        }
        return column;
    }
}
