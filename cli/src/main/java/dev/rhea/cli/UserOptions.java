package dev.rhea.cli;

import dev.rhea.engine.log.LogItem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code rhea user ARCH} was told. Strings that reach the guest hold one byte in each character (ISO 8859-1), since
 * names and arguments in Linux are bytes.
 *
 * @param prefix {@code -L}: where absolute paths are looked for first
 * @param cpu {@code -cpu}
 * @param environment the changes of {@code -E} and {@code -U} in their order
 * @param argv0 {@code -0}
 * @param release {@code -r}: what {@code uname -r} says
 * @param stackSize {@code -s}, in bytes
 * @param guestBase {@code -B}
 * @param reserved {@code -R}: size of the guest's address space in bytes, 0 for the architecture's own
 * @param log {@code -d}, and STRACE for {@code -strace}
 * @param logFile {@code -D}; null for standard error
 * @param filter {@code -dfilter}: inclusive address ranges
 * @param seed {@code -seed}: makes what is random repeatable
 * @param oneInstruction {@code -one-insn-per-tb}: never translate
 * @param statistics {@code --stats}
 * @param command the program and its arguments; empty if there was none
 */
record UserOptions(
        @Nullable String prefix,
        @Nullable String cpu,
        List<Change> environment,
        @Nullable String argv0,
        @Nullable String release,
        long stackSize,
        long guestBase,
        long reserved,
        Set<LogItem> log,
        @Nullable String logFile,
        List<LogRange> filter,
        @Nullable Long seed,
        boolean oneInstruction,
        boolean statistics,
        List<String> command) {

    /** The reference's default. */
    static final long STACK_SIZE = 8L << 20;

    /**
     * A change of the guest's environment.
     *
     * @param value null to remove the variable
     */
    record Change(String name, @Nullable String value) {}

    /** Collects options in their order. */
    static final class Builder {
        @Nullable
        String prefix;

        @Nullable
        String cpu;

        final List<Change> environment = new ArrayList<>();

        @Nullable
        String argv0;

        @Nullable
        String release;

        long stackSize = STACK_SIZE;
        long guestBase;
        long reserved;
        final EnumSet<LogItem> log = EnumSet.noneOf(LogItem.class);

        @Nullable
        String logFile;

        final List<LogRange> filter = new ArrayList<>();

        @Nullable
        Long seed;

        boolean oneInstruction;
        boolean statistics;
        List<String> command = List.of();

        UserOptions build() {
            return new UserOptions(
                    prefix,
                    cpu,
                    List.copyOf(environment),
                    argv0,
                    release,
                    stackSize,
                    guestBase,
                    reserved,
                    EnumSet.copyOf(log),
                    logFile,
                    List.copyOf(filter),
                    seed,
                    oneInstruction,
                    statistics,
                    List.copyOf(command));
        }
    }
}
