package simc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** What the runs of a batch set. All of it is checked before the first run. */
final class Samples {
    private final int count;
    private final IntFunction<Assignments> ofRun;

    private Samples(int count, IntFunction<Assignments> ofRun) {
        this.count = count;
        this.ofRun = ofRun;
    }

    /** What single runs set. */
    static Samples ofMaps(Directory directory, List<? extends Map<String, ?>> maps) {
        Assignments[] all = maps.stream().map(it -> new Assignments(directory, it)).toArray(Assignments[]::new);
        return new Samples(all.length, run -> all[run]);
    }

    /** A row for each run: names are looked up once. */
    static Samples ofRows(Directory directory, List<String> params, double[][] rows) {
        Assignments first = checked(directory, params, new double[params.size()]);
        for (int run = 0; run < rows.length; run++) {
            if (rows[run].length != params.size()) {
                throw new SimcException(Code.SHAPE, "the sample of run " + run + " has " + rows[run].length + " numbers, and there are "
                        + params.size() + " params");
            }
            for (double value : rows[run]) {
                if (!Double.isFinite(value)) {
                    checked(directory, params, rows[run]);
                }
            }
        }
        return new Samples(rows.length, run -> first.with(rows[run]));
    }

    private static Assignments checked(Directory directory, List<String> params, double[] row) {
        Map<String, Double> sample = new LinkedHashMap<>();
        for (int i = 0; i < row.length; i++) {
            sample.put(params.get(i), row[i]);
        }
        if (sample.size() < params.size()) {
            throw new SimcException(Code.AMBIGUOUS_NAME, "a name is given twice");
        }
        return new Assignments(directory, sample);
    }

    int count() {
        return count;
    }

    Assignments ofRun(int run) {
        return ofRun.apply(run);
    }
}
