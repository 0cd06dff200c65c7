package dev.rhea.engine.cpu;

/**
 * Runs the processors of one machine, or of one tree of user-mode processes: decoded code, translated code and their
 * invalidation are shared by all of them, since all are keyed by host page.
 */
public final class Engine implements AutoCloseable {
    /** Which tiers run. */
    public enum Tiers {
        /** Interpreter first, regions where it pays. */
        DEFAULT,
        /** Never translate. */
        INTERPRETER,
        /** Translate everything at its first execution, waiting for it: for tests. */
        REGIONS
    }

    private final Isa isa;
    private final Tiers tiers;

    public Engine(Isa isa, Tiers tiers) {
        this.isa = isa;
        this.tiers = tiers;
    }

    public Isa isa() {
        return isa;
    }

    public Tiers tiers() {
        return tiers;
    }

    /** Makes a processor known: its TLB is looked after when pages become code. */
    public void attach(Cpu cpu) {
        throw new UnsupportedOperationException("Engine.attach");
    }

    /** The processor will not run again. */
    public void detach(Cpu cpu) {
        throw new UnsupportedOperationException("Engine.detach");
    }

    /** Runs on the calling thread until something needs the owner. All state is exact on return. */
    public Exit run(Cpu cpu) {
        throw new UnsupportedOperationException("Engine.run");
    }

    /**
     * The memory of these host pages is given up or changed behind the guest's back (unmapped, a file's page reused, a
     * system call that wrote there): drops what was decoded and translated from them.
     *
     * @param hostPage host address, page-aligned
     * @param bytes a multiple of the page size
     */
    public void dropCode(long hostPage, long bytes) {
        throw new UnsupportedOperationException("Engine.dropCode");
    }

    /** Whether code was decoded from this host page: cheap, for those who write to guest memory on the guest's behalf. */
    public boolean hasCode(long hostPage) {
        throw new UnsupportedOperationException("Engine.hasCode");
    }

    /** Stops the translator's thread and frees what was decoded. No processor runs any more. */
    @Override
    public void close() {}
}
