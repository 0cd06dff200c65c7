package dev.rhea.user;

import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.log.Log;
import org.jspecify.annotations.Nullable;

/**
 * How programs are to be run.
 *
 * @param tiers which tiers of the engine
 * @param sysroot folder below which absolute paths are looked for first, one byte in each character; null for none
 * @param release what {@code uname -r} says, or null for the host's
 * @param stackBytes size of the first stack, or 0 for the host's limit
 * @param seed makes AT_RANDOM repeatable; null for chance
 * @param reserved one past the highest address of a program's memory, a multiple of the page size; 0 for the usual
 * @param log what is told of the run, and where
 */
public record Settings(
        Engine.Tiers tiers,
        @Nullable String sysroot,
        @Nullable String release,
        long stackBytes,
        @Nullable Long seed,
        long reserved,
        Log log) {}
