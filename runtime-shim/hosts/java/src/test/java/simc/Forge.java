package simc;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Artifacts whose code is not what simc makes. */
final class Forge {
    private final byte[] wasm;
    private int at;

    private Forge(byte[] wasm) {
        this.wasm = wasm;
    }

    /** The artifact with an exported function that traps at once, or null when it does not export it. */
    static byte[] trapIn(byte[] artifact, String name) {
        return new Forge(artifact.clone()).replaceBody(name);
    }

    /** The artifact with a memory of so many pages. */
    static byte[] withPages(byte[] artifact, int pages) {
        Forge forge = new Forge(artifact);
        forge.enter(5);
        int content = forge.at;
        ByteArrayOutputStream section = new ByteArrayOutputStream();
        section.write(1);
        section.write(1);
        write(section, pages);
        write(section, pages);
        forge.leb();
        forge.at++;
        forge.leb();
        forge.leb();
        ByteArrayOutputStream forged = new ByteArrayOutputStream();
        // The length before the content takes one byte, as it does in all artifacts.
        forged.write(artifact, 0, content - 1);
        write(forged, section.size());
        forged.writeBytes(section.toByteArray());
        forged.write(artifact, forge.at, artifact.length - forge.at);
        return forged.toByteArray();
    }

    /** The artifact whose code gives another digest. */
    static byte[] withAnotherDigest(byte[] artifact) {
        byte[] forged = artifact.clone();
        Forge forge = new Forge(forged);
        if (!forge.findBody("layout_digest")) {
            throw new AssertionError("it gives no digest");
        }
        // The number after its declarations and i64.const.
        forged[forge.at + 2] ^= 1;
        return forged;
    }

    /** The artifact as one that was built with {@code --simd}: it says so, and has an instruction that no engine need know. */
    static byte[] withSimd(byte[] artifact) {
        byte[] forged = artifact.clone();
        Forge forge = new Forge(forged);
        forge.findBody("reset");
        forged[forge.at + 1] = (byte) 0xfd;
        forged[forge.at + 2] = 0x0c;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(forged);
        byte[] content = "\u000ftarget_features\u0001+\u0007simd128".getBytes(StandardCharsets.ISO_8859_1);
        out.write(0);
        write(out, content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private byte[] replaceBody(String name) {
        if (!findBody(name)) {
            return null;
        }
        int start = at;
        int end = bodyEnd;
        wasm[start] = 0;
        wasm[start + 1] = 0;
        for (int i = start + 2; i < end - 1; i++) {
            wasm[i] = 1;
        }
        wasm[end - 1] = 0x0b;
        return wasm;
    }

    private int bodyEnd;

    /** Goes to the body of an exported function; artifacts import nothing. */
    private boolean findBody(String name) {
        enter(7);
        int function = -1;
        for (int n = leb(); n > 0; n--) {
            int length = leb();
            String export = new String(wasm, at, length, StandardCharsets.UTF_8);
            at += length;
            int kind = wasm[at++];
            int index = leb();
            if (kind == 0 && export.equals(name)) {
                function = index;
            }
        }
        if (function < 0) {
            return false;
        }
        enter(10);
        leb();
        for (int i = 0; i <= function; i++) {
            int length = leb();
            bodyEnd = at + length;
            if (i < function) {
                at = bodyEnd;
            }
        }
        return true;
    }

    /** Goes to the content of a section. */
    private void enter(int wanted) {
        at = 8;
        while (true) {
            int id = wasm[at++];
            int length = leb();
            if (id == wanted) {
                return;
            }
            at += length;
        }
    }

    private int leb() {
        int number = 0;
        for (int shift = 0;; shift += 7) {
            int next = wasm[at++];
            number |= (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    private static void write(ByteArrayOutputStream out, int number) {
        int rest = number;
        for (; rest >= 0x80; rest >>>= 7) {
            out.write(rest & 0x7f | 0x80);
        }
        out.write(rest);
    }
}
