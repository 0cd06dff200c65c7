package dev.rhea.device.misc;

import dev.rhea.device.serial.SerialWire;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.util.Arrays;
import java.util.List;

/**
 * The host-target interface of the Spike simulator: two 64-bit mailboxes, {@code tohost} and {@code fromhost}. A command has
 * its device in bits 63 to 56, what to do in bits 55 to 48, and a payload below. Device 0 ends the machine or does a system
 * call, of which there are {@code exit} and {@code write} to the console; device 1 is the console.
 *
 * <p>{@code tohost} reads as 0 as soon as the command is done. Where 32-bit harts write it in halves, the high half counts.
 */
public final class Htif implements Device, Registers, Stateful<Htif.State> {
    /** Bytes of each mailbox. */
    private static final long MAILBOX = 8;

    private static final int DEVICE_SYSTEM = 0;
    private static final int DEVICE_CONSOLE = 1;
    private static final int CONSOLE_GETCHAR = 0;
    private static final int CONSOLE_PUTCHAR = 1;
    private static final long PAYLOAD = (1L << 48) - 1;

    /** Set in the answer to a getchar, so that no answer is 0. */
    private static final long CHARACTER = 0x100;

    // Linux's numbers, which Spike's proxy kernel uses.
    private static final long SYS_WRITE = 64;
    private static final long SYS_EXIT = 93;
    private static final long ENOSYS = 38;
    private static final long EFAULT = 14;
    private static final long EBADF = 9;
    /** A longer one is cut short, as {@code write} may. */
    private static final int WRITE_LIMIT = 64 << 10;

    /**
     * What the interface remembers.
     *
     * @param reads getchars that wait for a character
     * @param output what still has to be printed before the command in {@code tohost} is done
     * @param answer what {@code fromhost} shows then; 0 for nothing
     */
    @Version(1)
    public record State(long tohost, long fromhost, boolean reads, byte[] output, long answer) {}

    private final AddressSpace memory;
    private final SerialWire console;
    private final SifiveTest.Outcome outcome;
    private final Input input = new Input();
    private final Region tohostRegion;
    private final Region fromhostRegion;
    private long tohost;
    private long fromhost;
    private boolean reads;
    private byte[] output = {};
    private int printed;
    private long answer;

    /** @param memory where system calls find their arguments */
    public Htif(AddressSpace memory, SerialWire console, SifiveTest.Outcome outcome) {
        this.memory = memory;
        this.console = console;
        this.outcome = outcome;
        AccessRule rule = new AccessRule(1, 8, 4, 8, false);
        tohostRegion = new Mmio("htif.tohost", MAILBOX, rule, this);
        fromhostRegion = new Mmio("htif.fromhost", MAILBOX, rule, new FromHost());
        console.connect(input);
    }

    /** The mailbox for commands. */
    public Region tohost() {
        return tohostRegion;
    }

    /** The mailbox for answers. */
    public Region fromhost() {
        return fromhostRegion;
    }

    @Override
    public String type() {
        return "riscv.htif.uart";
    }

    @Override
    public List<Region> regions() {
        return List.of(tohostRegion, fromhostRegion);
    }

    @Override
    public long read(long offset, int size) {
        return part(tohost, offset, size);
    }

    @Override
    public void write(long offset, long value, int size) {
        if (tohost != 0 && output.length != 0) {
            // The last command is not done; a guest that does not wait loses this one.
            return;
        }
        tohost = merge(tohost, offset, value, size);
        if (size == 8 || offset == 4) {
            command(tohost);
        }
    }

    private static long part(long value, long offset, int size) {
        return size == 8 ? value : value >>> 8 * offset & 0xffffffffL;
    }

    private static long merge(long old, long offset, long value, int size) {
        long mask = size == 8 ? -1L : 0xffffffffL << 8 * offset;
        return old & ~mask | value << 8 * offset;
    }

    // ---- commands

