package dev.rhea.chardev;

import java.io.Closeable;
import java.io.IOException;

/** A connected stream. One thread may read while another writes; closing ends both. */
interface Link extends Closeable {
    /** Waits for bytes; how many, at least 1, or -1 at the end. */
    int read(byte[] into, int offset, int length) throws IOException;

    /** Writes all, however long it takes. */
    void write(byte[] from, int offset, int length) throws IOException;

    /** Both ends as monitors name them: "127.0.0.1:5558,server=on <-> 127.0.0.1:58986", "/run/serial,server=on". */
    String ends(boolean server);
}
