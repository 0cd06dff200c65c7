package dev.rhea.device.intc;

import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Pins;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.irq.InterruptCounts;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.Arrays;
import java.util.List;

/**
 * The RISC-V platform-level interrupt controller: RISC-V Platform-Level Interrupt Controller Specification 1.0.0.
 *
 * <p>Each source has a gateway for level-triggered interrupts: a request goes to the core of the controller when the line is
 * high, and the next one only after some context has completed the first. A context is an interrupt pin of a hart: usually
 * one for machine mode and one for supervisor mode.
 */
public final class Plic implements Device, Registers, InterruptCounts, Stateful<Plic.State> {
    /** Where the specification's memory map puts things, in bytes. */
    private static final long PRIORITY = 0;

    private static final long PENDING = 0x1000;
    private static final long ENABLE = 0x2000;
    private static final long ENABLE_STRIDE = 0x80;
    private static final long CONTEXT = 0x200000;
    private static final long CONTEXT_STRIDE = 0x1000;
    private static final long THRESHOLD = 0;
    private static final long CLAIM_COMPLETE = 4;

    /** The memory map has room for so many. */
    private static final int MAX_SOURCES = 1023;

    private static final int MAX_CONTEXTS = 15872;

    /**
     * What the controller remembers. Bits are numbered as sources are, from bit 0 of the first word on.
     *
     * @param priority of each source; that of source 0 is 0
     * @param level the lines of the sources
     * @param pending requests that nobody has claimed
     * @param inService requests that were claimed and not completed: their gateways are closed
     * @param enable words of each context, one context after the other
     * @param threshold of each context
     */
    @Version(1)
    public record State(int[] priority, int[] level, int[] pending, int[] inService, int[] enable, int[] threshold) {}

    private final int sources;
    private final int words;
    private final int maxPriority;
    private final List<Line> contexts;
    private final Region region;

    private final int[] priority;
    private final int[] level;
    private final int[] pending;
    private final int[] inService;
    private final int[][] enable;
    private final int[] threshold;
    /** How often each source's line rose. */
    private final long[] counts;

    /**
     * A controller in its state after power-on.
     *
     * @param sources the highest source's number, 1 to 1023; source 0 does not exist
     * @param maxPriority the highest priority, 1 to 2^31 - 1, a power of 2 less 1; further bits of what guests write are dropped
     * @param contexts the pin that each context drives
     * @param size of the register space in bytes; at least what the contexts need
     */
    public Plic(int sources, int maxPriority, List<Line> contexts, long size) {
        if (sources < 1 || sources > MAX_SOURCES) {
            throw new IllegalArgumentException("a PLIC has 1 to " + MAX_SOURCES + " sources, not " + sources);
        }
        if (maxPriority < 1 || (maxPriority & maxPriority + 1) != 0) {
            throw new IllegalArgumentException("the highest priority is a power of 2 less 1, not " + maxPriority);
        }
        if (contexts.size() > MAX_CONTEXTS || size < size(contexts.size())) {
            throw new IllegalArgumentException(contexts.size() + " contexts have no room in " + size + " bytes");
        }
        this.sources = sources;
        this.maxPriority = maxPriority;
        this.contexts = List.copyOf(contexts);
        words = sources / 32 + 1;
        priority = new int[sources + 1];
        counts = new long[sources + 1];
        level = new int[words];
        pending = new int[words];
        inService = new int[words];
        enable = new int[contexts.size()][words];
        threshold = new int[contexts.size()];
        region = new Mmio("riscv.sifive.plic", size, AccessRule.WORDS, this);
    }

    /** How many bytes the register space of a controller with so many contexts takes. */
    public static long size(int contexts) {
        return CONTEXT + contexts * CONTEXT_STRIDE;
    }

    /** The registers. */
    public Region region() {
        return region;
    }

