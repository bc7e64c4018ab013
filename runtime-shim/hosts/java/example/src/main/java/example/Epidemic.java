package example;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import simc.Batch;
import simc.Engine;
import simc.Model;
import simc.Sim;
import simc.SimcException;
import simc.Variable;

/** Courses of an epidemic, and what moves its peak. The model's code is compiled when the program is built. */
public final class Epidemic {
    private Epidemic() {
    }

    /** Prints them. */
    public static void main(String[] args) throws IOException {
        byte[] artifact;
        try (InputStream in = Epidemic.class.getResourceAsStream("/sir.wasm")) {
            artifact = in.readAllBytes();
        }
        try (Model model = Model.load(artifact, null, Engine.translated(SirCode::load, SirCode::create))) {
            System.out.printf("%s: %d rows from %s to %s%n", model.name(), model.time().rows, model.time().start, model.time().stop);
            for (Variable parameter : model.parameters()) {
                System.out.printf("  %s = %s %s%n", parameter.name(), parameter.defaultOf(0).orElse(Double.NaN), parameter.units().orElse(""));
            }

            // A run from the defaults, with another contact rate.
            System.out.printf("a peak of %.0f%n", peak(model.run(Map.of("contact rate", 6)).series("Infectious")));

            // A run that is steered: contacts fall when a tenth is infectious.
            try (Sim sim = model.sim()) {
                for (double day = 0; day <= model.time().stop; day++) {
                    sim.runTo(day);
                    if (sim.value("Infectious") > 1000) {
                        sim.set("Contact Rate", 3);
                    }
                }
                System.out.printf("with fewer contacts from then on %.0f%n", peak(sim.series("Infectious")));
            }

            // Many runs, and the last value of each.
            double[][] rates = {{2}, {4}, {6}, {8}};
            Batch batch = model.batch().samples(List.of("Contact Rate"), rates).outputs("Recovered").at(Double.POSITIVE_INFINITY).run();
            for (int run = 0; run < batch.runs(); run++) {
                System.out.printf("contact rate %.0f: %.0f had it%n", rates[run][0], batch.series(run, 0)[0]);
            }

            // Mistakes are told by a code for programs and a sentence for people.
            try {
                model.run(Map.of("contact rat", 6));
            } catch (SimcException error) {
                System.out.println(error.code() + ": " + error.getMessage());
            }
        }
    }

    private static double peak(double[] series) {
        return Arrays.stream(series).max().orElse(0);
    }
}
