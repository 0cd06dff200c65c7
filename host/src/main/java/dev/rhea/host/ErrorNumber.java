package dev.rhea.host;

/** The host's error numbers as text. */
public final class ErrorNumber {
    private ErrorNumber() {}

    /**
     * What the host's C library says of an error ({@code strerror(3)}), such as "No such file or directory".
     *
     * @param error positive
     */
    public static String text(int error) {
        long at = Syscall.function(CLibrary.address("strerror"), error, 0, 0, 0, 0, 0);
        StringBuilder text = new StringBuilder();
        for (byte b; (b = RawMemory.getByte(at + text.length())) != 0; ) {
            text.append((char) (b & 0xff));
        }
        return text.toString();
    }
}
