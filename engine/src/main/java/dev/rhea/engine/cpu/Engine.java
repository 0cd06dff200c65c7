package dev.rhea.engine.cpu;

import dev.rhea.engine.interp.CodeStore;
import dev.rhea.engine.interp.Dispatch;
import dev.rhea.engine.jit.RegionTranslator;
import dev.rhea.engine.log.CodeLog;
import dev.rhea.engine.log.Log;
import org.jspecify.annotations.Nullable;

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
        /** The same with the interpreter's loop that is for hosts that run no machine code of our own: for tests. */
        JAVA,
        /** Translate everything at its first execution, by HotSpot, waiting for it; else as {@link #JAVA}: for tests. */
        REGIONS,
        /** The same as machine code of our own; where this host runs none, as {@link #REGIONS}. */
        NATIVE;

        /** Whether machine code of our own runs, where the host can. */
        public boolean machineCode() {
            return this != JAVA && this != REGIONS;
        }
    }

    private final Isa isa;
    private final Tiers tiers;
    private final CodeStore code;
    private final @Nullable RegionTranslator translator;
    private final Dispatch dispatch;

    /** Of the processors that were detached. */
    private final Counters counters = new Counters();

    private int processors;
    private Log log = Log.none();

    public Engine(Isa isa, Tiers tiers) {
        this.isa = isa;
        this.tiers = tiers;
        code = new CodeStore(isa);
        translator = tiers == Tiers.INTERPRETER || tiers == Tiers.JAVA
                ? null
                : new RegionTranslator(isa, code, tiers == Tiers.REGIONS || tiers == Tiers.NATIVE, tiers.machineCode());
        if (translator != null) {
            code.setTranslator(translator);
        }
        dispatch = new Dispatch(isa, tiers, translator);
        code.setDispatch(dispatch);
    }

    public Isa isa() {
        return isa;
    }

    public Tiers tiers() {
        return tiers;
    }

    /** Has somebody told of all code that is decoded from now on. */
    public void setCodeListener(CodeListener listener) {
        code.setListener(listener);
    }

    /** Has code and whoever runs it tell this log. Before anything runs. */
    public void setLog(Log to) {
        log = to;
        setCodeListener(new CodeLog(to));
    }

    /** What is told of this engine's processors, by whoever runs them. */
    public Log log() {
        return log;
    }

    /**
     * As {@link #run} with {@link Tiers#INTERPRETER}, but comes back after each taken branch too.
     *
     * @return null where nothing needs the owner
     */
    public @Nullable Exit runStretch(Cpu cpu) {
        return dispatch.stretch(cpu);
    }

    /**
     * As {@link #run} with {@link Tiers#INTERPRETER}, but comes back after one instruction, whether somebody wants the processor
     * or not.
     *
     * @return null where it was executed; {@link Exit#TRAP} or {@link Exit#STOP} where it was not
     */
    public @Nullable Exit step(Cpu cpu) {
        return dispatch.step(cpu);
    }

    /** Makes a processor known: its TLB is looked after when pages become code. */
    public void attach(Cpu cpu) {
        code.attach(cpu);
    }

    /** The processor will not run again. */
    public void detach(Cpu cpu) {
        synchronized (counters) {
            counters.add(cpu.counters);
            processors++;
        }
        code.detach(cpu);
    }

    /**
     * Runs on the calling thread until something needs the owner. All state is exact on return. A poll that is reported is
     * taken back: whoever asks after that gets another.
     */
    public Exit run(Cpu cpu) {
        return dispatch.run(cpu);
    }

    /**
     * The memory of these host pages is given up or changed behind the guest's back (unmapped, a file's page reused, a
     * system call that wrote there): drops what was decoded and translated from them.
     *
     * @param hostPage host address, page-aligned
     * @param bytes a multiple of the page size
     */
    public void dropCode(long hostPage, long bytes) {
        code.drop(hostPage, bytes);
    }

    /** Whether code was decoded from this host page: cheap, for those who write to guest memory on the guest's behalf. */
    public boolean hasCode(long hostPage) {
        return code.hasCode(hostPage);
    }

    /** Where time and instructions went so far. Processors that run are counted up to a moment ago. */
    public Stats stats() {
        var sum = new Counters();
        int count;
        synchronized (counters) {
            sum.add(counters);
            count = processors;
        }
        for (Cpu cpu : code.cpus()) {
            sum.add(cpu.counters);
            count++;
        }
        return new Stats(count, sum, code.stats(), translator == null ? null : translator.statistics());
    }

    /** Stops the translator's thread and frees what was decoded. No processor runs any more. */
    @Override
    public void close() {
        if (translator != null) {
            translator.close();
        }
        dispatch.close();
    }
}
