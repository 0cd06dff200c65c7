package dev.rhea.device.net;

import static dev.rhea.device.net.GemRegs.*;

import dev.rhea.device.register.Register;
import dev.rhea.device.register.RegisterTable;
import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import dev.rhea.network.Port;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Cadence's gigabit Ethernet MAC with one queue each way and 64-bit addresses, and the PHY behind it. It makes and verifies the
 * checksums of IP, TCP and UDP. It has no time stamp unit, no screeners and no segmentation, as its design configuration
 * registers say.
 *
 * <p>Frames go out at once. What comes waits in the network while there are no buffers, as in the controller's packet memory.
 */
public final class CadenceGem implements Device, Stateful<CadenceGem.State> {
    /** The type's name. */
    public static final String TYPE = "cadence_gem";

    /** Bytes of the register space. */
    public static final int SIZE = 0x800;

    /** What can be said of one. */
    public static final List<Property> PROPERTIES = List.of(
            Property.of("jumbo-max-len", PropertyKind.UINT16, "10240", "bytes of the longest jumbo frame"),
            Property.of("mac", PropertyKind.MAC, null, "its address"),
            Property.of("netdev", PropertyKind.NETDEV, null, "the network it is connected to"),
            Property.of("phy-addr", PropertyKind.UINT8, "0", "of the PHY on the management bus"),
            Property.of("revision", PropertyKind.UINT32, "0x10070109", "what module_id says"));

    private static final int MAX_JUMBO = 0x3fff;
    /** How many frames go out before others have their turn. */
    private static final int FRAMES = 256;

    /** After which time in ns it looks for free buffers again. */
    private static final long RETRY = 1_000_000;

    /**
     * What the controller remembers.
     *
     * @param registers in the order of their declaration
     * @param active a bit for each specific address that counts
     * @param receive first and next descriptor
     * @param transmit first and next descriptor
     * @param transmitting whether frames are left to send
     */
    @Version(1)
    public record State(
            int[] registers,
            int[] statistics,
            int[] phy,
            int active,
            int[] receive,
            int[] transmit,
            boolean transmitting) {}

    private final PropertyValues values;
    private final Port port;
    private final ReentrantLock lock;
    private final AddressSpace memory;
    private final Phy phy = new Phy();
    private final GemStatistics statistics = new GemStatistics();
    private final RegisterTable table = new RegisterTable(TYPE, SIZE);
    private final DescriptorRing receiveRing;
    private final DescriptorRing transmitRing;
    private final GemReceiver receiver;
    private final GemTransmitter transmitter;
    private final GemFilter filter;
    private final Timer retry;
    private final Timer proceed;
    private final Runnable resume = this::resume;

    private final Register control;
    private final Register dma;
    private final Register txStatus;
    private final Register rxStatus;
    private final GemInterrupts interrupts;
    private final Register rxHigh;
    private final Register txHigh;
    private boolean transmitting;
    /** A guest whose descriptors lie in the registers gets one pass, not a recursion. */
    private boolean working;
    /** Whether the network waits. */
    private volatile boolean starved;

