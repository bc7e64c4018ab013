package simc;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a name means: elements of a variable, and the dimensions that it leaves open. */
final class Selection {
    final Variable variable;
    final int[] elements;
    final List<Dimension> open;

    Selection(Variable variable, int[] elements, List<Dimension> open) {
        this.variable = variable;
        this.elements = elements;
        this.open = open;
    }

    static Selection of(Variable variable) {
        return new Selection(variable, IntStream.range(0, variable.size()).toArray(), variable.dimensions());
    }

    /** Of the elements those that subscripts mean. */
    Selection choose(List<String> subscripts, String name) {
        if (subscripts.size() != open.size()) {
            String has = open.isEmpty() ? "no dimensions" : open.stream().map(it -> it.name).collect(Collectors.joining(", "));
            String message = SimcException.shown(variable.name()) + " has " + has + ", which is not what " + SimcException.shown(name) + " says";
            throw new SimcException(Code.SHAPE, message).named(name, null).about(variable.name());
        }
        int[] picked = {0};
        List<Dimension> stillOpen = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            Dimension dimension = open.get(i);
            int n = dimension.elements.size();
            int position = find(dimension, subscripts.get(i));
            if (position < 0) {
                stillOpen.add(dimension);
            }
            int first = Math.max(position, 0);
            int count = position < 0 ? n : 1;
            int[] next = new int[Math.multiplyExact(picked.length, count)];
            for (int before = 0; before < picked.length; before++) {
                for (int at = 0; at < count; at++) {
                    next[before * count + at] = picked[before] * n + first + at;
                }
            }
            picked = next;
        }
        return new Selection(variable, IntStream.of(picked).map(at -> elements[at]).toArray(), stillOpen);
    }

    /** The position of an element by its name or its number; -1 for all of them. */
    private static int find(Dimension dimension, String subscript) {
        if (subscript.equals("*")) {
            return -1;
        }
        String wanted = Names.writtenKey(subscript);
        for (int position = 0; position < dimension.elements.size(); position++) {
            if (Names.key(dimension.elements.get(position)).equals(wanted)) {
                return position;
            }
        }
        if (Names.key(dimension.name).equals(wanted)) {
            return -1;
        }
        if (subscript.matches("\\+?[0-9]{1,10}")) {
            long number = Long.parseLong(subscript.startsWith("+") ? subscript.substring(1) : subscript);
            if (number >= 1 && number <= dimension.elements.size()) {
                return (int) number - 1;
            }
        }
        String what = "element of " + dimension.name + " called";
        throw Directory.unknown(subscript, what, dimension.elements.size(), dimension.elements::get);
    }

    int[] shape() {
        return open.stream().mapToInt(dimension -> dimension.elements.size()).toArray();
    }

    /** The slot of the only element. */
    int slot(String name) {
        if (elements.length == 1) {
            return variable.slot() + elements[0];
        }
        String example = variable.title(elements.length == 0 ? 0 : elements[0]);
        String message = SimcException.shown(name) + " is " + elements.length + " elements; name one, as in "
                + SimcException.shown(example) + ", or ask for columns";
        throw new SimcException(Code.SHAPE, message).named(name, null).about(variable.name());
    }
}
