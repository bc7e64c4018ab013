package simc;

/** A file from which the model was read. */
public final class SourceFile {
    /** Seen from the folder of the model. */
    public final String path;
    /** SHA-256 of its contents, in hexadecimal. */
    public final String sha256;

    SourceFile(String path, String sha256) {
        this.path = path;
        this.sha256 = sha256;
    }
}
