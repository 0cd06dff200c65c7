package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import org.jspecify.annotations.Nullable;

/**
 * Tier 2 as the execution loop sees it. One per {@link dev.rhea.engine.cpu.Engine}; any thread may call it.
 *
 * <p>A processor whose {@link UnitTable} knows nothing of a pc interprets. When the interpreter meets a region word (set by
 * {@link CodeSpace#setRegion}) the loop asks the table again and then {@link #find}; if that gives null too, the loop
 * executes the original instruction and goes on.
 */
public interface Translator extends AutoCloseable {
    /**
     * The code at {@code pc} is hot in this processor's present map and mode. Called on the processor's own thread between
     * two instructions, with {@link Cpu#pc} exact; pages it can reach without a fault may be read here. Does not wait for
     * the translation, except with {@code Tiers.REGIONS}. Asking again for the same pc is cheap and harmless.
     */
    void request(Cpu cpu, long pc);

    /**
     * The unit for {@code pc} whose code is what this processor's map holds there, or null. Enters it in
     * {@link Cpu#units}. Called on the processor's own thread where {@link UnitTable#find} missed at a region word.
     */
    @Nullable
    Unit find(Cpu cpu, long pc);

    /**
     * What was decoded from this host page is dropped: no unit made of it is entered again, on any processor. One that
     * runs it now finishes its present slice at most. To be called wherever a decoded page is dropped; any thread.
     */
    void drop(long hostPage);

    /** Stops the background thread. */
    @Override
    void close();
}
