package simc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The results of many runs. */
public final class Batch {
    private static final double TOLERANCE = 1e-6;

    private final int runs;
    private final List<String> titles;
    private final double[] times;
    private final double[] values;
    private final Map<Integer, SimcException> errors;

    private Batch(int runs, List<String> titles, double[] times, double[] values, Map<Integer, SimcException> errors) {
        this.runs = runs;
        this.titles = titles;
        this.times = times;
        this.values = values;
        this.errors = errors;
    }

    /** How many runs there are. */
    public int runs() {
        return runs;
    }

    /** Titles of the outputs. */
    public List<String> titles() {
        return titles;
    }

    /** Times of the rows that were kept, in the model's unit. */
    public double[] times() {
        return times.clone();
    }

    /**
     * All numbers in the shape [runs, titles, times], run after run; NaN in rows that a run did not reach. The array is the batch's own.
     */
    public double[] values() {
        return values;
    }

    /**
     * The numbers of one output in one run, one for each time: a copy.
     *
     * @throws SimcException {@link Code#UNKNOWN_NAME} when there is no such run or output
     */
    public double[] series(int run, int output) {
        if (run < 0 || run >= runs || output < 0 || output >= titles.size()) {
            throw new SimcException(Code.UNKNOWN_NAME, "there is no output " + output + " of run " + run);
        }
        int from = (run * titles.size() + output) * times.length;
        return Arrays.copyOfRange(values, from, from + times.length);
    }

    /** The runs in which a conveyor or queue could not go on, by number; the rows before that are among the values. */
    public Map<Integer, SimcException> errors() {
        return errors;
    }

    /** A batch that is being described. */
    public static final class Builder {
        private final Model model;
        private List<String> params;
        private double[][] samples;
        private List<? extends Map<String, ?>> each;
        private List<String> outputs;
        private double[] at;
        private int threads = Runtime.getRuntime().availableProcessors();

        Builder(Model model) {
            this.model = model;
        }

        /**
         * A row for each run, with a number for each of the params, in its units. An array takes the number for all of its elements.
         */
        public Builder samples(List<String> names, double[]... rows) {
            if (names == null || rows == null || Arrays.asList(rows).contains(null)) {
                throw new SimcException(Code.SHAPE, "names and rows of numbers are wanted, not null");
            }
            names.forEach(Directory::checkName);
            params = List.copyOf(names);
            samples = rows;
            return this;
        }

        /** What single runs set, instead of rows. */
        public Builder samples(List<? extends Map<String, ?>> maps) {
            each = maps;
            return this;
        }

        /** What to keep; of arrays all elements. The stocks unless given, or without stocks all that changes. */
        public Builder outputs(String... names) {
            for (String name : names == null ? new String[1] : names) {
                Directory.checkName(name);
            }
            outputs = List.of(names);
            return this;
        }

        /** Times of saved rows to keep, in the model's unit; infinity is the last row. All rows unless given. */
        public Builder at(double... times) {
            if (times == null) {
                throw new SimcException(Code.BAD_TIME, "null is no list of times");
            }
            at = times.clone();
            return this;
        }

        /** How many threads run it; as many as there are processors unless given. */
        public Builder threads(int n) {
            threads = Math.max(1, n);
            return this;
        }

        /**
         * Makes the runs, each from the defaults, with the same bits that single runs give.
         *
         * @throws SimcException before the first run {@link Code#UNKNOWN_NAME}, {@link Code#AMBIGUOUS_NAME},
         *     {@link Code#NOT_SETTABLE}, {@link Code#SHAPE}, {@link Code#BAD_VALUE}, {@link Code#BAD_TIME} for a time without a saved
         *     row; {@link Code#MEMORY} for more numbers than there is memory for. Runs that fail on their way are in
         *     {@link Batch#errors()}.
         */
        public Batch run() {
            try {
                return make();
            } catch (OutOfMemoryError error) {
                throw SimcException.broken("the results of the batch", error);
            }
        }

