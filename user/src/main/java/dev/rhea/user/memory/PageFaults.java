package dev.rhea.user.memory;

import dev.rhea.user.process.SignalInfo;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What happens where a page is not there for an access: it comes into being, or the guest gets a signal. */
final class PageFaults {
    /** Trap codes of this memory are this and a {@link PageMap} result: no architecture's number is so large. */
    static final int TRAP = 0x4d00_0000;

    private static final int SIGKILL = 9;
    private static final int SIGBUS = 7;
    private static final int SIGSEGV = 11;
    private static final int SEGV_MAPERR = 1;
    private static final int SEGV_ACCERR = 2;
    private static final int BUS_ADRERR = 2;
    /** 100 ms. */
    private static final long SETTLE_NANOS = 100_000_000;

    private final GuestRam ram;
    private final PageMap map;
    private final ReentrantLock lock;

    /** @param lock the address space's, which guards {@code map} */
    PageFaults(GuestRam ram, PageMap map, ReentrantLock lock) {
        this.ram = ram;
        this.map = map;
        this.lock = lock;
    }

    /** Brings a page into being for an access; the byte's host address, or why there is none. */
    long pageIn(long address, int right) {
        lock.lock();
        try {
            long host = map.pageIn(address, right);
            if (host == PageMap.NO_MEMORY && ram.reclaim()) {
                host = map.pageIn(address, right);
            }
            if (host != PageMap.RETRY) {
                return host;
            }
        } finally {
            lock.unlock();
        }
        awaitSettled();
        return pageIn(address, right);
    }

    /**
     * Waits until no store from before the last fork is on its way to memory. At most {@link #SETTLE_NANOS}: who is in a host
     * call for so long does not store there.
     */
    void awaitSettled() {
        long deadline = System.nanoTime() + SETTLE_NANOS;
        boolean waits = false;
        while (true) {
            lock.lock();
            try {
                if (map.processors.isSettled() || System.nanoTime() - deadline > 0) {
                    map.processors.settle();
                    if (waits) {
                        map.processors.settling(false);
                    }
                    return;
                }
                map.processors.settling(true);
                waits = true;
            } finally {
                lock.unlock();
            }
            LockSupport.parkNanos(10_000);
        }
    }

    /** The signal for a trap that this memory raised (SIGSEGV or SIGBUS with code and address), or null for any other trap. */
    @Nullable
    SignalInfo signalOf(int trap, long value) {
        switch (trap - TRAP) {
            case PageMap.NOT_MAPPED:
                return SignalInfo.fault(SIGSEGV, SEGV_MAPERR, value);
            case PageMap.NOT_ALLOWED:
                return SignalInfo.fault(SIGSEGV, SEGV_ACCERR, value);
            case PageMap.BEYOND_FILE:
                return SignalInfo.fault(SIGBUS, BUS_ADRERR, value);
            case PageMap.NO_MEMORY:
                System.getLogger(PageFaults.class.getName())
                        .log(
                                System.Logger.Level.WARNING,
                                "guest memory is exhausted ({0} MiB in use): a guest process is killed",
                                Long.toString(ram.usedPages() >>> 8));
                return SignalInfo.kernel(SIGKILL);
            default:
                return null;
        }
    }
}
