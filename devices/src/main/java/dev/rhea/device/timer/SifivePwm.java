package dev.rhea.device.timer;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Pins;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.List;

/**
 * SiFive's pulse width modulator: FU540-C000 manual, chapter 14; {@code sifive,pwm0}. A counter with four comparators of 16
 * bits, each with an interrupt. The pulses themselves go nowhere, so ganging does nothing.
 */
public final class SifivePwm implements Device, Stateful<SifivePwm.State> {
    /** Bytes of the register space. */
    public static final int SIZE = 0x100;

    private static final int COMPARATORS = 4;
    private static final int COUNT_MASK = 0x7fffffff;
    private static final int CMP_MASK = 0xffff;

    // pwmcfg
    private static final int SCALE = 0xf;
    private static final int STICKY = 1 << 8;
    private static final int ZEROCMP = 1 << 9;
    private static final int DEGLITCH = 1 << 10;
    private static final int ENALWAYS = 1 << 12;
    private static final int ENONESHOT = 1 << 13;
    private static final int CENTER = 16;
    private static final int GANG = 0xf << 24;
    private static final int IP = 28;
    private static final int WRITABLE =
            SCALE | STICKY | ZEROCMP | DEGLITCH | ENALWAYS | ENONESHOT | 0xf << CENTER | GANG | 0xf << IP;

    /** However fast a guest lets it count: it may not keep the machine busy with interrupts alone. In nanoseconds. */
    private static final long SHORTEST_WAIT = 10_000;

    private static final long SECOND = 1_000_000_000;

    /** The registers in the order of their declaration, and the count. */
    @Version(1)
    public record State(int[] registers, int count) {}

    private final RegisterTable table = new RegisterTable("sifive-pwm", SIZE);
    private final VirtualClock clock;
    private final long frequency;
    private final List<Line> irqs;
    private final Timer timer;
    private final Register config;
    private final Register[] compare = new Register[COMPARATORS];
    private int count;
    /** When {@link #count} was right, in ticks of the machine's clock. */
    private long since;

    /** @param frequency of its input clock in Hz, 1 to 10^9 @param irqs an interrupt line for each of the four comparators */
    public SifivePwm(VirtualClock clock, long frequency, List<Line> irqs) {
        if (irqs.size() != COMPARATORS || frequency < 1 || frequency > SECOND) {
            throw new IllegalArgumentException("a PWM has 4 interrupts and a clock of 1 to 10^9 Hz");
        }
        this.clock = clock;
        this.frequency = frequency;
        this.irqs = List.copyOf(irqs);
        timer = clock.timer(this::update);
        config = table.add(0x00, "pwmcfg", 0, WRITABLE);
        config.reads(() -> {
            update();
            return config.get();
        });
        config.before(this::update).writes(value -> update());
        table.add(0x08, "pwmcount")
                .reads(() -> {
                    update();
                    return count;
                })
                .writes(value -> begin(value & COUNT_MASK));
        table.add(0x10, "pwms").reads(() -> {
            update();
            return scaled(count);
        });
        for (int i = 0; i < COMPARATORS; i++) {
            compare[i] = table.add(0x20 + 4 * i, "pwmcmp" + i, CMP_MASK, CMP_MASK)
                    .before(this::update)
                    .writes(value -> update());
        }
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    @Override
    public String type() {
        return "sifive-pwm";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(PropertyValue.of("clock-frequency", frequency));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.interrupts(irqs.size()));
    }

    @Override
    public List<Region> regions() {
        return List.of(table.region());
    }

    private boolean has(int bit) {
        return (config.get() & bit) != 0;
    }

    private int scaled(int at) {
        return at >>> (config.get() & SCALE) & CMP_MASK;
    }

    /** The count after which it begins anew. */
    private long last() {
        long whole = (1L << 16 + (config.get() & SCALE)) - 1 & COUNT_MASK;
        return has(ZEROCMP) ? Math.min(whole, (long) compare[0].get() << (config.get() & SCALE)) : whole;
    }

    /** Counts on from here. */
    private void begin(int from) {
        count = from;
        since = ticks(clock.now());
        update();
    }

    /** Brings count, pending bits and lines up to now. */
    private void update() {
        long now = ticks(clock.now());
        boolean wrapped = false;
        if (has(ENALWAYS | ENONESHOT)) {
            long last = last();
            long sum = count + (now - since);
            wrapped = sum > last;
            if (wrapped) {
                sum = has(ENALWAYS) ? (sum - last - 1) % (last + 1) : 0;
                config.set(config.get() & ~ENONESHOT);
            }
            count = (int) sum;
        }
        since = now;
        pend(wrapped ? last() : count, wrapped);
        for (int i = 0; i < COMPARATORS; i++) {
            irqs.get(i).set(has(1 << IP + i));
        }
        schedule();
    }

    private long ticks(long nanoseconds) {
        return nanoseconds / SECOND * frequency + nanoseconds % SECOND * frequency / SECOND;
    }

    private long nanoseconds(long ticks) {
        return ticks / frequency * SECOND + ticks % frequency * SECOND / frequency;
    }

    /** @param highest count that was reached since the last look */
    private void pend(long highest, boolean wrapped) {
        int bits = 0;
        boolean hold = has(STICKY) || has(DEGLITCH) && !wrapped;
        for (int i = 0; i < COMPARATORS; i++) {
            boolean center = has(1 << CENTER + i);
            int reached = folded(scaled((int) (hold ? highest : count)), center);
            bits |= reached >= compare[i].get() ? 1 << IP + i : 0;
        }
        config.set(hold ? config.get() | bits : config.get() & ~(0xf << IP) | bits);
    }

    /** Centred pulses compare with a count that comes back in its upper half. */
    private static int folded(int value, boolean center) {
        return center && value > CMP_MASK / 2 ? CMP_MASK - value : value;
    }

    /** Looks again when the next comparator is reached or the count begins anew. */
    private void schedule() {
        timer.cancel();
        if (!has(ENALWAYS | ENONESHOT)) {
            return;
        }
        long next = last() + 1 - count;
        for (Register each : compare) {
            long left = ((long) each.get() << (config.get() & SCALE)) - count;
            next = left > 0 ? Math.min(next, left) : next;
        }
        timer.at(clock.now() + Math.max(SHORTEST_WAIT, nanoseconds(Math.max(next, 1)) + 1));
    }

    @Override
    public void reset() {
        table.reset();
        begin(0);
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        update();
        return new State(table.save(), count);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        table.check(state.registers);
        if (state.count < 0) {
            throw new BadStateException(type() + ": the count has 31 bits");
        }
        table.load(state.registers);
        begin(state.count);
    }
}
