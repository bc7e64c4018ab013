package simc;

import java.util.List;

/** What belongs together according to the author. */
public final class Group {
    /** As its author wrote it. */
    public final String name;
    /** Null when there is none. */
    public final String documentation;
    /** Variables, or modules with all that is in them. */
    public final List<String> members;

    Group(String name, String documentation, List<String> members) {
        this.name = name;
        this.documentation = documentation;
        this.members = List.copyOf(members);
    }
}
