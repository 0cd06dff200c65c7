package dev.rhea.arch.riscv.system;

import java.util.Arrays;

/**
 * The counters of a hart and what they count: section "Hardware Performance Monitor". A counter that counts instructions is the
 * hart's own count and a distance to it, so that counting costs nothing.
 */
final class EventCounters {
    static final int COUNTERS = 32;
    static final int CYCLE = 0;
    static final int INSTRET = 2;
    static final int FIRST_EVENT = 3;

    /** What {@code mhpmevent} selects: events 1 and 2 of the SBI's list, hardware CPU cycles and instructions. */
    private static final long CPU_CYCLES = 1;

    private static final long INSTRUCTIONS = 2;
    private static final long EVENT = 0xfffff;

    private final SystemCpu cpu;
    private final long[] distance = new long[COUNTERS];
    private final long[] event = new long[COUNTERS];
    private long inhibit;

    EventCounters(SystemCpu cpu) {
        this.cpu = cpu;
    }

    /** All at 0, counting nothing but cycles and instructions. */
    void reset() {
        Arrays.fill(distance, 0);
        Arrays.fill(event, 0);
        inhibit = 0;
        distance[CYCLE] = distance[INSTRET] = -cpu.count();
    }

    /** {@code mcountinhibit} */
    long inhibit() {
        return inhibit;
    }

    /** {@code mhpmevent<i>} */
    long event(int i) {
        return event[i];
    }

    /** {@code mcycle}, {@code minstret} or {@code mhpmcounter<i>} */
    long value(int i) {
        return counts(i) ? cpu.count() + distance[i] : distance[i];
    }

    private boolean counts(int i) {
        return (inhibit >>> i & 1) == 0 && countsInstructions(i);
    }

    /** An instruction takes one cycle. */
    private boolean countsInstructions(int i) {
        long selected = event[i] & EVENT;
        return i == CYCLE || i == INSTRET || selected == CPU_CYCLES || selected == INSTRUCTIONS;
    }

    /**
     * Gives a counter a value: section "CSR Access Ordering", by which the next instruction reads what one wrote.
     *
     * @param running 1 within an instruction, which will be counted, 0 between two
     */
    void setValue(int i, long value, int running) {
        distance[i] = counts(i) ? value - cpu.count() - running : value;
    }

    /** Stops counters and lets them go on, from where they are. The instruction that writes counts by what was there before. */
    void setInhibit(long value, int running) {
        for (int i = 0; i < COUNTERS; i++) {
            boolean stops = (value >>> i & 1) != 0;
            boolean stood = (inhibit >>> i & 1) != 0;
            if (stops != stood) {
                long now = counts(i) ? value(i) + running : value(i);
                inhibit ^= 1L << i;
                setValue(i, now, running);
            }
        }
    }

    /** Selects what a counter counts from now on. */
    void setEvent(int i, long value, int running) {
        long now = counts(i) ? value(i) + running : value(i);
        event[i] = value;
        setValue(i, now, running);
    }

    // ---- state

    /** All values, then all events, then {@code mcountinhibit}. */
    long[] state() {
        long[] state = new long[2 * COUNTERS + 1];
        for (int i = 0; i < COUNTERS; i++) {
            state[i] = value(i);
            state[COUNTERS + i] = event[i];
        }
        state[2 * COUNTERS] = inhibit;
        return state;
    }

    static boolean isState(long[] state) {
        return state.length == 2 * COUNTERS + 1;
    }

    void restore(long[] state) {
        inhibit = state[2 * COUNTERS];
        System.arraycopy(state, COUNTERS, event, 0, COUNTERS);
        for (int i = 0; i < COUNTERS; i++) {
            setValue(i, state[i], 0);
        }
    }
}
