package dev.rhea.device.edu;

import dev.rhea.device.pci.BarType;
import dev.rhea.device.pci.Msi;
import dev.rhea.device.pci.PciBus;
import dev.rhea.device.pci.PciFunction;
import dev.rhea.device.pci.PciIdentity;
import dev.rhea.device.pci.PciProperties;
import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.List;

/** {@code edu}: a card that inverts words, computes factorials, copies memory and interrupts. */
public final class Edu implements Device, Stateful<Edu.State> {
    public static final String TYPE = "edu";

    public static final List<Property> PROPERTIES = PciProperties.with(List.of(
            Property.of("dma_mask", PropertyKind.UINT64, "268435455", "the address bits that the card drives")));

    private static final int VENDOR = 0x1234;
    private static final int DEVICE = 0x11e8;
    private static final int REVISION = 0x10;
    private static final int CLASS_OTHERS = 0x00ff00;
    private static final int BAR_SIZE = 1 << 20;

    private static final int IDENTIFICATION = 0x00;
    private static final int LIVENESS = 0x04;
    private static final int FACTORIAL = 0x08;
    private static final int STATUS = 0x20;
    private static final int INTERRUPT_STATUS = 0x24;
    private static final int INTERRUPT_RAISE = 0x60;
    private static final int INTERRUPT_ACKNOWLEDGE = 0x64;
    private static final int DMA_SOURCE = 0x80;
    private static final int DMA_DESTINATION = 0x88;
    private static final int DMA_COUNT = 0x90;
    private static final int DMA_COMMAND = 0x98;

    private static final int ID_VALUE = 0x0100_00ed;
    private static final int STATUS_COMPUTING = 0x01;
    private static final int STATUS_INTERRUPT = 0x80;
    private static final int INTERRUPT_FACTORIAL = 0x001;
    private static final int INTERRUPT_DMA = 0x100;
    private static final int COMMAND_START = 0x1;
    private static final int COMMAND_TO_MEMORY = 0x2;
    private static final int COMMAND_INTERRUPT = 0x4;

    /** The card's own memory as DMA names it. */
    private static final int BUFFER_START = 0x40000;

    private static final int BUFFER_SIZE = 4096;
    private static final long DMA_NANOSECONDS = 100_000_000;
    /** From this number on a factorial is a multiple of 2^32. */
    private static final int FIRST_ZERO_FACTORIAL = 34;

    /**
     * Saved state.
     *
     * @param dmaDue when the transfer that is under way ends, in nanoseconds of the machine's clock; -1 where none is
     */
    @Version(1)
    public record State(
            PciFunction.State function,
            int liveness,
            int factorial,
            int status,
            int interrupts,
            long source,
            long destination,
            long count,
            long command,
            byte[] buffer,
            long dmaDue) {}

    private final PciFunction function;
    private final VirtualClock clock;
    private final Msi msi;
    private final Timer dmaTimer;
    private final Timer factorialTimer;
    private final long dmaMask;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private int liveness;
    private int factorial;
    private int status;
    private int interrupts;
    private long source;
    private long destination;
    private long count;
    private long command;

    /** Puts a card on a bus. @param id its name; empty where it has none */
    public Edu(PciBus bus, String id, VirtualClock clock, PropertyValues properties) throws BadDeviceException {
        this.clock = clock;
        dmaMask = properties.number("dma_mask");
        function = new PciFunction(bus, PciIdentity.of(VENDOR, DEVICE, REVISION, CLASS_OTHERS), properties);
        function.setId(id);
        function.addInterruptPin(1);
        msi = function.addMsi(1, false);
        function.addBar(
                0,
                BarType.MEMORY,
                new Mmio("edu-mmio", BAR_SIZE, new AccessRule(4, 8, 4, 8, false), new CardRegisters()));
        function.onReset(this::functionReset);
        dmaTimer = clock.timer(this::transfer);
        factorialTimer = clock.timer(this::compute);
    }

    private final class CardRegisters implements Registers {
        @Override
        public long read(long offset, int size) {
            if (size == 8 && offset < DMA_SOURCE) {
                return -1;
            }
            return switch ((int) offset) {
                case IDENTIFICATION -> ID_VALUE;
                case LIVENESS -> liveness;
                case FACTORIAL -> factorial;
                case STATUS -> status;
                case INTERRUPT_STATUS -> interrupts;
                case DMA_SOURCE -> source;
                case DMA_DESTINATION -> destination;
                case DMA_COUNT -> count;
                case DMA_COMMAND -> command;
                default -> -1;
            };
        }

