package dev.rhea.arch.riscv.system;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one hart met, for another that is to do the same: written by the first, read by the second while both run. */
final class Journal {
    /** Traps and interrupts by which the first may be ahead. */
    private static final int AHEAD = 10_000;

    /** What ended a stretch of instructions. */
    enum Kind {
        /** The last instruction. */
        TRAP,
        /** Something outside, which interrupts the guest. */
        INTERRUPT,
        /** Something outside of which the guest learns nothing. */
        PAUSE
    }

    /**
     * Where a stretch of instructions ended.
     *
     * @param pending interrupts of which one is taken; 0 unless it is an interrupt
     * @param trap what the instruction asks for; 0 unless it is a trap
     * @param state before anything was done about it
     */
    record Moment(Kind kind, long pending, int trap, long trapValue, long executed, HartState state) {
        static Moment of(SystemCpu cpu, Kind kind, long pending) {
            boolean trap = kind == Kind.TRAP;
            return new Moment(
                    kind, pending, trap ? cpu.trap : 0, trap ? cpu.trapValue : 0, cpu.executed, HartState.of(cpu));
        }
    }

    /**
     * Something that came from outside, or went there.
     *
     * @param what time, counter, pending, read or write
     * @param value what came, or went; -1 where the bus answered with an error
     */
    record Exchange(String what, long address, int size, long value, boolean isError) {}

    private final BlockingQueue<Moment> moments = new ArrayBlockingQueue<>(AHEAD);
    private final BlockingQueue<Exchange> exchanges = new LinkedBlockingQueue<>();
    private volatile boolean ended;
    private volatile boolean abandoned;

    /** Nothing more is written. */
    void end() {
        ended = true;
    }

    /** Nothing more is read. */
    void abandon() {
        abandoned = true;
    }

    void add(Moment moment) throws InterruptedException {
        while (!abandoned && !moments.offer(moment, 10, TimeUnit.MILLISECONDS)) {}
    }

    void add(Exchange exchange) {
        if (!abandoned) {
            exchanges.add(exchange);
        }
    }

    /** The next one; null after the last. */
    @Nullable
    Moment nextMoment() throws InterruptedException {
        for (; ; ) {
            boolean last = ended;
            Moment next = moments.poll(10, TimeUnit.MILLISECONDS);
            if (next != null || last) {
                return next;
            }
        }
    }

    /** The next one; null if there is none, which is a difference. */
    @Nullable
    Exchange nextExchange() {
        return exchanges.poll();
    }
}
