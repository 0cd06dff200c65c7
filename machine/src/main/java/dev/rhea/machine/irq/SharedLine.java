package dev.rhea.machine.irq;

/** Several devices on one wire: it is high while any of its inputs is. */
public final class SharedLine {
    private final Line output;
    private int inputs;
    private long high;

    public SharedLine(Line output) {
        this.output = output;
    }

    /** One more end to drive; at most 64. */
    public Line input() {
        if (inputs == Long.SIZE) {
            throw new IllegalStateException("64 devices share this interrupt line already");
        }
        long bit = 1L << inputs++;
        return level -> {
            high = level ? high | bit : high & ~bit;
            output.set(high != 0);
        };
    }
}
