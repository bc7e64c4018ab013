package simc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The host by itself; the vectors are played by {@link Vectors}. */
final class HostTest {
    private static byte[] artifact() throws IOException {
        return Files.readAllBytes(Path.of("example/src/main/resources/sir.wasm"));
    }

    private static Code codeOf(Runnable call) {
        return assertThrows(SimcException.class, call::run).code();
    }

    @Test
    void bothEnginesHaveTheSameBits() throws IOException {
        try (Model compiled = Model.load(artifact()); Model interpreted = Model.load(artifact(), null, Engine.interpreted())) {
            assertArrayEquals(compiled.run().data(), interpreted.run().data());
        }
    }

    @Test
    void valuesAreNumbersOrListsOfThem() throws IOException {
        try (Model model = Model.load(artifact())) {
            for (Object value : new Object[] {6, 6L, 6.0, 6f, (byte) 6, new double[] {6}, new int[] {6}, List.of(6)}) {
                assertTrue(model.run(Map.of("Contact Rate", value)).complete());
            }
            for (Object value : new Object[] {"6", true, new double[] {6, 6}, List.of("6"), Map.of("a", 1), new double[][] {{6}}, new Object()}) {
                assertEquals(Code.SHAPE, codeOf(() -> model.run(Map.of("Contact Rate", value))), value.toString());
            }
            assertEquals(Code.SHAPE, codeOf(() -> model.run(Collections.singletonMap("Contact Rate", null))));
            assertEquals(Code.BAD_VALUE, codeOf(() -> model.run(Map.of("Contact Rate", Double.NaN))));
        }
    }

    @Test
    void misspeltNamesAreSuggested() throws IOException {
        try (Model model = Model.load(artifact())) {
            SimcException error = assertThrows(SimcException.class, () -> model.run(Map.of("Contct Rate", 6)));
            assertEquals(Code.UNKNOWN_NAME, error.code());
            assertEquals(Optional.of("Contact Rate"), error.suggestion());
            assertEquals(Optional.of("Contct Rate"), error.name());
            assertEquals("unknown-name", error.code().toString());
            Map<String, Object> twice = new HashMap<>(Map.of("Contact Rate", 1, "contact_rate", 2));
            assertEquals(Code.AMBIGUOUS_NAME, codeOf(() -> model.run(twice)));
        }
    }

    @Test
    void artifactsThatAreNoneAreRefused() throws IOException {
        byte[] whole = artifact();
        for (int length = 0; length < whole.length; length += 37) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertEquals(Code.BAD_ARTIFACT, codeOf(() -> Model.load(cut)));
        }
        assertEquals(Code.WRONG_ARTIFACT, codeOf(() -> Model.load(whole, "00", Engine.compiled())));
    }

    @Test
    void forgedLayoutsAreErrorsAlone() throws IOException {
        byte[] whole = artifact();
        for (int at = 8; at < whole.length; at++) {
            byte[] forged = whole.clone();
            forged[at] ^= (byte) 0xff;
            try {
                new Layout(forged);
            } catch (SimcException error) {
                assertTrue(error.code() == Code.BAD_ARTIFACT || error.code() == Code.UNSUPPORTED);
            }
        }
    }

    @Test
    void whatIsClosedIsUsedNoMore() throws IOException {
        Model model = Model.load(artifact());
        Sim sim = model.sim();
        sim.close();
        sim.close();
        assertEquals(Code.CLOSED, codeOf(() -> sim.value("Infectious")));
        assertEquals(Code.CLOSED, codeOf(sim::state));
        model.close();
        assertEquals(Code.CLOSED, codeOf(model::run));
    }

    @Test
    void aSecondThreadIsRefused() throws Exception {
        try (Model model = Model.load(artifact()); Sim sim = model.sim()) {
            CountDownLatch isInside = new CountDownLatch(1);
            CountDownLatch mayLeave = new CountDownLatch(1);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Map<String, Object> slow = new HashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                public java.util.Set<Map.Entry<String, Object>> entrySet() {
                    isInside.countDown();
                    try {
                        mayLeave.await();
                    } catch (InterruptedException error) {
                        failure.set(error);
                    }
                    return super.entrySet();
                }
            };
            Thread other = new Thread(() -> sim.set(slow));
            other.start();
            isInside.await();
            assertEquals(Code.BUSY, codeOf(sim::reset));
            mayLeave.countDown();
            other.join();
            sim.reset();
        }
    }

    @Test
    void threadsShareAModel() throws IOException {
        try (Model model = Model.load(artifact())) {
            double[] alone = model.run(Map.of("Contact Rate", 7)).data();
            IntStream.range(0, 32).parallel().forEach(i -> assertArrayEquals(alone, model.run(Map.of("Contact Rate", 7)).data()));
        }
    }

    @Test
    void numbersAreShortest() {
        Object[] pairs = {"0", 0.0, "-0", -0.0, "0.1", 0.1, "1e300", 1e300, "-2.5e-9", -2.5e-9, "1000000000000000", 1e15, "1e16", 1e16,
            "NaN", Double.NaN, "-inf", Double.NEGATIVE_INFINITY, "8.975906372070313", 8.9759063720703125, "5e-324", Double.MIN_VALUE,
            "0.00001", 1e-5, "2.2250738585072014e-308", Double.MIN_NORMAL, "1.7976931348623157e308", Double.MAX_VALUE};
        for (int i = 0; i < pairs.length; i += 2) {
            assertEquals(pairs[i], Csv.number((Double) pairs[i + 1]));
        }
    }
}