        @Override
        public void write(long offset, long value, int size) {
            if (size == 8 && offset < DMA_SOURCE) {
                return;
            }
            switch ((int) offset) {
                case LIVENESS -> liveness = (int) ~value;
                case FACTORIAL -> startFactorial((int) value);
                case STATUS -> status = status & ~STATUS_INTERRUPT | (int) value & STATUS_INTERRUPT;
                case INTERRUPT_RAISE -> raise((int) value);
                case INTERRUPT_ACKNOWLEDGE -> acknowledge((int) value);
                case DMA_SOURCE -> source = isTransferring() ? source : value;
                case DMA_DESTINATION -> destination = isTransferring() ? destination : value;
                case DMA_COUNT -> count = isTransferring() ? count : value;
                case DMA_COMMAND -> startTransfer(value);
                default -> {
                    // Nothing is there, or it is read-only.
                }
            }
        }
    }

    // ---- factorials

    private void startFactorial(int number) {
        if ((status & STATUS_COMPUTING) == 0) {
            factorial = number;
            status |= STATUS_COMPUTING;
            factorialTimer.at(clock.now());
        }
    }

    private void compute() {
        int result = 0;
        if (Integer.compareUnsigned(factorial, FIRST_ZERO_FACTORIAL) < 0) {
            result = 1;
            for (int i = 2; i <= factorial; i++) {
                result *= i;
            }
        }
        factorial = result;
        status &= ~STATUS_COMPUTING;
        if ((status & STATUS_INTERRUPT) != 0) {
            raise(INTERRUPT_FACTORIAL);
        }
    }

    // ---- interrupts

    private void raise(int bits) {
        interrupts |= bits;
        if (interrupts == 0) {
            return;
        }
        if (msi.isEnabled()) {
            msi.notify(0);
        } else {
            function.setIntx(true);
        }
    }

    private void acknowledge(int bits) {
        interrupts &= ~bits;
        if (interrupts == 0) {
            function.setIntx(false);
        }
    }

    // ---- DMA

    private boolean isTransferring() {
        return (command & COMMAND_START) != 0;
    }

    private void startTransfer(long value) {
        if (!isTransferring() && (value & COMMAND_START) != 0) {
            command = value;
            dmaTimer.at(clock.now() + DMA_NANOSECONDS);
        }
    }

    private void transfer() {
        boolean toMemory = (command & COMMAND_TO_MEMORY) != 0;
        long own = (toMemory ? source : destination) - BUFFER_START;
        long memory = (toMemory ? destination : source) & dmaMask;
        // A transfer that leaves the card's memory does nothing.
        if (own >= 0 && own < BUFFER_SIZE && count >= 0 && count <= BUFFER_SIZE - own) {
            try {
                if (toMemory) {
                    function.dma().write(memory, buffer, (int) own, (int) count);
                } else {
                    function.dma().read(memory, buffer, (int) own, (int) count);
                }
            } catch (BusError e) {
                // Nothing is at that address, or the card is not bus master: it has no register to say so.
            }
        }
        command &= ~COMMAND_START;
        if ((command & COMMAND_INTERRUPT) != 0) {
            raise(INTERRUPT_DMA);
        }
    }

    // ---- device

    public PciFunction function() {
        return function;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public List<PropertyValue> properties() {
        return function.values();
    }

    @Override
    public List<String> remarks() {
        return function.remarks();
    }

    @Override
    public void reset() {
        function.reset();
    }

    private void functionReset() {
        dmaTimer.cancel();
        factorialTimer.cancel();
        liveness = 0;
        factorial = 0;
        status = 0;
        interrupts = 0;
        source = 0;
        destination = 0;
        count = 0;
        command = 0;
        java.util.Arrays.fill(buffer, (byte) 0);
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(
                function.saveState(),
                liveness,
                factorial,
                status,
                interrupts,
                source,
                destination,
                count,
                command,
                buffer.clone(),
                dmaTimer.isArmed() ? dmaTimer.deadline() : -1);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        boolean transferring = (state.command & COMMAND_START) != 0;
        if (state.buffer.length != BUFFER_SIZE || transferring != state.dmaDue >= 0) {
            throw new BadStateException("edu: the saved transfer and its buffer do not fit together");
        }
        function.loadState(state.function);
        liveness = state.liveness;
        factorial = state.factorial;
        status = state.status & (STATUS_COMPUTING | STATUS_INTERRUPT);
        interrupts = state.interrupts;
        source = state.source;
        destination = state.destination;
        count = state.count;
        command = state.command;
        System.arraycopy(state.buffer, 0, buffer, 0, BUFFER_SIZE);
        dmaTimer.cancel();
        factorialTimer.cancel();
        if (transferring) {
            dmaTimer.at(state.dmaDue);
        }
        if ((status & STATUS_COMPUTING) != 0) {
            factorialTimer.at(clock.now());
        }
    }
}
