package dev.rhea.machine.irq;

/** Counts what comes through it, for {@code info irq}. */
public interface InterruptCounts {
    /** How often each input was raised since the machine was built. */
    long[] interruptCounts();
}
