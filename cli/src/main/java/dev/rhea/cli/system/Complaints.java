package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import java.io.PrintStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** What the command says to its user beside what was asked for; {@code -msg} says what stands before it. */
final class Complaints {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final String program;
    private final PrintStream out;
    private final Clock clock;
    private boolean timed;
    private boolean named;
    private @Nullable String guest;

    Complaints(String program, PrintStream out, Clock clock) {
        this.program = program;
        this.out = out;
        this.clock = clock;
    }

    /** {@code -msg timestamp=}. */
    void setTimed(boolean on) {
        timed = on;
    }

    /** {@code -msg guest-name=}. */
    void setNamed(boolean on) {
        named = on;
    }

    /** {@code -name}. */
    void setGuest(@Nullable String name) {
        guest = name;
    }

    void say(String message) {
        out.println(name() + ": " + message);
    }

    /** Says it without the program's name. */
    void print(String line) {
        out.println(line);
    }

    void report(OptionException wrong) {
        out.println(wrong.report(name()));
    }

    private String name() {
        String time = timed ? TIME.format(clock.instant()) + " " : "";
        return time + (named && guest != null ? guest + " " : "") + program;
    }
}
