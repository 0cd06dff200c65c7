package dev.rhea.engine.cpu;

/** Is told of code when it is decoded for the first time (or anew, after it was dropped): for traces. */
@FunctionalInterface
public interface CodeListener {
    /**
     * Called on the processor's thread, before the code runs.
     *
     * @param pc of the first instruction
     * @param bytes from there to the end of what was decoded; the last instruction may reach further, into the next page
     */
    void decoded(Cpu cpu, long pc, int bytes);
}