    private void command(long word) {
        if (word == 0) {
            return;
        }
        long payload = word & PAYLOAD;
        switch ((int) (word >>> 56)) {
            case DEVICE_SYSTEM -> {
                if ((payload & 1) != 0) {
                    tohost = 0;
                    outcome.shutDown((int) (payload >>> 1) & 0xff);
                } else {
                    answer = 1;
                    systemCall(payload);
                }
            }
            case DEVICE_CONSOLE -> {
                answer = 0;
                switch ((int) (word >>> 48) & 0xff) {
                    case CONSOLE_GETCHAR -> {
                        reads = true;
                        tohost = 0;
                        if (fromhost == 0) {
                            console.acceptInput();
                        }
                    }
                    case CONSOLE_PUTCHAR -> print(new byte[] {(byte) payload});
                    default -> tohost = 0;
                }
            }
            default -> tohost = 0;
        }
    }

    /** Eight 64-bit words: a number and arguments; the result takes the number's place. */
    private void systemCall(long address) {
        long result;
        byte[] text = {};
        try {
            long number = memory.read(address, 8);
            if (number == SYS_EXIT) {
                tohost = 0;
                outcome.shutDown((int) memory.read(address + 8, 8) & 0xff);
                return;
            }
            if (number == SYS_WRITE) {
                long fd = memory.read(address + 8, 8);
                long length = Math.clamp(memory.read(address + 24, 8), 0, WRITE_LIMIT);
                result = fd == 1 || fd == 2 ? length : -EBADF;
                if (result > 0) {
                    text = new byte[(int) length];
                    memory.read(memory.read(address + 16, 8), text, 0, text.length);
                }
            } else {
                result = -ENOSYS;
            }
        } catch (BusError e) {
            result = -EFAULT;
            text = new byte[0];
        }
        try {
            memory.write(address, result, 8);
        } catch (BusError e) {
            // There is no place for the result: the guest gets its answer without.
        }
        print(text);
    }

    private void print(byte[] text) {
        output = text;
        printed = 0;
        drain();
    }

    private void drain() {
        while (printed < output.length && console.send(output[printed])) {
            printed++;
        }
        if (printed == output.length) {
            output = new byte[0];
            printed = 0;
            if (answer != 0) {
                fromhost = answer;
                answer = 0;
            }
            tohost = 0;
        }
    }

    /** What answers are read from, and cleared by writing 0. */
    private final class FromHost implements Registers {
        @Override
        public long read(long offset, int size) {
            return part(fromhost, offset, size);
        }

        @Override
        public void write(long offset, long value, int size) {
            fromhost = merge(fromhost, offset, value, size);
            if (fromhost == 0 && reads) {
                console.acceptInput();
            }
        }
    }

    private final class Input implements SerialWire.Receiver {
        @Override
        public int room() {
            return reads && fromhost == 0 ? 1 : 0;
        }

        @Override
        public void receive(byte[] bytes, int offset, int length) {
            if (length > 0 && room() > 0) {
                reads = false;
                fromhost = (long) DEVICE_CONSOLE << 56 | CHARACTER | bytes[offset] & 0xff;
            }
        }

        @Override
        public void receiveBreak() {}

        @Override
        public void writable() {
            if (output.length != 0) {
                drain();
            }
        }

        @Override
        public void setModemStatus(boolean cts, boolean dsr, boolean ri, boolean dcd) {}
    }

    // ---- reset and state

    @Override
    public void reset() {
        tohost = 0;
        fromhost = 0;
        reads = false;
        output = new byte[0];
        printed = 0;
        answer = 0;
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        byte[] left = Arrays.copyOfRange(output, printed, output.length);
        return new State(tohost, fromhost, reads, left, answer);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        if (state.output.length > WRITE_LIMIT || state.answer < 0 || state.answer > 1) {
            throw new BadStateException("HTIF: more output than one command has, or an answer that none has");
        }
        tohost = state.tohost;
        fromhost = state.fromhost;
        reads = state.reads;
        answer = state.answer;
        output = state.output.clone();
        printed = 0;
        if (output.length != 0) {
            drain();
        }
    }
}
