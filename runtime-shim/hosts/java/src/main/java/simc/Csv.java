package simc;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/** Results as text, byte for byte as {@code simc run} writes them. */
final class Csv {
    private static final int ALWAYS_EXACT = 15;
    private static final int MAX_DIGITS = 17;

    private Csv() {
    }

    /** A number as the shortest text that reads back to the same double: digits from 1e-5 to 1e16, else with an exponent. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(value);
        String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        if (size == 0) {
            return sign + "0";
        }
        if (size < 1L << 53 && size == (long) size) {
            return sign + (long) size;
        }
        BigDecimal shortest = shortest(size);
        if (size >= 1e-5 && size < 1e16) {
            return sign + shortest.toPlainString();
        }
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e" + exponent;
    }

    /** The decimal with fewest digits that reads back; of two that are equally near, the one away from zero. */
    private static BigDecimal shortest(double size) {
        BigDecimal exact = new BigDecimal(size);
        // Below the normal numbers fewer digits than 15 may be known.
        int least = size < Double.MIN_NORMAL ? 1 : ALWAYS_EXACT;
        for (int digits = least; digits < MAX_DIGITS; digits++) {
            BigDecimal near = exact.round(new MathContext(digits, RoundingMode.HALF_UP));
            if (near.doubleValue() == size) {
                return stripped(near);
            }
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
            if (above.doubleValue() == size) {
                return stripped(above);
            }
        }
        return stripped(exact.round(new MathContext(MAX_DIGITS, RoundingMode.HALF_UP)));
    }

    private static BigDecimal stripped(BigDecimal decimal) {
        return decimal.stripTrailingZeros();
    }

    /** Columns of one length: a header row, then a row for each number. */
    static String text(List<Column> columns) {
        StringBuilder text = new StringBuilder();
        String separator = "";
        for (Column column : columns) {
            boolean isPlain = column.title.chars().noneMatch(it -> ",\"\r\n".indexOf(it) >= 0);
            String title = isPlain ? column.title : '"' + column.title.replace("\"", "\"\"") + '"';
            text.append(separator).append(title);
            separator = ",";
        }
        text.append('\n');
        int rows = columns.get(0).values.length;
        for (int row = 0; row < rows; row++) {
            separator = "";
            for (Column column : columns) {
                text.append(separator).append(number(column.values[row]));
                separator = ",";
            }
            text.append('\n');
        }
        return text.toString();
    }
}