    /** The line of a source, from 1 on. Level-triggered: high while the device wants attention. */
    public Line source(int number) {
        if (number < 1 || number > sources) {
            throw new IllegalArgumentException("there is no source " + number + " among 1 to " + sources);
        }
        return high -> drive(number, high);
    }

    @Override
    public String type() {
        return "riscv.sifive.plic";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(
                PropertyValue.of("num-sources", sources + 1),
                PropertyValue.of("num-priorities", maxPriority),
                PropertyValue.of("priority-base", PRIORITY),
                PropertyValue.of("pending-base", PENDING),
                PropertyValue.of("enable-base", ENABLE),
                PropertyValue.of("enable-stride", ENABLE_STRIDE),
                PropertyValue.of("context-base", CONTEXT),
                PropertyValue.of("context-stride", CONTEXT_STRIDE),
                PropertyValue.of("aperture-size", region.size()));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.in("", sources + 1), Pins.out("", contexts.size()));
    }

    @Override
    public List<Region> regions() {
        return List.of(region);
    }

    @Override
    public long[] interruptCounts() {
        return counts.clone();
    }

    private void drive(int source, boolean high) {
        int bit = 1 << source;
        boolean was = (level[source >> 5] & bit) != 0;
        if (was == high) {
            return;
        }
        level[source >> 5] ^= bit;
        if (high) {
            counts[source]++;
            forward(source >> 5, bit);
        }
    }

    /** Lets requests of a word of sources through those gateways that are open. */
    private void forward(int word, int bits) {
        int fresh = level[word] & bits & ~inService[word] & ~pending[word];
        if (fresh != 0) {
            pending[word] |= fresh;
            update();
        }
    }

    private void update() {
        for (int context = 0; context < contexts.size(); context++) {
            int source = best(context);
            contexts.get(context).set(Integer.compareUnsigned(priority[source], threshold[context]) > 0);
        }
    }

    /** The pending and enabled source of the highest priority, the lowest number among equals; 0 if there is none. */
    private int best(int context) {
        int result = 0;
        for (int word = 0; word < words; word++) {
            for (int bits = pending[word] & enable[context][word]; bits != 0; bits &= bits - 1) {
                int source = word * 32 + Integer.numberOfTrailingZeros(bits);
                if (Integer.compareUnsigned(priority[source], priority[result]) > 0) {
                    result = source;
                }
            }
        }
        return result;
    }

    private int claim(int context) {
        int source = best(context);
        if (source != 0) {
            pending[source >> 5] &= ~(1 << source);
            inService[source >> 5] |= 1 << source;
            update();
        }
        return source;
    }

    private void complete(int context, int source) {
        if (source < 1 || source > sources) {
            return;
        }
        int word = source >> 5;
        int bit = 1 << source;
        // What this context may not claim it may not complete.
        if ((enable[context][word] & inService[word] & bit) != 0) {
            inService[word] &= ~bit;
            forward(word, bit);
        }
    }

    // ---- registers

    @Override
    public long read(long offset, int size) {
        if (offset < PENDING) {
            int source = (int) ((offset - PRIORITY) / 4);
            return source <= sources ? priority[source] & 0xffffffffL : 0;
        }
        if (offset < ENABLE) {
            int word = (int) ((offset - PENDING) / 4);
            return word < words ? pending[word] & 0xffffffffL : 0;
        }
        if (offset < CONTEXT) {
            long context = (offset - ENABLE) / ENABLE_STRIDE;
            int word = (int) ((offset - ENABLE) % ENABLE_STRIDE / 4);
            return context < contexts.size() && word < words ? enable[(int) context][word] & 0xffffffffL : 0;
        }
        long context = (offset - CONTEXT) / CONTEXT_STRIDE;
        if (context >= contexts.size()) {
            return 0;
        }
        return switch ((int) ((offset - CONTEXT) % CONTEXT_STRIDE)) {
            case (int) THRESHOLD -> threshold[(int) context] & 0xffffffffL;
            case (int) CLAIM_COMPLETE -> claim((int) context);
            default -> 0;
        };
    }

    @Override
    public void write(long offset, long value, int size) {
        if (offset < PENDING) {
            int source = (int) ((offset - PRIORITY) / 4);
            if (source != 0 && source <= sources) {
                priority[source] = (int) value & maxPriority;
                update();
            }
        } else if (offset >= ENABLE && offset < CONTEXT) {
            long context = (offset - ENABLE) / ENABLE_STRIDE;
            int word = (int) ((offset - ENABLE) % ENABLE_STRIDE / 4);
            if (context < contexts.size() && word < words) {
                enable[(int) context][word] = (int) value & existing(word);
                update();
            }
        } else if (offset >= CONTEXT) {
            long context = (offset - CONTEXT) / CONTEXT_STRIDE;
            if (context < contexts.size()) {
                writeContext((int) context, (int) ((offset - CONTEXT) % CONTEXT_STRIDE), (int) value);
            }
        }
    }

    private void writeContext(int context, int offset, int value) {
        if (offset == THRESHOLD) {
            threshold[context] = value & maxPriority;
            update();
        } else if (offset == CLAIM_COMPLETE) {
            complete(context, value);
        }
    }

    /** Bits of the sources that exist among the 32 of a word. */
    private int existing(int word) {
        int bits = word == sources >> 5 ? -1 >>> 31 - (sources & 31) : -1;
        return word == 0 ? bits & ~1 : bits;
    }

    // ---- reset and state

    /** Devices keep driving their lines: one that is high asks again at once. */
    @Override
    public void reset() {
        Arrays.fill(priority, 0);
        Arrays.fill(inService, 0);
        Arrays.fill(threshold, 0);
        for (int[] each : enable) {
            Arrays.fill(each, 0);
        }
        System.arraycopy(level, 0, pending, 0, words);
        update();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        int[] enables = new int[contexts.size() * words];
        for (int context = 0; context < contexts.size(); context++) {
            System.arraycopy(enable[context], 0, enables, context * words, words);
        }
        return new State(
                priority.clone(), level.clone(), pending.clone(), inService.clone(), enables, threshold.clone());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        check("priority", state.priority, sources + 1, maxPriority);
        check("threshold", state.threshold, contexts.size(), maxPriority);
        check("level", state.level, words, -1);
        check("pending", state.pending, words, -1);
        check("inService", state.inService, words, -1);
        check("enable", state.enable, contexts.size() * words, -1);
        if (state.priority[0] != 0) {
            throw new BadStateException("PLIC: source 0 does not exist and has no priority");
        }
        for (int word = 0; word < words; word++) {
            int others = ~existing(word);
            int bits = state.level[word] | state.pending[word] | state.inService[word];
            for (int context = 0; context < contexts.size(); context++) {
                bits |= state.enable[context * words + word];
            }
            if ((bits & others) != 0) {
                throw new BadStateException("PLIC: there are bits of sources that do not exist");
            }
        }
        System.arraycopy(state.priority, 0, priority, 0, priority.length);
        System.arraycopy(state.threshold, 0, threshold, 0, threshold.length);
        System.arraycopy(state.level, 0, level, 0, words);
        System.arraycopy(state.pending, 0, pending, 0, words);
        System.arraycopy(state.inService, 0, inService, 0, words);
        for (int context = 0; context < contexts.size(); context++) {
            System.arraycopy(state.enable, context * words, enable[context], 0, words);
        }
        update();
    }

    private static void check(String what, int[] values, int length, int mask) throws BadStateException {
        if (values.length != length) {
            throw new BadStateException("PLIC: " + what + " has " + values.length + " values, not " + length);
        }
        for (int value : values) {
            if ((value & ~mask) != 0) {
                throw new BadStateException("PLIC: " + what + " has the value " + value + ", above " + mask);
            }
        }
    }
}
