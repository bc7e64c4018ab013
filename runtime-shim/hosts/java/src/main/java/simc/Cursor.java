package simc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** A cursor over bytes that may be hostile: whatever does not fit is an error with the place where it shows. */
final class Cursor {
    private final byte[] bytes;
    private final ByteBuffer view;
    private final int end;
    private int at;

    Cursor(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.at = at;
        this.end = end;
    }

    int at() {
        return at;
    }

    boolean isAtEnd() {
        return at == end;
    }

    /** What is left. */
    byte[] rest() {
        return Arrays.copyOfRange(bytes, at, end);
    }

    SimcException fail(String what) {
        return SimcException.badArtifact(what, at);
    }

    /** Moves over bytes and gives the place of the first. */
    int skip(long length) {
        if (length > end - at) {
            throw fail("it ends too early");
        }
        int from = at;
        at += (int) length;
        return from;
    }

    int u8() {
        return bytes[skip(1)] & 0xff;
    }

    long u32() {
        return view.getInt(skip(4)) & 0xffff_ffffL;
    }

    /** A 64-bit number; beyond 2^62 the same large one, which no check lets pass. */
    long u64() {
        long number = view.getLong(skip(8));
        return number < 0 || number > 1L << 62 ? 1L << 62 : number;
    }

    double f64() {
        return view.getDouble(skip(8));
    }

    /** A length of WebAssembly: LEB128, at most 32 bits. */
    long leb() {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80 && value <= 0xffff_ffffL) {
                return value;
            }
        }
        throw fail("a length is no number of 32 bits");
    }

    String text(long length) {
        int from = skip(length);
        ByteBuffer part = ByteBuffer.wrap(bytes, from, at - from);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        decoder.onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            return decoder.decode(part).toString();
        } catch (CharacterCodingException error) {
            throw SimcException.badArtifact("a text is not UTF-8", from + validUpTo(from, at - from));
        }
    }

    private int validUpTo(int from, int length) {
        ByteBuffer part = ByteBuffer.wrap(bytes, from, length);
        java.nio.CharBuffer out = java.nio.CharBuffer.allocate(length + 1);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(part, out, true);
        return result.isError() ? part.position() - from : length;
    }

    String str() {
        return text(u32());
    }

    String digest() {
        int from = skip(32);
        return Digest.hex(Arrays.copyOfRange(bytes, from, from + 32));
    }

    /** A list; each item takes a byte at least, so that a count that lies meets the end before it costs memory. */
    <T> List<T> list(Function<Cursor, T> item) {
        long count = u32();
        List<T> items = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            items.add(item.apply(this));
        }
        return items;
    }

    double[] numbers(long count) {
        if (count > (end - at) / 8) {
            at += (end - at) / 8 * 8;
            throw fail("it ends too early");
        }
        double[] numbers = new double[(int) count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = f64();
        }
        return numbers;
    }

    /** One of the words that stand for 0, 1, 2, ... */
    String oneOf(String field, String... words) {
        int number = u8();
        if (number >= words.length) {
            throw fail("there is no " + field + " " + number);
        }
        return words[number];
    }

    int flags(int known) {
        int flags = u8();
        if ((flags & ~known) != 0) {
            throw fail("a flag is unknown");
        }
        return flags;
    }

    /** The content of what begins with its length. */
    Cursor record() {
        long length = u32();
        int from = skip(length);
        return new Cursor(bytes, from, at);
    }
}