    /**
     * A controller.
     *
     * @param values of {@link #PROPERTIES}
     * @param mac 6 bytes: what its first address register holds after reset
     * @param memory for descriptors and frames
     * @param lock the machine lock
     */
    public CadenceGem(
            PropertyValues values,
            byte[] mac,
            Port port,
            Line irq,
            AddressSpace memory,
            VirtualClock clock,
            ReentrantLock lock)
            throws BadDeviceException {
        this.values = values;
        this.port = port;
        this.memory = memory;
        this.lock = lock;
        if (values.number("jumbo-max-len") > MAX_JUMBO) {
            throw new BadDeviceException("jumbo-max-len is greater than " + MAX_JUMBO);
        }
        receiveRing = new DescriptorRing(memory);
        transmitRing = new DescriptorRing(memory);
        retry = clock.timer(resume);
        proceed = clock.timer(this::transmit);

        control = table.add(0x000, "net_ctrl", 0, CONTROL_KEPT).writes(this::control);
        Register config = table.add(0x004, "net_cfg", 0x80000, -1);
        table.add(0x008, "net_status", 6, 0);
        table.add(0x00c, "user_io", 0, -1);
        dma = table.add(0x010, "dma_cfg", 0x20784, 0x71ff0fff).writes(value -> widths());
        txStatus = clearing(0x014, "tx_status", TX_STATUS);
        table.add(0x018, "rx_qbar").reads(receiveRing::next).writes(receiveRing::setBase);
        table.add(0x01c, "tx_qbar").reads(transmitRing::next).writes(transmitRing::setBase);
        rxStatus = clearing(0x020, "rx_status", RX_STATUS);
        interrupts = new GemInterrupts(table, irq);
        new GemManagementBus(
                table, control, phy, (int) values.number("phy-addr"), () -> interrupts.raise(INT_MANAGEMENT));
        table.add(0x038, "rx_pauseq");
        table.add(0x03c, "tx_pauseq", 0xffff, 0xffff);
        table.add(0x040, "tx_partial_st_fwd", 0x3ff, 0x800003ff);
        table.add(0x044, "rx_partial_st_fwd", 0x3ff, 0x800003ff);
        int longest = (int) values.number("jumbo-max-len");
        Register jumbo = table.add(0x048, "jumbo_max_length", longest, MAX_JUMBO);
        filter = new GemFilter(table, config, mac);
        table.add(0x0b8, "wake_on_lan", 0, 0xfffff);
        table.add(0x0bc, "ipg_stretch", 0, 0xffff);
        table.add(0x0c0, "stacked_vlan", 0, 0x8000ffff);
        table.add(0x0c4, "tx_pfc_pause", 0, 0xffff);
        table.add(0x0fc, "module_id", (int) values.number("revision"), 0);
        statistics.declare(table, control);
        table.add(0x280, "design_cfg1", 0x02d00111, 0); // interrupts are cleared by reading
        table.add(0x284, "design_cfg2", 0x2ab12800, 0);
        table.add(0x288, "design_cfg3", 0, 0);
        table.add(0x28c, "design_cfg4", 0, 0);
        table.add(0x290, "design_cfg5", 0x002f2045, 0);
        table.add(0x294, "design_cfg6", 0x00800000, 0); // 64-bit addresses
        txHigh = table.add(0x4c8, "upper_tx_q_base_addr", 0, -1).writes(value -> widths());
        rxHigh = table.add(0x4d4, "upper_rx_q_base_addr", 0, -1).writes(value -> widths());

        receiver = new GemReceiver(memory, receiveRing, filter, statistics, config, dma, jumbo);
        transmitter = new GemTransmitter(memory, transmitRing, statistics, new GemTransmitter.Output() {
            @Override
            public void send(byte[] frame, int length) {
                out(frame, length);
            }

            @Override
            public void report(int status, int interrupt) {
                txStatus.set(txStatus.get() | status);
                interrupts.raise(interrupt);
            }

            @Override
            public boolean makesChecksums() {
                return (dma.get() & TX_CHECKSUM) != 0;
            }
        });
        memory.masters().onRelease(resume);
        port.connect(this::receive);
    }

    private Register clearing(int offset, String name, int bits) {
        Register register = table.add(offset, name).holds(bits);
        return register.writes(value -> register.set(register.get() & ~value));
    }

