package dev.rhea.user.elf;

/** An open program file. */
public interface ImageFile {
    /** Its name, for messages. */
    String name();

    /** Size in bytes. */
    long size();

    /** A descriptor of the host's that can be mapped and stays open during the load. */
    int hostFd();

    /**
     * Reads at an offset.
     *
     * @return how many bytes were read: less than {@code length} only at the end of the file
     * @throws dev.rhea.user.call.Errno where the host cannot read
     */
    int read(long offset, byte[] to, int at, int length);
}
