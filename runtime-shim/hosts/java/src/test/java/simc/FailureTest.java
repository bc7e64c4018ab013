package simc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import run.endive.runtime.Instance;

/** Whatever goes wrong is a {@link SimcException} with the code that says so. */
final class FailureTest {
    private static byte[] artifact() throws IOException {
        return Files.readAllBytes(Path.of("example/src/main/resources/sir.wasm"));
    }

    private static void gives(Code code, Runnable call) {
        assertEquals(code, assertThrows(SimcException.class, call::run).code());
    }

    /** What another tool has made of an artifact. */
    private static Engine of(byte[] code) {
        return new Engine() {
            @Override
            Supplier<Instance> prepare(byte[] artifact, Layout layout) {
                return Engine.interpreted().prepare(code, layout);
            }

            @Override
            boolean isGiven() {
                return true;
            }
        };
    }

    @Test
    void theEngineOfAnotherArtifactIsRefused() throws IOException {
        byte[] artifact = artifact();
        try (Model model = Model.load(artifact, null, of(artifact))) {
            assertTrue(model.run().complete());
        }
        byte[] another = Forge.withAnotherDigest(artifact);
        SimcException error = assertThrows(SimcException.class, () -> Model.load(artifact, null, of(another)));
        assertEquals(Code.WRONG_ARTIFACT, error.code());
        assertEquals("engine of another artifact", error.getMessage());
        gives(Code.WRONG_ARTIFACT, () -> Model.load(artifact, null, of(Forge.trapIn(artifact, "layout_digest"))));
    }

    @Test
    void trapsAreErrors() throws IOException {
        for (String export : new String[] {"run_to", "run_initials", "reset", "set_value", "clear_values", "get_error"}) {
            for (Engine engine : new Engine[] {Engine.compiled(), Engine.interpreted()}) {
                try (Model model = Model.load(Forge.trapIn(artifact(), export), null, engine)) {
                    gives(Code.BAD_ARTIFACT, () -> {
                        model.run(Map.of("Contact Rate", 6));
                        model.sim().runInitials();
                    });
                    gives(Code.BAD_ARTIFACT, () -> {
                        model.batch().samples(List.of("Contact Rate"), new double[] {6}).run();
                        model.sim().runInitials();
                    });
                }
            }
        }
    }

    @Test
    void aTrapWhileATableIsSetIsAnError() throws IOException {
        String artifacts = System.getProperty("simc.artifacts");
        assumeTrue(artifacts != null, "-Dsimc.artifacts says where artifacts with tables are");
        byte[] artifact = Files.readAllBytes(Path.of(artifacts, "kinds.wasm"));
        for (Engine engine : new Engine[] {Engine.compiled(), Engine.interpreted()}) {
            try (Model model = Model.load(Forge.trapIn(artifact, "set_table"), null, engine); Sim sim = model.sim()) {
                String table = model.tables().get(0).name;
                gives(Code.BAD_ARTIFACT, () -> sim.setTable(table, List.of(new Point(0, 1), new Point(1, 2))));
                gives(Code.BAD_VALUE, () -> sim.setTable(table, null));
                gives(Code.BAD_VALUE, () -> sim.setTable(table, Collections.singletonList(null)));
                gives(Code.UNKNOWN_NAME, () -> sim.setTable(null, List.of()));
            }
        }
    }

    @Test
    void memoryThatIsForgedIsRefusedBeforeItIsTaken() throws IOException {
        for (int pages : new int[] {300, 30_000, 65_536}) {
            byte[] forged = Forge.withPages(artifact(), pages);
            gives(Code.BAD_ARTIFACT, () -> Model.load(forged));
            gives(Code.BAD_ARTIFACT, () -> Model.load(forged, null, Engine.interpreted()));
        }
    }

    @Test
    void artifactsForSimdAreUnsupported() throws IOException {
        byte[] simd = Forge.withSimd(artifact());
        gives(Code.UNSUPPORTED, () -> Model.load(simd));
        gives(Code.UNSUPPORTED, () -> Model.load(simd, null, Engine.interpreted()));
    }

    @Test
    void aBatchThatNoMemoryHoldsIsAnError() throws IOException {
        try (Model model = Model.load(artifact())) {
            double[][] rows = new double[1 << 20][];
            Arrays.fill(rows, new double[] {6});
            double[] times = new double[1 << 12];
            gives(Code.MEMORY, () -> model.batch().samples(List.of("Contact Rate"), rows).at(times).run());
        }
    }

    @Test
    void nullIsAnErrorWithACode() throws IOException {
        gives(Code.BAD_ARTIFACT, () -> Model.load((byte[]) null));
        gives(Code.BAD_ARTIFACT, () -> {
            try {
                Model.load((Path) null);
            } catch (IOException error) {
                throw new AssertionError(error);
            }
        });
        try (Model model = Model.load(artifact(), null, null); Sim sim = model.sim(null)) {
            assertTrue(model.run(null, (String[]) null).complete());
            Run run = model.run();
            for (Runnable call : new Runnable[] {
                () -> model.variable(null), () -> model.run(Collections.singletonMap(null, 6)), () -> model.run(null, (String) null),
                () -> sim.set(null, 6), () -> sim.value(null), () -> sim.values(null), () -> sim.series(null), () -> sim.run((String) null),
                () -> run.series(null), () -> run.value(null, 0), () -> run.columns((String) null), () -> run.csv((String) null),
                () -> model.batch().outputs((String) null), () -> model.batch().outputs((String[]) null),
                () -> model.batch().samples(Collections.singletonList(null), new double[] {6}),
            }) {
                gives(Code.UNKNOWN_NAME, call);
            }
            gives(Code.SHAPE, () -> sim.set("Contact Rate", null));
            gives(Code.SHAPE, () -> model.batch().samples(null, new double[] {6}));
            gives(Code.SHAPE, () -> model.batch().samples(List.of("Contact Rate"), (double[]) null));
            gives(Code.SHAPE, () -> model.batch().samples(List.of("Contact Rate"), (double[][]) null));
            gives(Code.BAD_TIME, () -> model.batch().at((double[]) null));
        }
    }

    @Test
    void mapsThatHoldThemselvesEnd() throws IOException {
        String artifacts = System.getProperty("simc.artifacts");
        assumeTrue(artifacts != null, "-Dsimc.artifacts says where artifacts with arrays are");
        Map<Object, Object> cycle = new HashMap<>();
        cycle.put("*,*", cycle);
        try (Model model = Model.load(Path.of(artifacts, "kinds.wasm"))) {
            gives(Code.SHAPE, () -> model.run(Map.of("rate", cycle)));
        }
    }

    @Test
    void elementsThatAreNoneAreErrors() throws IOException {
        try (Model model = Model.load(artifact())) {
            Variable scalar = model.variable("Contact Rate");
            assertEquals("Contact Rate", scalar.title(0));
            for (int element : new int[] {-1, 1, 99, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                gives(Code.UNKNOWN_NAME, () -> scalar.title(element));
                assertTrue(scalar.defaultOf(element).isEmpty());
            }
        }
    }

    @Test
    void aClosedModelClosesItsSims() throws IOException {
        Model model = Model.load(artifact());
        Sim sim = model.sim();
        sim.runTo(30);
        model.close();
        model.close();
        for (Runnable call : new Runnable[] {sim::runToEnd, sim::reset, sim::state, () -> sim.value("Infectious"), model::sim, model::run,
            () -> model.batch().samples(List.of("Contact Rate"), new double[] {6}).run()}) {
            gives(Code.CLOSED, call);
        }
        sim.close();
        assertEquals(17, model.variables().size());
    }
}
