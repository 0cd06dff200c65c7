package dev.rhea.user.process;

import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Pending signals of a task or a process, in the order signal(7) promises. Guarded by the kernel's lock. */
final class SignalQueue {
    /** How many real-time signals wait in one queue at most: the usual RLIMIT_SIGPENDING is of this order. */
    static final int LIMIT = 16_384;

    private long set;
    private final ArrayDeque<SignalInfo> queue = new ArrayDeque<>(2);

    /** The signals that are pending. */
    long set() {
        return set;
    }

    /**
     * Adds a signal. A standard signal that is pending already is not added again.
     *
     * @return false where the queue is full (EAGAIN of sigqueue)
     */
    boolean add(SignalInfo info) {
        long bit = Signal.bit(info.number());
        if ((set & bit) != 0 && info.number() < Signal.SIGRTMIN) {
            return true;
        }
        if (queue.size() >= LIMIT) {
            return false;
        }
        set |= bit;
        queue.addLast(info);
        return true;
    }

    /** Takes the next signal out of {@code wanted}: faults first, then the lowest number, then the oldest. */
    @Nullable
    SignalInfo take(long wanted) {
        long candidates = set & wanted;
        if (candidates == 0) {
            return null;
        }
        long first = (candidates & Signal.SYNCHRONOUS) != 0 ? candidates & Signal.SYNCHRONOUS : candidates;
        int number = Long.numberOfTrailingZeros(first) + 1;
        SignalInfo taken = null;
        boolean more = false;
        for (Iterator<SignalInfo> i = queue.iterator(); i.hasNext(); ) {
            SignalInfo info = i.next();
            if (info.number() == number) {
                if (taken == null) {
                    taken = info;
                    i.remove();
                } else {
                    more = true;
                    break;
                }
            }
        }
        if (!more) {
            set &= ~Signal.bit(number);
        }
        return taken;
    }

    /** Counts one more expiry in a timer's signal that still waits; false where none does. */
    boolean countOverrun(int timer) {
        for (int i = queue.size(); i > 0; i--) {
            SignalInfo info = queue.removeFirst();
            boolean found = info.code() == SignalInfo.SI_TIMER && info.pid() == timer;
            if (!found) {
                queue.addLast(info);
                continue;
            }
            queue.addLast(new SignalInfo(
                    info.number(), info.code(), info.pid(), info.uid() + 1, info.value(), info.status()));
            // Goes once around, so that the order stays.
            for (int j = i - 1; j > 0; j--) {
                queue.addLast(queue.removeFirst());
            }
            return true;
        }
        return false;
    }

    /** Forgets all signals of a set. */
    void discard(long signals) {
        if ((set & signals) != 0) {
            set &= ~signals;
            queue.removeIf(info -> (Signal.bit(info.number()) & signals) != 0);
        }
    }
}