    /** The registers. */
    public Region region() {
        return table.region();
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<PropertyValue> properties() {
        return values.view();
    }

    /** Plugs the cable in or out. With the machine lock held. */
    public void setLink(boolean up) {
        phy.setLink(up);
    }

    // ---- registers

    private void control(int value) {
        if ((value & CLEAR_STATISTICS) != 0) {
            statistics.clear();
        }
        if ((value & INCREMENT_STATISTICS) != 0) {
            statistics.countAll();
        }
        if ((value & RX_ENABLE) == 0) {
            receiveRing.rewind();
        }
        if ((value & TX_ENABLE) == 0) {
            transmitRing.rewind();
            transmitting = false;
            proceed.cancel();
        } else if ((value & START_TX) != 0) {
            transmit();
        }
        resume();
    }

    private void widths() {
        boolean wide = (dma.get() & ADDRESS_64) != 0;
        receiveRing.setWide(wide);
        receiveRing.setHigh(wide ? rxHigh.get() : 0);
        transmitRing.setWide(wide);
        transmitRing.setHigh(wide ? txHigh.get() : 0);
    }

    // ---- frames

    private void transmit() {
        if (working || (control.get() & TX_ENABLE) == 0) {
            return;
        }
        working = true;
        try {
            transmitting = transmitter.run(FRAMES);
        } finally {
            working = false;
        }
        if (transmitting) {
            proceed.at(proceed.clock().now());
        }
    }

    private void out(byte[] frame, int length) {
        if ((control.get() & LOOPBACK_LOCAL) != 0 || phy.isLoopback()) {
            take(frame, 0, length);
        } else if (phy.isLinkUp()) {
            port.send(frame, 0, length);
        }
    }

    /** A frame from the network, on its thread. */
    private boolean receive(byte[] frame, int offset, int length) {
        starved = true; // before the question: whoever releases them looks at it afterwards
        if (!memory.masters().tryEnter()) {
            return false;
        }
        try {
            lock.lock();
            try {
                boolean inside = working;
                boolean looped = (control.get() & LOOPBACK_LOCAL) != 0;
                starved = !inside && !looped && phy.isLinkUp() && !take(frame, offset, length);
                if (starved) {
                    retry.at(retry.clock().now() + RETRY);
                }
                return !starved;
            } finally {
                lock.unlock();
            }
        } finally {
            memory.masters().leave();
        }
    }

    /** @return whether it is done with; false where it has to wait for buffers */
    private boolean take(byte[] frame, int offset, int length) {
        if ((control.get() & RX_ENABLE) == 0) {
            return true;
        }
        boolean outer = working;
        working = true;
        GemReceiver.Outcome outcome;
        try {
            outcome = receiver.receive(frame, offset, length);
        } finally {
            working = outer;
        }
        switch (outcome) {
            case RECEIVED -> report(RX_RECEIVED, INT_RX_COMPLETE);
            case DROPPED -> {}
            case NO_ROOM -> {
                statistics.count(GemStatistics.RX_NO_RESOURCE);
                report(RX_NO_BUFFER, INT_RX_USED);
            }
            case FAILED -> report(RX_RESPONSE_ERROR, INT_RESPONSE_ERROR);
        }
        return outcome != GemReceiver.Outcome.NO_ROOM;
    }

    private void report(int status, int interrupt) {
        rxStatus.set(rxStatus.get() | status);
        interrupts.raise(interrupt);
    }

    /** Lets the network go on that was told to wait. */
    private void resume() {
        if (starved) {
            starved = false;
            port.resume();
        }
    }

    // ---- life

    @Override
    public void reset() {
        table.reset();
        statistics.clear();
        phy.reset();
        filter.setActive(0);
        receiveRing.setBase(0);
        transmitRing.setBase(0);
        widths();
        transmitting = false;
        proceed.cancel();
        retry.cancel();
        interrupts.update();
        resume();
    }

    @Override
    public void close() {
        memory.masters().removeObserver(resume);
        port.connect((frame, offset, length) -> true);
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(
                table.save(),
                statistics.save(),
                phy.save(),
                filter.active(),
                new int[] {receiveRing.base(), receiveRing.next()},
                new int[] {transmitRing.base(), transmitRing.next()},
                transmitting);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        table.check(state.registers);
        if (state.statistics.length != GemStatistics.COUNT
                || !Phy.accepts(state.phy)
                || !GemFilter.accepts(state.active)
                || state.receive.length != 2
                || state.transmit.length != 2) {
            throw new BadStateException(TYPE + ": no controller can be in such a state");
        }
        table.load(state.registers);
        statistics.load(state.statistics);
        phy.load(state.phy);
        filter.setActive(state.active);
        receiveRing.load(state.receive[0], state.receive[1]);
        transmitRing.load(state.transmit[0], state.transmit[1]);
        widths();
        transmitting = state.transmitting && (control.get() & TX_ENABLE) != 0;
        proceed.cancel();
        if (transmitting) {
            proceed.at(proceed.clock().now());
        }
        interrupts.update();
        resume();
    }
}
