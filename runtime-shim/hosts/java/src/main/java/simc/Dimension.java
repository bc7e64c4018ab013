package simc;

import java.util.List;

/** A dimension of arrays. */
public final class Dimension {
    /** As its author wrote it. */
    public final String name;
    /** Its elements in order. */
    public final List<String> elements;

    Dimension(String name, List<String> elements) {
        this.name = name;
        this.elements = List.copyOf(elements);
    }
}
