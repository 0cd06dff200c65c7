package dev.rhea.device.virtio.pci;

import dev.rhea.device.pci.PciBus;
import dev.rhea.device.pci.PcieHost;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.VirtioGuest;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.BusError;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The same driver, but its device is a PCI function: MMIO registers by their modern PCI names. */
final class PciVirtioGuest extends VirtioGuest {
    static final long ECAM = 0x3000_0000L;
    static final long MMIO = 0x4000_0000L;
    static final long BAR4 = 0x4001_0000L;
    static final long BAR1 = 0x4002_0000L;
    private static final long PIO = 0x300_0000L;
    static final long BAR0 = PIO + 0x1000;
    private static final int DEVFN = 1 << 3;

    final PcieHost host;
    VirtioPci card;

    PciVirtioGuest() {
        super(false);
        List<Line> lines =
                IntStream.range(0, 4).<Line>mapToObj(i -> this::setLine).toList();
        host = new PcieHost(memory, lines);
        lock.lock();
        root.add(ECAM, host.ecam());
        root.add(MMIO, host.memoryWindow("pcie-mmio", MMIO, 0x1000_0000L));
        root.add(PIO, host.ioWindow());
        lock.unlock();
    }

    void plug(VirtioDevice device, VirtioPciType type, List<Property> properties, Map<String, String> given)
            throws Exception {
        PciBus bus = host.bus();
        List<Property> all =
                VirtioPciOptions.properties(properties, VirtioPciOptions.Variant.GENERIC, VirtioPciOptions.AUTO, true);
        PropertyValues values = new PropertyValues("virtio-x-pci", all, given);
        lock.lock();
        try {
            card = new VirtioPci(
                    bus,
                    "",
                    values,
                    VirtioPciOptions.of(values, all, VirtioPciOptions.Variant.GENERIC, bus),
                    type,
                    device,
                    lock);
            card.reset();
        } finally {
            lock.unlock();
        }
        map();
    }

    /** What firmware does: addresses, and the function may answer and be bus master. */
    void map() {
        writeConfigSpace(0x10, 4, 0x1000);
        writeConfigSpace(0x14, 4, BAR1);
        writeConfigSpace(0x20, 4, BAR4);
        writeConfigSpace(0x24, 4, 0);
        writeConfigSpace(4, 2, 7);
    }

    long readConfigSpace(int offset, int size) {
        return load(ECAM + (DEVFN << 12) + offset, size);
    }

    void writeConfigSpace(int offset, int size, long value) {
        store(ECAM + (DEVFN << 12) + offset, size, value);
    }

    long load(long address, int size) {
        try {
            return memory.read(address, size);
        } catch (BusError e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    void store(long address, int size, long value) {
        try {
            memory.write(address, value, size);
        } catch (BusError e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** Offset of an MMIO register among the common ones, and its size in the low digit. */
    private static int common(int register) {
        return switch (register) {
            case 0x010 -> 4 * 10 + 4;
            case 0x014 -> 4;
            case 0x020 -> 12 * 10 + 4;
            case 0x024 -> 8 * 10 + 4;
            case 0x030 -> 22 * 10 + 2;
            case 0x038, 0x034 -> 24 * 10 + 2;
            case 0x044 -> 28 * 10 + 2;
            case 0x070 -> 20 * 10 + 1;
            case 0x080 -> 32 * 10 + 4;
            case 0x084 -> 36 * 10 + 4;
            case 0x090 -> 40 * 10 + 4;
            case 0x094 -> 44 * 10 + 4;
            case 0x0a0 -> 48 * 10 + 4;
            case 0x0a4 -> 52 * 10 + 4;
            case 0x0fc -> 21 * 10 + 1;
            default -> throw new AssertionError("no such register on PCI: 0x" + Integer.toHexString(register));
        };
    }

    @Override
    public int read(int register) {
        if (register == 0x060) {
            return (int) load(BAR4 + 0x1000, 1);
        }
        int at = common(register);
        return (int) load(BAR4 + at / 10, at % 10);
    }

    @Override
    public void write(int register, long value) {
        if (register == 0x050) {
            store(BAR4 + 0x3000 + 4 * value, 2, value);
        } else if (register != 0x064) {
            int at = common(register);
            store(BAR4 + at / 10, at % 10, value & -1L >>> 64 - 8 * (at % 10));
        }
    }

    @Override
    public long config(int offset, int size) {
        return load(BAR4 + 0x2000 + offset, size);
    }

    @Override
    public void setConfig(int offset, int size, long value) {
        store(BAR4 + 0x2000 + offset, size, value);
    }

    @Override
    public void close() {
        card.close();
        super.close();
    }
}
