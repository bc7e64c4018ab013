package simc;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What an artifact says about itself: the section {@code simc.layout}, read from the bytes of the module. */
final class Layout {
    static final int RESERVED_SLOTS = 4;
    private static final long MAX_MEMORY = 1L << 32;
    private static final int VERSION = 2;
    private static final String SECTION = "simc.layout";

    /** An entry of the core record: a canonical name and its slot. */
    static final class Entry {
        final String name;
        final int slot;

        Entry(String name, int slot) {
            this.name = name;
            this.slot = slot;
        }
    }

    /** A conveyor or queue, whose elements error words count. */
    private static final class Transport {
        final String name;
        final List<Dimension> dimensions;

        Transport(String name, List<Dimension> dimensions) {
            this.name = name;
            this.dimensions = dimensions;
        }
    }

    final long digest;
    final int nSlots;
    final int nChunks;
    final long resultsOffset;
    final List<Entry> entries;
    String producer = "";
    String name = "";
    String sourceSha256 = "";
    TimeAxis time;
    boolean hasInputs;
    List<Dimension> dimensions = List.of();
    List<Variable> variables = List.of();
    List<Group> groups = List.of();
    List<Link> links = List.of();
    List<Control> controls = List.of();
    List<SourceFile> files = List.of();
    List<Table> tables = List.of();
    List<Threshold> thresholds = List.of();
    private List<Transport> transports = List.of();

    /** Reads the description in the bytes of an artifact. */
    Layout(byte[] artifact) {
        Cursor section = findSection(artifact);
        digest = Digest.ofLayout(section.rest());
        long slots = section.u64();
        long chunks = section.u64();
        resultsOffset = section.u64();
        boolean fits = (double) slots * chunks * 8 + resultsOffset <= MAX_MEMORY && 8.0 * slots <= MAX_MEMORY;
        if (!fits || chunks > Integer.MAX_VALUE) {
            throw section.fail("its results do not fit a memory");
        }
        nSlots = (int) slots;
        nChunks = (int) chunks;
        entries = section.list(item -> {
            String entry = item.str();
            long slot = item.u64();
            if (slot >= nSlots) {
                throw item.fail("a slot is outside of the row");
            }
            return new Entry(entry, (int) slot);
        });
        readRecords(section);
        check(artifact.length);
    }

    /** Bytes that the results end at. */
    long resultsEnd() {
        return resultsOffset + 8L * nSlots * nChunks;
    }

