package dev.rhea.cli.options;

import org.jspecify.annotations.Nullable;

/** An option is not as it should be. The message is one for the user; further lines are hints. */
public final class OptionException extends Exception {
    private static final long serialVersionUID = 1;

    private final @Nullable String place;
    private final boolean inFile;

    public OptionException(String message) {
        this(message, null, false);
    }

    private OptionException(String message, @Nullable String place, boolean inFile) {
        super(message, null, false, false);
        this.place = place;
        this.inFile = inFile;
    }

    /**
     * The same with the place where it was found, unless that is known already.
     *
     * @param option as it was typed, such as "-drive if=bogus"
     */
    public OptionException at(String option) {
        return place != null ? this : new OptionException(text(), option, false);
    }

    /** The same with the line of a configuration file where it was found, unless that is known already. */
    public OptionException at(String file, int line) {
        return place != null ? this : new OptionException(text(), file + ":" + line, true);
    }

    /** The message without the place. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /**
     * What to print.
     *
     * @param program the name that it was called by
     * @return such as "qemu-system-riscv64: -drive if=bogus: unsupported bus type 'bogus'", without a line's end
     */
    public String report(String program) {
        if (place == null) {
            return program + ": " + text();
        }
        return program + (inFile ? ":" : ": ") + place + ": " + text();
    }
}
