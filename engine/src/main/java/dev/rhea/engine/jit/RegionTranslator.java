package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.mmu.Access;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    /** How many requests wait at most; the least wanted goes when one more comes. */
    private static final int QUEUE = 256;

    /**
     * Bytes of bytecode that are kept at most. HotSpot makes about ten of machine code of each, and its code cache has 240
     * MB.
     */
    private static final long CODE_BUDGET = 12L << 20;

    /** Requests for a pc in the middle of a unit before it gets a unit of its own. */
    private static final int COVERED_REQUESTS = 16;

    private final CodeSpace space;
    private final boolean synchronous;
    private final RegionCompiler compiler;
    private final Object lock = new Object();
    /** Entries (host addresses) asked for and not ended: queued, made or found impossible. */
    private final Map<Long, Translation> requested = new HashMap<>();

    private final Map<Long, List<Translation>> made = new HashMap<>();
    private final Map<Long, Set<Translation>> byPage = new HashMap<>();
    private final ArrayList<Translation> queue = new ArrayList<>();
    /** Made ones, oldest first. */
    private final LinkedHashSet<Translation> oldest = new LinkedHashSet<>();

    /** Block starts that units contain besides their entries, and how often each was asked for all the same. */
    private final Map<Long, Integer> covered = new HashMap<>();

    /** What outdated units learned for the next ones, by entry. */
    private final Map<Long, Hints> hints = new HashMap<>();

    private final TranslatorStatistics statistics = new TranslatorStatistics();
    private long size;
    private long drops;
    private boolean closed;
    private @Nullable Thread thread;

    /** @param synchronous whether {@link #request} waits for the unit and everything reachable is translated: for tests */
    public RegionTranslator(Isa isa, CodeSpace space, boolean synchronous) {
        this.space = space;
        this.synchronous = synchronous;
        this.compiler = new RegionCompiler(isa, synchronous ? null : space);
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
            Translation known = requested.get(entry);
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
            translation = new Translation(pc, cpu.mode, code, hints.getOrDefault(entry, Hints.NONE));
            if (drops != before || closed) {
                return;
            }
            requested.put(translation.entry, translation);
            watch(translation);
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

    /**
     * Whether some unit will soon be entered that this pc is in the middle of: a loop nest is asked for at several places,
     * and one unit for all of it is enough, unless much time is spent before its entry comes.
     */
    private boolean isCovered(long pc) {
        Integer asked = covered.get(pc);
        if (asked == null || asked >= COVERED_REQUESTS) {
            return false;
        }
        covered.put(pc, asked + 1);
        return true;
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
        if (queue.size() >= QUEUE) {
            int least = 0;
            for (int i = 1; i < queue.size(); i++) {
                if (queue.get(i).requests < queue.get(least).requests) {
                    least = i;
                }
            }
            forget(queue.remove(least));
        }
        queue.add(translation);
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
                next = hottest();
                if (isCovered(next.pc)) {
                    forget(next);
                    continue;
                }
            }
            Compiling made = translate(next);
            if (made != null) {
                compiling.add(made);
            }
        }
    }

    /** With the lock held. */
    private Translation hottest() {
        int best = 0;
        for (int i = 1; i < queue.size(); i++) {
            if (queue.get(i).requests > queue.get(best).requests) {
                best = i;
            }
        }
        return queue.remove(best);
    }

    private @Nullable Compiling translate(Translation translation) {
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

    private void install(Compiling made) {
        Translation translation = made.translation();
        RegionCompiler.Result result = made.result();
        Unit unit = result.unit();
        List<Translation> evicted = new ArrayList<>();
        synchronized (lock) {
            if (translation.dead || closed) {
                return;
            }
            unwatch(translation);
            translation.unit = unit;
            translation.size = result.size();
            translation.blocks = result.blocks();
            translation.guestPages = result.pages();
            translation.hostPages = new long[translation.guestPages.length];
            for (int i = 0; i < translation.hostPages.length; i++) {
                translation.hostPages[i] = translation.code.host(translation.guestPages[i]);
            }
            watch(translation);
            this.made.computeIfAbsent(translation.pc, k -> new ArrayList<>(1)).add(translation);
            oldest.add(translation);
            for (long block : result.blocks()) {
                covered.putIfAbsent(block, 0);
            }
            size += result.size();
            while (size > CODE_BUDGET && oldest.size() > 1) {
                Translation victim = oldest.getFirst();
                forget(victim);
                evicted.add(victim);
            }
        }
        space.setRegion(translation.entry);
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
            List<Translation> list = made.get(pc);
            if (list == null) {
                return null;
            }
            candidates = list.toArray(Translation[]::new);
        }
        UnitTable units = cpu.units;
        int epoch = units.epoch();
        for (Translation candidate : candidates) {
            if (candidate.mode == cpu.mode && isMapped(cpu, candidate)) {
                Unit unit;
                boolean again;
                synchronized (lock) {
                    unit = candidate.unit;
                    if (candidate.dead || unit == null) {
                        continue;
                    }
                    again = candidate.hints.isOutdated(unit);
                    if (again) {
                        hints.put(candidate.entry, candidate.hints.and(unit));
                        forget(candidate);
                    } else {
                        units.put(unit);
                    }
                }
                if (again) {
                    uninstall(candidate);
                    request(cpu, pc);
                    return units.find(pc);
                }
                if (units.epoch() != epoch) {
                    units.remove(unit);
                    return null;
                }
                return unit;
            }
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
            Set<Translation> users = byPage.get(hostPage);
            if (users == null) {
                return;
            }
            ended = new ArrayList<>(users);
            ended.forEach(this::forget);
            ended.forEach(translation -> hints.remove(translation.entry));
            queue.removeAll(ended);
        }
        statistics.dropped += ended.size();
        ended.forEach(this::uninstall);
        for (Cpu cpu : space.cpus()) {
            cpu.unwind = true;
        }
    }

    /** With the lock held. */
    private void forget(Translation translation) {
        translation.dead = true;
        unwatch(translation);
        requested.remove(translation.entry, translation);
        if (translation.unit != null) {
            List<Translation> list = made.get(translation.pc);
            if (list != null) {
                list.remove(translation);
                if (list.isEmpty()) {
                    made.remove(translation.pc);
                }
            }
            oldest.remove(translation);
            for (long start : translation.blocks) {
                covered.remove(start);
            }
            size -= translation.size;
        }
    }

    private void watch(Translation translation) {
        for (long page : translation.hostPages) {
            byPage.computeIfAbsent(page, k -> new HashSet<>()).add(translation);
        }
    }

    private void unwatch(Translation translation) {
        for (long page : translation.hostPages) {
            Set<Translation> set = byPage.get(page);
            if (set != null && set.remove(translation) && set.isEmpty()) {
                byPage.remove(page);
            }
        }
    }

    /** Takes the unit of a forgotten translation out of sight. */
    private void uninstall(Translation translation) {
        Unit unit = translation.unit;
        if (unit != null) {
            space.clearRegion(translation.entry);
            for (Cpu cpu : space.cpus()) {
                cpu.units.remove(unit);
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            queue.clear();
            lock.notifyAll();
        }
    }
}
