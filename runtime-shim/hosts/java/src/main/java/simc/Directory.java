package simc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;

/** Finds variables and their elements by the names that people give them. */
final class Directory {
    private static final int MAX_KNOWN = 4096;

    /** A column of a table. */
    static final class Title {
        final String title;
        final int slot;

        Title(String title, int slot) {
            this.title = title;
            this.slot = slot;
        }
    }

    final List<Variable> variables;
    private final Map<String, Variable> byKey = new HashMap<>();
    private final Map<String, Integer> entries = new HashMap<>();
    private final Set<String> timeKeys = new HashSet<>();
    private final Map<String, Selection> known = new ConcurrentHashMap<>();

    Directory(Layout layout) {
        variables = layout.variables;
        Map<Integer, String> canonical = new HashMap<>();
        for (Layout.Entry entry : layout.entries) {
            canonical.putIfAbsent(entry.slot, entry.name);
            entries.putIfAbsent(entry.name, entry.slot);
        }
        for (Variable variable : variables) {
            String name = canonical.getOrDefault(variable.slot(), variable.name());
            int bracket = name.lastIndexOf('[');
            boolean isElement = bracket >= 0 && !variable.dimensions().isEmpty() && name.endsWith("]");
            variable.canonical(isElement ? name.substring(0, bracket) : name);
            String key = Names.key(variable.name());
            byKey.put(key, variable);
            if (variable.kind() == Kind.TIME) {
                timeKeys.add(key);
            }
        }
    }

    static void checkName(String name) {
        if (name == null) {
            throw new SimcException(Code.UNKNOWN_NAME, "null is no name");
        }
    }

    /** What a name means. */
    Selection find(String name) {
        checkName(name);
        Selection selection = known.get(name);
        if (selection == null) {
            selection = resolve(name);
            if (known.size() < MAX_KNOWN) {
                known.put(name, selection);
            }
        }
        return selection;
    }

    private Selection resolve(String name) {
        Variable whole = byKey.get(Names.writtenKey(name));
        if (whole != null) {
            return Selection.of(whole);
        }
        Names.Split split = Names.split(name);
        Variable base = split == null ? null : byKey.get(Names.writtenKey(split.base));
        if (base != null) {
            return Selection.of(base).choose(split.subscripts, name);
        }
        Integer slot = entries.get(name);
        if (slot != null) {
            return ofEntry(name, slot);
        }
        throw unknown(split == null ? name : split.base, "variable", variables.size(), i -> variables.get(i).name());
    }

    /** What an entry of the core record means: an element, or all of an array. */
    private Selection ofEntry(String name, int slot) {
        for (Variable variable : variables) {
            if (variable.slot() <= slot && slot < variable.slot() + variable.size()) {
                if (variable.canonical().equals(name)) {
                    return Selection.of(variable);
                }
                return new Selection(variable, new int[] {slot - variable.slot()}, List.of());
            }
        }
        throw new SimcException(Code.UNKNOWN_NAME, "nothing is known of " + SimcException.shown(name)).named(name, null);
    }

    /** The error for a name that none of n candidates has. */
    static SimcException unknown(String name, String what, int n, IntFunction<String> candidate) {
        String suggestion = Names.suggest(name, n, candidate);
        String hint = suggestion == null ? "" : "; did you mean " + SimcException.shown(suggestion) + "?";
        return new SimcException(Code.UNKNOWN_NAME, "there is no " + what + " " + SimcException.shown(name) + hint).named(name, suggestion);
    }

    /** The slot of the only element that a name means. */
    int single(String name) {
        return find(name).slot(name);
    }

    /** Whether a variable hides one of the run's own numbers. */
    boolean hidesTime(Variable variable) {
        return variable.kind() != Kind.TIME && timeKeys.contains(Names.key(variable.name()));
    }

    /** Columns of a table: the time, then the variables that are named, or with null all that are no part of the time axis. */
    List<Title> columns(List<String> names) {
        List<Title> columns = new ArrayList<>();
        columns.add(new Title("time", 0));
        if (names == null) {
            for (Variable variable : variables) {
                for (int element = 0; variable.kind() != Kind.TIME && element < variable.size(); element++) {
                    columns.add(new Title(variable.title(element), variable.slot() + element));
                }
            }
            return columns;
        }
        for (String name : names) {
            Selection selection = find(name);
            for (int element : selection.elements) {
                if (selection.variable.slot() != 0) {
                    columns.add(new Title(selection.variable.title(element), selection.variable.slot() + element));
                }
            }
        }
        return columns;
    }
}
