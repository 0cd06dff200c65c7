package dev.rhea.engine.cpu;

import dev.rhea.engine.interp.DecodeStats;
import dev.rhea.engine.jit.TranslatorStatistics;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine's instructions went, at the moment it was asked.
 *
 * @param processors how many processors there were
 * @param counters of all processors together
 * @param decode of the decoded code
 * @param translator of the translator, or null where there is none
 */
public record Stats(
        int processors,
        Counters counters,
        DecodeStats decode,
        @Nullable TranslatorStatistics translator) {}
