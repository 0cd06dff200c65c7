package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.cpu.View;
import dev.rhea.engine.mmu.Access;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes units on a thread of its own, hottest request first, and keeps account of them.
 *
 * <p>Why a unit never outlives the code it was made of: a request copies pages that are watched, and from before it was
 * copied until the unit is forgotten {@link #drop} ends it, in the queue, in the making, or made. A request during which
 * anything at all was dropped is given up. Why it never runs in the wrong address space: {@link #find} compares every page
 * it was made of with the processor's map, on the processor's thread.
 *
 * <p>Lock order: those of the memory map and of the {@link CodeSpace} come before this one, so nothing of theirs that
 * locks is called with {@link #lock} held.
 */
public final class RegionTranslator implements Translator {
    /** How long to wait for processors to leave machine code that is to be overwritten, at most. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    /** Turns of a processor's loop after which it holds nothing from before the first. */
    private static final int TURNS = 3;

    private final CodeSpace space;
    private final boolean synchronous;
    private final @Nullable NativeCode nativeCode;
    private final RegionCompiler compiler;
    private final Object lock = new Object();
    private final RequestQueue queue = new RequestQueue();
    private final TranslationIndex index = new TranslationIndex();
    private final TranslatorStatistics statistics = new TranslatorStatistics();
    private long drops;
    private boolean closed;
    private @Nullable Thread thread;

    /**
     * @param synchronous whether {@link #request} waits for the unit and everything reachable is translated: for tests
     * @param machineCode whether to make machine code of our own, where the host runs it
     */
    public RegionTranslator(Isa isa, CodeSpace space, boolean synchronous, boolean machineCode) {
        this(isa, space, synchronous, machineCode ? NativeCode.create() : null);
    }

    /** @param nativeCode where machine code goes; null for HotSpot */
    RegionTranslator(Isa isa, CodeSpace space, boolean synchronous, @Nullable NativeCode nativeCode) {
        this.space = space;
        this.synchronous = synchronous;
        this.nativeCode = nativeCode;
        CodeSpace executed = synchronous ? null : space;
        compiler =
                nativeCode == null ? new HotSpotCompiler(isa, executed) : new NativeCompiler(isa, executed, nativeCode);
    }

    /** Whether translating is so cheap that it pays early. */
    public boolean isCheap() {
        return compiler.isCheap();
    }

    /** What was done so far; another thread may be adding to it. */
    public TranslatorStatistics statistics() {
        return statistics;
    }

    // ---- requests

    @Override
    public void request(Cpu cpu, long pc) {
        long before;
        synchronized (lock) {
            before = drops;
        }
        long entry = host(cpu, pc);
        synchronized (lock) {
            Translation known = index.requested(entry);
            if (entry == 0 || known != null && known.pc == pc) {
                if (known != null) {
                    known.requests++;
                }
                return;
            }
            if (!synchronous && isCovered(pc)) {
                return;
            }
        }
        CodeSnapshot code = CodeSnapshot.take(cpu, space, pc);
        if (code.available(pc) == 0) {
            return;
        }
        Translation translation;
        synchronized (lock) {
            translation = new Translation(pc, cpu.mode, code, index.hints(entry));
            if (drops != before || closed) {
                return;
            }
            index.add(translation);
            if (!synchronous) {
                enqueue(translation);
                return;
            }
        }
        Compiling made = translate(translation);
        if (made != null) {
            install(made);
            find(cpu, pc);
        }
    }

    private boolean isCovered(long pc) {
        return !compiler.isCheap() && index.isCovered(pc);
    }

    private static long host(Cpu cpu, long pc) {
        int trap = cpu.trap;
        long value = cpu.trapValue;
        try {
            return cpu.mmu.translate(cpu, pc, Access.FETCH);
        } catch (GuestFault fault) {
            cpu.trap = trap;
            cpu.trapValue = value;
            return 0;
        }
    }

    private void enqueue(Translation translation) {
        Translation crowdedOut = queue.add(translation);
        if (crowdedOut != null) {
            index.forget(crowdedOut);
        }
        if (thread == null) {
            Thread worker = new Thread(this::work, "rhea-translator");
            worker.setDaemon(true);
            thread = worker;
            worker.start();
        }
        lock.notify();
    }

    private void work() {
        var compiling = new ArrayDeque<Compiling>();
        for (; ; ) {
            while (!compiling.isEmpty() && compiling.getFirst().isDone()) {
                install(compiling.removeFirst());
            }
            Translation next;
            synchronized (lock) {
                if (closed) {
                    return;
                }
                if (queue.isEmpty()) {
                    try {
                        if (compiling.isEmpty()) {
                            lock.wait();
                        } else {
                            lock.wait(1);
                        }
                    } catch (InterruptedException e) {
                        return;
                    }
                    continue;
                }
                next = queue.takeHottest();
                if (isCovered(next.pc)) {
                    index.forget(next);
                    continue;
                }
            }
            Compiling made = translate(next);
            if (made != null) {
                compiling.add(made);
            }
        }
    }

    private @Nullable Compiling translate(Translation translation) {
        if (nativeCode != null && !nativeCode.hasRoom() && !startAnew(nativeCode)) {
            synchronized (lock) {
                index.forget(translation); // it will be asked for again
            }
            return null;
        }
        long start = System.nanoTime();
        RegionCompiler.Result result =
                compiler.compile(translation.code, translation.pc, translation.mode, translation.hints);
        long end = System.nanoTime();
        statistics.nanoseconds += end - start;
        if (result == null) {
            statistics.impossible++;
            return null; // stays in requested, so that nobody asks again until the page changes
        }
        return new Compiling(translation, result, end);
    }

    /**
     * Gives up all machine code, to make room: takes it out of sight, and waits until every processor has gone round its loop,
     * or is not in it. Programs that change their code all the time come here every few minutes.
     *
     * @return false if some processor was too slow
     */
    private boolean startAnew(NativeCode code) {
        List<Translation> all;
        synchronized (lock) {
            all = index.forgetAllMade();
        }
        all.forEach(this::uninstall);
        VarHandle.fullFence();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (Cpu cpu : space.cpus()) {
            long before = cpu.turns();
            // Where the translator is synchronous, a processor's own thread is here, between two instructions.
            while (cpu.runner != Thread.currentThread() && cpu.running && cpu.turns() < before + TURNS) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                LockSupport.parkNanos(50_000);
            }
        }
        statistics.evicted += all.size();
        code.clear();
        return true;
    }

    private void install(Compiling made) {
        Translation translation = made.translation();
        RegionCompiler.Result result = made.result();
        List<Translation> evicted;
        synchronized (lock) {
            if (translation.dead || closed) {
                return;
            }
            index.made(translation, result);
            evicted = index.forgetOldest(compiler.codeBudget());
        }
        for (Unit unit : translation.units) {
            space.setRegion(translation.code.host(unit.pc));
        }
        evicted.forEach(this::uninstall);
        statistics.units++;
        statistics.bytes += result.size();
        statistics.instructions += result.instructions();
        statistics.evicted += evicted.size();
    }

    // ---- finding

    @Override
    public @Nullable Unit find(Cpu cpu, long pc) {
        Translation[] candidates;
        synchronized (lock) {
            candidates = index.madeAt(pc);
        }
        if (candidates.length == 0) {
            return null;
        }
        UnitTable units = cpu.units;
        int epoch = units.epoch();
        for (Translation candidate : candidates) {
            if (candidate.mode != cpu.mode || cpu.stops.guardsCode(candidate.guestPages) || !isMapped(cpu, candidate)) {
                continue;
            }
            Unit unit;
            boolean again;
            synchronized (lock) {
                unit = candidate.unitAt(pc);
                if (candidate.dead || unit == null) {
                    continue;
                }
                again = candidate.hints.isOutdated(unit);
                if (again) {
                    index.learn(candidate, unit);
                    index.forget(candidate);
                } else {
                    units.enter(candidate, unit);
                }
            }
            if (again) {
                uninstall(candidate);
                request(cpu, pc);
                return units.find(pc);
            }
            if (units.epoch() != epoch) {
                units.leave(candidate);
                return null;
            }
            return unit;
        }
        return null;
    }

    private static boolean isMapped(Cpu cpu, Translation translation) {
        for (int i = 0; i < translation.guestPages.length; i++) {
            if (host(cpu, translation.guestPages[i]) != translation.hostPages[i]) {
                return false;
            }
        }
        return true;
    }

    // ---- ends

    @Override
    public void drop(long hostPage) {
        List<Translation> ended;
        synchronized (lock) {
            drops++;
            ended = index.forgetPage(hostPage);
            if (ended.isEmpty()) {
                return;
            }
            queue.removeAll(ended);
        }
        statistics.dropped += ended.size();
        ended.forEach(this::uninstall);
        for (Cpu cpu : space.cpus()) {
            cpu.unwind = true;
        }
    }

    /** Takes the unit of a forgotten translation out of sight. */
    private void uninstall(Translation translation) {
        for (Unit unit : translation.units) {
            space.clearRegion(translation.code.host(unit.pc));
            for (Cpu cpu : space.cpus()) {
                for (View view : cpu.views()) {
                    view.units().remove(unit);
                }
            }
        }
    }

    @Override
    public void close() {
        Thread worker;
        synchronized (lock) {
            closed = true;
            queue.clear();
            lock.notifyAll();
            worker = thread;
        }
        if (nativeCode != null) {
            if (worker != null) {
                boolean interrupted = false;
                while (worker.isAlive()) {
                    try {
                        worker.join();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            nativeCode.close();
        }
    }
}
