package simc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Names: when two of them are one, and what a misspelt one may have meant. The rules are those of equations. */
final class Names {
    private static final String SEPARATORS = " _\n\r\t\u00a0";
    private static final int LONGEST_NAME = 80;
    private static final int SUGGESTION_BUDGET = 1_000_000;

    private Names() {
    }

    /** A name and the subscripts behind it. */
    static final class Split {
        final String base;
        final List<String> subscripts;

        Split(String base, List<String> subscripts) {
            this.base = base;
            this.subscripts = subscripts;
        }
    }

    /** The form in which names are compared: case, and how many blanks or underscores separate words, do not count. */
    static String key(String name) {
        StringBuilder key = new StringBuilder(name.length());
        boolean isSeparated = false;
        for (int at = 0; at < name.length();) {
            int letter = name.codePointAt(at);
            at += Character.charCount(letter);
            if (SEPARATORS.indexOf(letter) >= 0) {
                isSeparated = true;
                continue;
            }
            if (isSeparated && key.length() > 0) {
                key.append('_');
            }
            isSeparated = false;
            if (letter == 'İ') {
                // The only letter whose small form is two.
                key.append("i\u0307");
            } else {
                int small = Character.toLowerCase(letter);
                key.appendCodePoint(small == 'ς' ? 'σ' : small);
            }
        }
        return key.length() == 0 && isSeparated ? "_" : key.toString();
    }

    /** A name without the quotes that may stand around it, its escapes resolved. */
    static String unescape(String written) {
        String inner = trim(written);
        if (inner.length() >= 2 && inner.startsWith("\"") && inner.endsWith("\"")) {
            inner = inner.substring(1, inner.length() - 1);
        }
        if (inner.indexOf('\\') < 0) {
            return inner;
        }
        StringBuilder name = new StringBuilder();
        for (int at = 0; at < inner.length(); at++) {
            char letter = inner.charAt(at);
            if (letter != '\\' || at + 1 == inner.length()) {
                name.append(letter);
                continue;
            }
            at++;
            char next = inner.charAt(at);
            if (next == 'n') {
                name.append('\n');
            } else if (next == '"' || next == '\\') {
                name.append(next);
            } else {
                name.append(letter).append(next);
            }
        }
        return name.toString();
    }

    static String writtenKey(String written) {
        return key(unescape(written));
    }

    private static boolean isSpace(int letter) {
        return Character.isWhitespace(letter) && (letter < 0x1c || letter > 0x1f) || letter == 0x85 || Character.isSpaceChar(letter);
    }

    /** A text without white space at its ends. */
    static String trim(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** Where the parts of a text begin, between separators that do not stand between double quotes. */
    private static List<Integer> splitOutsideQuotes(String text, char separator) {
        List<Integer> starts = new ArrayList<>(List.of(0));
        boolean isQuoted = false;
        boolean isEscaped = false;
        for (int at = 0; at < text.length(); at++) {
            char letter = text.charAt(at);
            if (letter == '"' && !isEscaped) {
                isQuoted = !isQuoted;
            }
            isEscaped = letter == '\\' && !isEscaped;
            if (letter == separator && !isQuoted) {
                starts.add(at + 1);
            }
        }
        return starts;
    }

    /** A name and the subscripts behind it, as in {@code rate[North, *]}; null when there are none. */
    static Split split(String written) {
        String text = trim(written);
        List<Integer> starts = splitOutsideQuotes(text, '[');
        int last = starts.get(starts.size() - 1);
        if (last == 0 || !text.endsWith("]") || last > text.length() - 1) {
            return null;
        }
        return new Split(trim(text.substring(0, last - 1)), subscripts(text.substring(last, text.length() - 1)));
    }

    /** Subscripts between commas. */
    static List<String> subscripts(String text) {
        List<Integer> starts = splitOutsideQuotes(text, ',');
        List<String> subscripts = new ArrayList<>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) - 1 : text.length();
            subscripts.add(trim(text.substring(starts.get(i), end)));
        }
        return subscripts;
    }

    /** The candidate that a misspelt name most probably meant, or null. Its work is bounded, whatever it is given. */
    static String suggest(String name, int n, IntFunction<String> candidate) {
        int[] wanted = key(name).codePoints().toArray();
        if (wanted.length > LONGEST_NAME) {
            return null;
        }
        int tolerated = wanted.length < 2 ? 0 : wanted.length < 5 ? 1 : Math.min(wanted.length / 3, 4);
        int spent = 0;
        String best = null;
        int least = tolerated + 1;
        for (int i = 0; i < n; i++) {
            spent++;
            if (spent > SUGGESTION_BUDGET) {
                break;
            }
            String written = candidate.apply(i);
            if (written.length() > 4 * (wanted.length + tolerated)) {
                continue;
            }
            int[] other = key(written).codePoints().toArray();
            if (Math.abs(other.length - wanted.length) > tolerated) {
                continue;
            }
            spent += (wanted.length + 1) * (other.length + 1);
            int distance = editDistance(wanted, other);
            if (distance < least) {
                least = distance;
                best = written;
            }
        }
        return best;
    }

    /** Insertions, deletions, replacements and swaps of neighbours that make one text the other. */
    private static int editDistance(int[] a, int[] b) {
        int[] before = new int[b.length + 1];
        int[] row = new int[b.length + 1];
        for (int j = 0; j <= b.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length; i++) {
            int[] next = new int[b.length + 1];
            next[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                int cell = Math.min(Math.min(row[j] + 1, next[j - 1] + 1), row[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                    cell = Math.min(cell, before[j - 2] + 1);
                }
                next[j] = cell;
            }
            before = row;
            row = next;
        }
        return row[b.length];
    }
}
