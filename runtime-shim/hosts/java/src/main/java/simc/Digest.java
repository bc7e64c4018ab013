package simc;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 in hexadecimal. */
final class Digest {
    private Digest() {
    }

    static String sha256(byte[] bytes) {
        return hex(hash(bytes));
    }

    /** What the code of an artifact with this section {@code simc.layout} gives as its digest. */
    static long ofLayout(byte[] section) {
        long digest = 1;
        byte[] sum = hash(section);
        for (int i = 6; i >= 0; i--) {
            digest = digest << 8 | sum[i] & 0xff;
        }
        return digest;
    }

    private static byte[] hash(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException error) {
            throw new IllegalStateException("every Java platform has SHA-256", error);
        }
    }

    static String hex(byte[] bytes) {
        StringBuilder text = new StringBuilder(2 * bytes.length);
        for (byte it : bytes) {
            text.append(Character.forDigit(it >> 4 & 15, 16)).append(Character.forDigit(it & 15, 16));
        }
        return text.toString();
    }
}
