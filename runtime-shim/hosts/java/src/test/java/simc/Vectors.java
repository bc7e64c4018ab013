package simc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Plays the calls that every host plays, and compares what they give: {@code Vectors VECTORS ARTIFACTS [interpreted]}. It ends with the
 * line {@code N passed, N failed}.
 */
public final class Vectors {
    /** Sequences that this host cannot play, with the reason. They count as passed. */
    private static final Map<String, String> EXCEPTIONS = Map.of();

    private final Path folder;
    private final Map<String, Object> manifest;
    private final Engine engine;
    private final Map<String, Model> models = new HashMap<>();

    private Vectors(Path folder, Engine engine) throws IOException {
        this.folder = folder;
        this.engine = engine;
        manifest = map(Json.parse(Files.readString(folder.resolve("manifest.json"))));
    }

    /** Plays all vectors of a folder. */
    public static void main(String[] args) throws IOException {
        boolean isInterpreted = args.length > 2 && args[2].equals("interpreted");
        Vectors vectors = new Vectors(Path.of(args[1]), isInterpreted ? Engine.interpreted() : Engine.compiled());
        int failed = 0;
        int passed = 0;
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(args[0]))) {
            files = all.filter(it -> it.toString().endsWith(".json")).sorted().collect(Collectors.toList());
        }
        for (Path path : files) {
            Map<String, Object> file = map(Json.parse(Files.readString(path)));
            String stem = path.getFileName().toString().replace(".json", "");
            for (Object item : list(file.get("sequences"))) {
                Map<String, Object> sequence = map(item);
                String name = (String) sequence.get("name");
                if (EXCEPTIONS.containsKey(name)) {
                    System.out.println("exception: " + stem + ": " + name + ": " + EXCEPTIONS.get(name));
                    passed++;
                    continue;
                }
                String fault = vectors.play((String) sequence.getOrDefault("artifact", file.get("artifact")), list(sequence.get("calls")));
                if (fault == null) {
                    passed++;
                } else {
                    failed++;
                    System.out.println("failed: " + stem + ": " + name + ": " + fault);
                }
            }
        }
        System.out.println(passed + " passed, " + failed + " failed");
        System.exit(failed == 0 && passed > 0 ? 0 : 1);
    }

    private String play(String artifact, List<Object> calls) {
        Player player = new Player(artifact);
        for (int number = 0; number < calls.size(); number++) {
            Map<String, Object> call = map(calls.get(number));
            String place = "call " + number + " (" + call.get("call") + ")";
            Object wanted = call.get("error");
            Map<String, Object> found;
            try {
                found = player.call(call);
                if (wanted != null) {
                    return place + ": no error instead of " + wanted;
                }
                wanted = call.get("expect");
            } catch (SimcException error) {
                if (wanted == null) {
                    return place + ": " + error.code() + ": " + error.getMessage();
                }
                found = new HashMap<>();
                found.put("code", error.code().toString());
                found.put("suggestion", error.suggestion().orElse(null));
                found.put("variable", error.variable().orElse(null));
                found.put("byte", error.at().isPresent() ? (double) error.at().getAsInt() : null);
            } catch (IOException | RuntimeException error) {
                error.printStackTrace();
                return place + ": " + error;
            }
            String difference = compare(wanted, found, place);
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    /** What is expected and not found; what is not mentioned does not matter. */
    private static String compare(Object wanted, Object found, String place) {
        if (wanted instanceof Map && found instanceof Map) {
            for (Map.Entry<String, Object> field : map(wanted).entrySet()) {
                if (!map(found).containsKey(field.getKey())) {
                    return place + ": there is no " + field.getKey();
                }
                String difference = compare(field.getValue(), map(found).get(field.getKey()), place + "." + field.getKey());
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        if (wanted instanceof List && found instanceof List && list(wanted).size() == list(found).size()) {
            for (int i = 0; i < list(wanted).size(); i++) {
                String difference = compare(list(wanted).get(i), list(found).get(i), place + "[" + i + "]");
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        Object number = found instanceof Number ? (Object) ((Number) found).doubleValue() : found;
        boolean isSame = wanted == null ? found == null : wanted.equals(number);
        return wanted == null && found == null || isSame ? null : place + ": " + found + " instead of " + wanted;
    }

    /** One sequence. */
    private final class Player {
        private final String artifact;
        private Model model;
        private Sim sim;
        private Run run;

        Player(String artifact) {
            this.artifact = artifact;
        }

        /** The model of the sequence. Models are shared by sequences: they never change. */
        private Model model() throws IOException {
            if (model == null) {
                model = models.get(artifact);
            }
            if (model == null) {
                model = Model.load(Files.readAllBytes(folder.resolve(artifact)), null, engine);
                models.put(artifact, model);
            }
            return model;
        }

        private Sim sim() throws IOException {
            if (sim == null) {
                sim = model().sim();
            }
            return sim;
        }

        private Map<String, Object> call(Map<String, Object> call) throws IOException {
            String name = (String) call.get("call");
            String subject = (String) call.get("name");
            switch (name) {
                case "load":
                    return load(call);
                case "variable":
                    return variable(model().variable(subject));
                case "model":
                    return describe(model());
                case "links":
                    return Map.of("list", model().links().stream().map(Vectors::link).collect(Collectors.toList()));
                case "controls":
                    return Map.of("list", model().controls().stream().map(Vectors::control).collect(Collectors.toList()));
                case "run":
                    return rows(model().run(params(call.get("params"))));
                case "sim_run":
                    return rows(sim().run());
                case "columns":
                    return columns(run.columns(names(call.get("names"))));
                case "csv":
                    byte[] csv = run.csv(names(call.get("names"))).getBytes(StandardCharsets.UTF_8);
                    return Map.of("sha256", Digest.sha256(csv), "bytes", csv.length);
                case "batch":
                    return batch(call);
                case "sim":
                    sim = model().sim(params(call.get("params")));
                    return Map.of();
                case "set":
                    sim().set(subject, value(call.get("value")));
                    return Map.of();
                case "pause_on_events":
                    sim().pauseOnEvents((Boolean) call.get("on"));
                    return Map.of();
                case "set_table":
                    List<Point> points = new ArrayList<>();
                    list(call.get("points")).forEach(it -> points.add(new Point(number(list(it).get(0)), number(list(it).get(1)))));
                    sim().setTable(subject, points);
                    return Map.of();
                case "close":
                    sim().close();
                    return Map.of();
                case "value":
                    return Map.of("bits", bits(sim().values(subject)));
                case "series":
                    return series(sim().series(subject));
                case "events":
                    return events();
                default:
                    return step(name, call);
            }
        }

        private Map<String, Object> load(Map<String, Object> call) throws IOException {
            String file = (String) call.get("artifact");
            Object sha256 = call.get("sha256");
            Object wanted = "right".equals(sha256) ? manifest.get(file) : sha256;
            model = Model.load(Files.readAllBytes(folder.resolve(file)), (String) wanted, engine);
            return Map.of("name", model.name(), "variables", model.variables().size());
        }

        private Map<String, Object> step(String name, Map<String, Object> call) throws IOException {
            switch (name) {
                case "clear":
                    sim().clear();
                    break;
                case "reset":
                    sim().reset();
                    break;
                case "run_initials":
                    sim().runInitials();
                    break;
                case "run_to":
                    sim().runTo(number(call.get("target")));
                    break;
                case "run_to_end":
                    sim().runToEnd();
                    break;
                case "state":
                    break;
                default:
                    throw new IllegalStateException("there is no call " + name);
            }
            return Map.of("state", sim().state().toString(), "saved", sim().saved(), "time", bits(sim().time()));
        }

        private Map<String, Object> rows(Run given) throws IOException {
            run = given;
            double[] data = run.data();
            int width = run.rows() == 0 ? 0 : data.length / run.rows();
            DoubleStream.Builder numbers = DoubleStream.builder();
            for (int row = 0; row < run.rows(); row++) {
                for (Variable variable : model().variables()) {
                    for (int element = 0; element < variable.size(); element++) {
                        numbers.add(data[row * width + variable.slot() + element]);
                    }
                }
            }
            return Map.of("rows", run.rows(), "state", run.state().toString(), "sha256", digest(numbers.build().toArray()),
                    "events", run.events().size());
        }

        private Map<String, Object> batch(Map<String, Object> call) throws IOException {
            Batch.Builder builder = model().batch();
            if (call.get("params") == null) {
                List<Map<String, Object>> each = new ArrayList<>();
                list(call.get("samples")).forEach(sample -> each.add(params(sample)));
                builder.samples(each);
            } else {
                double[][] rows = list(call.get("samples")).stream().map(row -> numbers(row)).toArray(double[][]::new);
                builder.samples(Arrays.asList(names(call.get("params"))), rows);
            }
            if (call.get("outputs") != null) {
                builder.outputs(names(call.get("outputs")));
            }
            if (call.get("at") != null) {
                builder.at(numbers(call.get("at")));
            }
            Batch batch = builder.run();
            List<Object> errors = new ArrayList<>();
            batch.errors().forEach((number, error) -> errors.add(List.of((double) number, error.code().toString())));
            return Map.of("titles", batch.titles(), "times", batch.times().length, "sha256", digest(batch.values()), "errors", errors);
        }

        private Map<String, Object> events() {
            List<Event> fired = sim != null ? sim.events() : run != null ? run.events() : List.of();
            List<Object> shown = new ArrayList<>();
            for (Event event : fired) {
                shown.add(Map.of("step", (double) event.step, "time", bits(event.time), "value", bits(event.value),
                        "variable", event.variable, "action", event.action, "message", event.message));
            }
            return Map.of("count", shown.size(), "list", shown);
        }
    }

    private static Map<String, Object> columns(List<Column> columns) {
        List<String> titles = columns.stream().map(it -> it.title).collect(Collectors.toList());
        double[] numbers = columns.stream().flatMapToDouble(it -> Arrays.stream(it.values)).toArray();
        byte[] joined = String.join("\n", titles).getBytes(StandardCharsets.UTF_8);
        return Map.of("titles", titles, "titles_sha256", Digest.sha256(joined), "sha256", digest(numbers));
    }

    private static Map<String, Object> series(double[] series) {
        Map<String, Object> found = new HashMap<>();
        found.put("length", series.length);
        found.put("sha256", digest(series));
        found.put("first", series.length == 0 ? null : bits(series[0]));
        found.put("last", series.length == 0 ? null : bits(series[series.length - 1]));
        return found;
    }

    private static Map<String, Object> variable(Variable it) {
        Map<String, Object> found = new HashMap<>();
        found.put("name", it.name());
        found.put("canonical", it.canonical());
        found.put("kind", it.kind().toString());
        found.put("shape", Arrays.stream(it.shape()).mapToObj(n -> (Object) (double) n).collect(Collectors.toList()));
        found.put("settable", it.settable());
        found.put("units", it.units().orElse(null));
        found.put("documentation", it.documentation().orElse(null));
        found.put("default", it.settable() ? bits(it.defaults()) : null);
        found.put("titles", it.titles());
        found.put("range", it.range().map(range -> bits(new double[] {range.least, range.greatest})).orElse(null));
        return found;
    }

    private static Map<String, Object> link(Link it) {
        return Map.of("cause", it.cause, "effect", it.effect, "sign", it.sign, "is_initial", it.isInitial);
    }

    private static Map<String, Object> control(Control it) {
        Map<String, Object> found = new HashMap<>();
        found.put("kind", it.kind);
        found.put("variables", new ArrayList<Object>(it.variables));
        found.put("range", it.range == null ? null : bits(new double[] {it.range.least, it.range.greatest}));
        found.put("step", Double.isNaN(it.step) ? null : bits(it.step));
        found.put("label", it.label);
        return found;
    }

    private static Map<String, Object> describe(Model model) {
        TimeAxis it = model.time();
        Map<String, Object> time = new HashMap<>();
        time.put("start", bits(it.start));
        time.put("stop", bits(it.stop));
        time.put("dt", bits(it.dt));
        time.put("steps", it.steps);
        time.put("save_every", it.saveEvery);
        time.put("method", it.method);
        time.put("rows", it.rows);
        time.put("units", it.units);
        List<String> parameters = model.parameters().stream().map(Variable::name).collect(Collectors.toList());
        return Map.of("name", model.name(), "parameters", parameters, "dimensions", model.dimensions().size(), "time", time);
    }

    /** Parameters: an object, or pairs. */
    private static Map<String, Object> params(Object given) {
        Map<String, Object> params = new LinkedHashMap<>();
        if (given instanceof Map) {
            map(given).forEach((name, value) -> params.put(name, value(value)));
        } else if (given != null) {
            list(given).forEach(pair -> params.put((String) list(pair).get(0), value(list(pair).get(1))));
        }
        return params;
    }

    /** A number by its bits, a list, numbers by element, or what is none of these. */
    private static Object value(Object given) {
        if (given instanceof Map) {
            return params(given);
        }
        if (given instanceof List) {
            return list(given).stream().map(Vectors::value).collect(Collectors.toCollection(ArrayList::new));
        }
        String text = (String) given;
        if (text.startsWith("text:")) {
            return text.substring(5);
        }
        return text.equals("true") ? Boolean.TRUE : text.equals("null") ? null : (Object) number(text);
    }

    private static double number(Object given) {
        return Double.longBitsToDouble(Long.parseUnsignedLong((String) given, 16));
    }

    private static double[] numbers(Object given) {
        return list(given).stream().mapToDouble(Vectors::number).toArray();
    }

    private static String[] names(Object given) {
        return given == null ? new String[0] : list(given).stream().map(it -> (String) it).toArray(String[]::new);
    }

    private static String bits(double value) {
        return String.format("%016x", Double.doubleToRawLongBits(value));
    }

    private static List<Object> bits(double[] values) {
        return Arrays.stream(values).mapToObj(it -> (Object) bits(it)).collect(Collectors.toList());
    }

    private static String digest(double[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (double number : numbers) {
            bytes.putLong(Double.doubleToRawLongBits(number));
        }
        return Digest.sha256(bytes.array());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object given) {
        return (Map<String, Object>) given;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object given) {
        return given == null ? List.of() : (List<Object>) given;
    }
}