    /** Whether an artifact says that it uses instructions for several numbers at once, which not every engine has. */
    static boolean usesSimd(byte[] artifact) {
        Cursor cursor = new Cursor(artifact, 8, artifact.length);
        while (!cursor.isAtEnd()) {
            int id = cursor.u8();
            long length = cursor.leb();
            int from = cursor.skip(length);
            if (id == 0) {
                Cursor section = new Cursor(artifact, from, cursor.at());
                boolean isFeatures = section.text(section.leb()).equals("target_features");
                if (isFeatures && new String(section.rest(), StandardCharsets.ISO_8859_1).contains("simd128")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The content of the only section of layouts. */
    private static Cursor findSection(byte[] artifact) {
        Cursor cursor = new Cursor(artifact, 0, artifact.length);
        if (artifact.length < 8 || cursor.u32() != 0x6d736100 || cursor.u32() != 1) {
            throw SimcException.badArtifact("it is no WebAssembly module", 0);
        }
        Cursor found = null;
        while (!cursor.isAtEnd()) {
            int id = cursor.u8();
            long length = cursor.leb();
            int from = cursor.skip(length);
            if (id != 0) {
                continue;
            }
            Cursor section = new Cursor(artifact, from, cursor.at());
            if (!section.text(section.leb()).equals(SECTION)) {
                continue;
            }
            if (found != null) {
                throw SimcException.badArtifact("there are two sections " + SECTION, from);
            }
            found = section;
        }
        if (found == null) {
            throw SimcException.badArtifact("it has no section " + SECTION, artifact.length);
        }
        return found;
    }

    private void readRecords(Cursor section) {
        Set<Long> seen = new HashSet<>();
        while (!section.isAtEnd()) {
            int start = section.at();
            long tag = section.u32();
            Cursor record = section.record();
            if (tag != 1 && !seen.contains(1L)) {
                throw SimcException.badArtifact("its first record is not the format", start);
            }
            boolean isLate = tag == 4 && (seen.contains(5L) || seen.contains(42L) || seen.contains(49L))
                    || tag == 5 && seen.contains(43L);
            boolean isKnown = tag <= 6 && tag > 0 || tag == 40 || tag >= 42 && tag <= 44 || tag == 46 || tag == 48 || tag == 49;
            if (!isKnown) {
                continue;
            }
            if (isLate || !seen.add(tag)) {
                throw SimcException.badArtifact("record " + tag + " stands where it must not", start);
            }
            read((int) tag, record);
            if (!record.isAtEnd()) {
                throw record.fail("a record is longer than what it holds");
            }
        }
    }

    private void read(int tag, Cursor c) {
        switch (tag) {
            case 1:
                readFormat(c);
                break;
            case 2:
                producer = c.str();
                name = c.str();
                sourceSha256 = c.digest();
                break;
            case 3:
                readTime(c);
                break;
            case 4:
                dimensions = c.list(item -> new Dimension(item.str(), item.list(Cursor::str)));
                break;
            case 5:
                variables = c.list(this::readVariable);
                break;
            case 6:
                c.list(item -> item.str() + item.u64() + item.u64());
                break;
            case 40:
                groups = c.list(item -> new Group(item.str(), item.flags(1) == 1 ? item.str() : null, item.list(Cursor::str)));
                break;
            case 42:
                transports = c.list(item -> {
                    String transport = item.str();
                    item.oneOf("kind", "conveyor", "queue");
                    return new Transport(transport, readDimensions(item));
                });
                break;
            case 43:
                links = c.list(item -> new Link(readName(item), readName(item),
                        item.oneOf("sign", "unknown", "same", "opposite"), item.flags(1) == 1));
                break;
            case 44:
                controls = c.list(Layout::readControl);
                break;
            case 46:
                files = c.list(item -> new SourceFile(item.str(), item.digest()));
                break;
            case 48:
                readInputs(c);
                break;
            default:
                thresholds = c.list(this::readThreshold);
        }
    }

    private void readFormat(Cursor c) {
        long version = c.u32();
        if (version != VERSION) {
            String message = "the artifact has format version " + version + ", and this host reads version " + VERSION;
            throw new SimcException(Code.UNSUPPORTED, message);
        }
        if ((c.u32() & ~1L) != 0) {
            throw c.fail("a flag is unknown");
        }
    }

    private void readTime(Cursor c) {
        double start = c.f64();
        double stop = c.f64();
        double dt = c.f64();
        long steps = c.u64();
        long saveEvery = c.u64();
        String method = c.oneOf("method", "euler", "rk2", "rk4", "midpoint");
        String units = c.flags(1) == 1 ? c.str() : null;
        time = new TimeAxis(start, stop, dt, steps, saveEvery, method, units, nChunks);
    }

    private List<Dimension> readDimensions(Cursor c) {
        return c.list(item -> {
            long number = item.u32();
            if (number >= dimensions.size()) {
                throw item.fail("there is no dimension " + number);
            }
            return dimensions.get((int) number);
        });
    }

    private String readName(Cursor c) {
        long number = c.u32();
        if (number >= variables.size()) {
            throw c.fail("there is no variable " + number);
        }
        return variables.get((int) number).name();
    }

    private Variable readVariable(Cursor c) {
        String variable = c.str();
        int kindNumber = c.u8();
        if (kindNumber >= Kind.values().length) {
            throw c.fail("there is no kind " + kindNumber);
        }
        int flags = c.flags(0b11111);
        if ((flags & 0b10001) == 0b10001) {
            throw c.fail("it is settable as a whole and in part");
        }
        long slot = c.u64();
        List<Dimension> own = readDimensions(c);
        double size = 1;
        for (Dimension dimension : own) {
            size *= dimension.elements.size();
        }
        if (!(slot + size <= nSlots)) {
            throw c.fail("a slot is outside of the row");
        }
        TreeMap<Integer, double[]> defaults = (flags & 17) == 0 ? null : new TreeMap<>();
        if ((flags & 1) != 0) {
            defaults.put(0, c.numbers((long) size));
        } else if ((flags & 16) != 0) {
            int elements = (int) size;
            c.list(item -> {
                long first = item.u32();
                long n = item.u32();
                if (first + n > elements) {
                    throw item.fail("an element is outside of its array");
                }
                return defaults.put((int) first, item.numbers(n));
            });
        }
        String units = (flags & 2) != 0 ? c.str() : null;
        String documentation = (flags & 4) != 0 ? c.str() : null;
        Range range = (flags & 8) != 0 ? new Range(c.f64(), c.f64()) : null;
        Kind kind = Kind.values()[kindNumber];
        return new Variable(variable, kind, (int) slot, (int) size, own, defaults, units, documentation, range);
    }

    private static Control readControl(Cursor c) {
        String kind = c.oneOf("kind of control", "slider", "knob", "switch", "graph", "gauge");
        int flags = c.flags(0b111);
        List<String> variables = c.list(Cursor::str);
        Range range = (flags & 1) != 0 ? new Range(c.f64(), c.f64()) : null;
        double step = (flags & 2) != 0 ? c.f64() : Double.NaN;
        return new Control(kind, variables, range, step, (flags & 4) != 0 ? c.str() : null);
    }

    private void readInputs(Cursor c) {
        long offset = c.u64();
        long capacity = c.u64();
        if (!(8.0 * capacity + offset <= MAX_MEMORY)) {
            throw c.fail("its place for inputs does not fit a memory");
        }
        hasInputs = true;
        tables = c.list(item -> {
            String table = item.str();
            String kind = item.oneOf("kind", "continuous", "extrapolate", "discrete");
            int room = (int) Math.min(item.u32(), Integer.MAX_VALUE);
            return new Table(table, kind, room, item.list(point -> new Point(point.f64(), point.f64())));
        });
    }

    private Threshold readThreshold(Cursor c) {
        String variable = c.str();
        List<Dimension> own = readDimensions(c);
        int first = (int) Math.min(c.u32(), Integer.MAX_VALUE);
        int n = (int) Math.min(c.u32(), Integer.MAX_VALUE);
        double value = c.f64();
        String direction = c.oneOf("direction", "increasing", "decreasing");
        String repeat = c.oneOf("repetition", "each", "once", "once-ever");
        long interval = c.u32();
        List<Action> actions = c.list(item -> new Action(item.oneOf("action", "message", "pause", "stop"), item.str()));
        return new Threshold(variable, own, first, n, value, direction, repeat, interval, actions);
    }

    /** Asks for what no artifact is without. */
    private void check(int size) {
        if (time == null || variables.size() < RESERVED_SLOTS) {
            throw SimcException.badArtifact("it does not tell of its variables and its time", size);
        }
        for (int slot = 0; slot < RESERVED_SLOTS; slot++) {
            Variable variable = variables.get(slot);
            if (variable.kind() != Kind.TIME || variable.slot() != slot || variable.size() != 1) {
                throw SimcException.badArtifact("its row does not begin with the time", size);
            }
        }
        if (!(Double.isFinite(time.start) && time.dt > 0 && time.saveEvery > 0)) {
            throw SimcException.badArtifact("its time axis is none", size);
        }
    }

    /** The element of a conveyor or queue that an error word counts. */
    String transportName(long place) {
        long rest = place;
        for (Transport transport : transports) {
            long size = 1;
            for (Dimension dimension : transport.dimensions) {
                size *= dimension.elements.size();
            }
            if (rest < size) {
                return Variable.title(transport.name, transport.dimensions, (int) rest);
            }
            rest -= size;
        }
        return "conveyor or queue number " + place;
    }

    /** What a record of an event says, with what its threshold says. */
    Event describe(long event, int element, long step, double when, double value) {
        long rest = event;
        for (Threshold threshold : thresholds) {
            if (rest < threshold.actions.size()) {
                Action action = threshold.actions.get((int) rest);
                String variable = Variable.title(threshold.variable, threshold.dimensions, element);
                return new Event(step, when, value, variable, action.kind, action.message, threshold.value, threshold.direction);
            }
            rest -= threshold.actions.size();
        }
        return new Event(step, when, value, "", "message", "", Double.NaN, "increasing");
    }

    /** How many events one step can fire. */
    long eventsPerStep() {
        long sum = 0;
        for (Threshold threshold : thresholds) {
            sum += (long) threshold.n * threshold.actions.size();
        }
        return sum;
    }
}
