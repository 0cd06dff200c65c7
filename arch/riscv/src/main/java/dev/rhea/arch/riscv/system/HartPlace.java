package dev.rhea.arch.riscv.system;

import dev.rhea.arch.riscv.system.SbiState.HartStatus;
import dev.rhea.arch.riscv.system.SbiState.Request;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * What the supervisor binary interface knows of a hart: chapter "Hart State Management Extension", and what other harts asked of it.
 */
final class HartPlace {
    /** Above this many pages a remote fence forgets everything. */
    private static final int FENCE_PAGES = 512;

    private static final int A0 = 10;
    private static final int A1 = 11;

    /** @param done is told when it was done */
    private record Pending(Request request, @Nullable Runnable done) {}

    private final Hart hart;
    private final ConcurrentLinkedQueue<Pending> requests = new ConcurrentLinkedQueue<>();
    private volatile HartStatus status = HartStatus.STOPPED;

    /** How a suspended hart begins anew; null where it goes on as it was. */
    private volatile @Nullable Request resumption;

    HartPlace(Hart hart) {
        this.hart = hart;
    }

    HartStatus status() {
        return status;
    }

    /** The hart was reset. */
    void reset(boolean boots) {
        // whoever waits for a fence of this hart has been reset too, or is about to
        performAll();
        resumption = null;
        status = boots ? HartStatus.STARTED : HartStatus.STOPPED;
    }

    /** Asks a hart that is stopped to begin; false where it is not stopped. Any hart's thread. */
    synchronized boolean start(long pc, long opaque) {
        if (status != HartStatus.STOPPED) {
            return false;
        }
        status = HartStatus.START_PENDING;
        ask(new Request(SbiState.Kind.BEGIN, pc, opaque, -1), null);
        return true;
    }

    /** The hart asks for its own end. */
    void stop() {
        status = HartStatus.STOPPED;
    }

    /** The hart sleeps until an interrupt. @param begin how it begins anew; null where it goes on */
    void suspend(@Nullable Request begin) {
        resumption = begin;
        status = HartStatus.SUSPENDED;
    }

    /** Asks it for something. Any thread. @param done is told afterwards, on the hart's thread */
    void ask(Request request, @Nullable Runnable done) {
        requests.add(new Pending(request, done));
        hart.thread().wake();
    }

    boolean isAsked() {
        return !requests.isEmpty();
    }

    /** Whether {@link #serve} has something to do for a hart that sleeps, or would let it run. */
    boolean hasRequests() {
        return isAsked()
                || status == HartStatus.START_PENDING
                || status == HartStatus.SUSPENDED && hart.cpu().traps.mayWake();
    }

    /** Does what was asked, on the hart's thread; tells whether it may run. */
    boolean serve() {
        performAll();
        if (status == HartStatus.SUSPENDED && hart.cpu().traps.mayWake()) {
            Request begin = resumption;
            resumption = null;
            status = HartStatus.STARTED;
            if (begin != null) {
                perform(begin);
            }
        }
        return status == HartStatus.STARTED;
    }

    /** Does all that was asked. */
    void performAll() {
        for (Pending next = requests.poll(); next != null; next = requests.poll()) {
            perform(next.request);
            Runnable done = next.done;
            if (done != null) {
                done.run();
            }
        }
    }

    /** Does something at once, on the hart's thread or while it stands. */
    void perform(Request request) {
        SystemCpu cpu = hart.cpu();
        if (request.kind() == SbiState.Kind.BEGIN) {
            Handover.toSupervisor(cpu);
            cpu.pc = request.first() & cpu.addressMask;
            cpu.r[A0] = hart.index();
            cpu.r[A1] = request.second();
            status = HartStatus.STARTED;
        } else {
            long asid = request.kind() == SbiState.Kind.FENCE ? -1 : request.asid();
            forget(cpu, request.first(), request.second(), asid);
        }
    }

    private static void forget(SystemCpu cpu, long start, long size, long asid) {
        if (start == 0 && size == 0 || Long.compareUnsigned(size, FENCE_PAGES * 4096L) > 0) {
            cpu.translations.forgetSpace(asid);
            return;
        }
        long first = start & -4096L;
        for (long at = 0; at < start + size - first; at += 4096) {
            cpu.translations.forgetPage(first + at & cpu.addressMask, asid);
        }
    }

    // ---- state

    SbiState.OfHart save() {
        Request begin = resumption;
        return new SbiState.OfHart(
                status,
                requests.stream().map(Pending::request).toList(),
                begin != null,
                begin == null ? 0 : begin.first(),
                begin == null ? 0 : begin.second());
    }

    void load(SbiState.OfHart state) {
        requests.clear();
        List<Request> asked = state.requests();
        asked.forEach(request -> requests.add(new Pending(request, null)));
        resumption = state.beginsAnew() ? new Request(SbiState.Kind.BEGIN, state.pc(), state.opaque(), -1) : null;
        status = state.status();
    }
}
