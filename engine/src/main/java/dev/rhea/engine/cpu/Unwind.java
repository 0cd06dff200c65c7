package dev.rhea.engine.cpu;

/**
 * Takes a processor from nested translated code back to its execution loop. All its state is in the {@link Cpu} when this
 * is thrown, so one object without a stack trace serves everybody.
 */
public final class Unwind extends RuntimeException {
    private static final long serialVersionUID = 1;

    public static final Unwind UNWIND = new Unwind();

    private Unwind() {
        super("back to the execution loop", null, false, false);
    }
}