        private Batch make() {
            Samples all = samples();
            List<Directory.Title> columns = model.directory.columns(outputs == null ? usualOutputs() : outputs);
            int[] slots = columns.stream().skip(1).mapToInt(it -> it.slot).toArray();
            List<String> titles = new ArrayList<>();
            columns.stream().skip(1).forEach(it -> titles.add(it.title));
            TimeAxis time = model.time();
            int[] rows = new int[at == null ? time.rows : at.length];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = at == null ? i : row(time, at[i]);
            }
            double count = (double) all.count() * slots.length * rows.length;
            if (count > Integer.MAX_VALUE - 8) {
                throw SimcException.memory(String.format("%.0f numbers, which no array has", count));
            }
            double[] values = new double[all.count() * slots.length * rows.length];
            Map<Integer, SimcException> errors = new TreeMap<>();
            AtomicInteger next = new AtomicInteger();
            AtomicReference<Throwable> fatal = new AtomicReference<>();
            Runnable worker = () -> {
                for (int run = next.getAndIncrement(); run < all.count() && fatal.get() == null; run = next.getAndIncrement()) {
                    try {
                        SimcException failed = runOne(all.ofRun(run), slots, rows, values, run * slots.length * rows.length);
                        if (failed != null) {
                            synchronized (errors) {
                                errors.put(run, failed);
                            }
                        }
                    } catch (RuntimeException | Error error) {
                        fatal.compareAndSet(null, error);
                    }
                }
            };
            runAll(worker, Math.min(threads, all.count()));
            if (fatal.get() instanceof Error) {
                throw (Error) fatal.get();
            }
            if (fatal.get() != null) {
                throw (RuntimeException) fatal.get();
            }
            double[] times = Arrays.stream(rows).mapToDouble(time::ofRow).toArray();
            return new Batch(all.count(), List.copyOf(titles), times, values, errors);
        }

        private static void runAll(Runnable worker, int n) {
            if (n <= 1) {
                worker.run();
                return;
            }
            Thread[] all = new Thread[n];
            for (int i = 0; i < n; i++) {
                all[i] = new Thread(worker, "simc batch " + i);
                all[i].start();
            }
            boolean wasInterrupted = false;
            for (Thread thread : all) {
                while (thread.isAlive()) {
                    try {
                        thread.join();
                    } catch (InterruptedException error) {
                        wasInterrupted = true;
                    }
                }
            }
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private SimcException runOne(Assignments assignments, int[] slots, int[] rows, double[] values, int from) {
            return model.rerun(assignments, sim -> {
                sim.step(Double.POSITIVE_INFINITY);
                SimcException failed = sim.failure(false);
                int saved = sim.savedRows();
                int place = from;
                for (int slot : slots) {
                    for (int row : rows) {
                        values[place++] = row < saved ? sim.at(row, slot) : Double.NaN;
                    }
                }
                return failed;
            });
        }

        private Samples samples() {
            if (each != null) {
                return Samples.ofMaps(model.directory, each);
            }
            return params == null ? Samples.ofMaps(model.directory, List.of()) : Samples.ofRows(model.directory, params, samples);
        }

        private List<String> usualOutputs() {
            List<String> stocks = named(Kind.STOCK);
            return stocks.isEmpty() ? named(Kind.FLOW, Kind.AUXILIARY, Kind.MODULE_INPUT) : stocks;
        }

        private List<String> named(Kind... kinds) {
            List<String> names = new ArrayList<>();
            for (Variable variable : model.variables()) {
                if (Arrays.asList(kinds).contains(variable.kind())) {
                    names.add(variable.name());
                }
            }
            return names;
        }

        private static int row(TimeAxis time, double wanted) {
            if (wanted == Double.POSITIVE_INFINITY) {
                return time.rows - 1;
            }
            double row = Math.rint((wanted - time.start) / (time.saveEvery * time.dt));
            boolean isSaved = row >= 0 && row < time.rows && Math.abs(time.ofRow((int) row) - wanted) <= TOLERANCE * time.dt;
            if (!isSaved) {
                throw new SimcException(Code.BAD_TIME, "there is no saved row at time " + wanted);
            }
            return (int) row;
        }
    }
}
