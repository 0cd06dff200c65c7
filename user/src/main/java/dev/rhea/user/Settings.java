package dev.rhea.user;

import dev.rhea.engine.cpu.Engine;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * How programs are to be run.
 *
 * @param tiers which tiers of the engine
 * @param sysroot folder below which absolute paths are looked for first, one byte in each character; null for none
 * @param release what {@code uname -r} says, or null for the host's
 * @param stackBytes size of the first stack, or 0 for the host's limit
 * @param seed makes AT_RANDOM repeatable; null for chance
 * @param strace whether system calls are printed
 * @param log where they are printed
 */
public record Settings(
        Engine.Tiers tiers,
        @Nullable String sysroot,
        @Nullable String release,
        long stackBytes,
        @Nullable Long seed,
        boolean strace,
        OutputStream log) {}
