package dev.rhea.engine.cpu;

/** What one processor did since it was made; unlike {@link Cpu#executed} no part of the guest's state. Plain: its thread writes. */
public final class Counters {
    /** Instructions. */
    public long executed;

    /** Those of them that the interpreter executed. */
    public long interpreted;

    /** How often the interpreter was entered. */
    public long slices;

    /** How often the loop entered a unit; calls from unit to unit are not counted. */
    public long entries;

    /** How often the soft TLB missed in the interpreter. */
    public long tlbMisses;

    void add(Counters other) {
        executed += other.executed;
        interpreted += other.interpreted;
        slices += other.slices;
        entries += other.entries;
        tlbMisses += other.tlbMisses;
    }
}
