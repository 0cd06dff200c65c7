package dev.rhea.device.pci;

import dev.rhea.machine.clock.VirtualClock;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Container;
import dev.rhea.machine.memory.Ram;
import dev.rhea.machine.memory.RamBlock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/** RAM and a host bridge laid out as on the riscv virt board, and a guest's accesses to them. */
public final class TestMachine implements AutoCloseable {
    public static final long RAM = 0x8000_0000L;
    public static final int RAM_SIZE = 1 << 20;
    public static final long ECAM = 0x3000_0000L;
    public static final long MMIO = 0x4000_0000L;
    public static final long MMIO_SIZE = 0x4000_0000L;
    public static final long HIGH = 0x4_0000_0000L;
    public static final long HIGH_SIZE = 0x4_0000_0000L;
    public static final long IO = 0x300_0000L;

    public final ReentrantLock lock = new ReentrantLock();
    public final VirtualClock clock = new VirtualClock(lock);
    public final Container system = new Container("system", Long.MAX_VALUE);
    public final AddressSpace memory = new AddressSpace("memory", system, lock);
    public final RamBlock ram = new RamBlock("ram", RAM_SIZE);
    public final boolean[] intx = new boolean[4];
    public final PcieHost host;
    public int mapChanges;

    public TestMachine() {
        List<Line> lines = IntStream.range(0, 4)
                .<Line>mapToObj(i -> level -> intx[i] = level)
                .toList();
        host = new PcieHost(memory, lines);
        system.add(RAM, Ram.of(ram));
        system.add(ECAM, host.ecam());
        system.add(MMIO, host.memoryWindow("pcie-mmio", MMIO, MMIO_SIZE));
        system.add(HIGH, host.memoryWindow("pcie-mmio-high", HIGH, HIGH_SIZE));
        system.add(IO, host.ioWindow());
        memory.onChange(() -> mapChanges++);
    }

    public static PropertyValues values(String type, List<Property> properties, Map<String, String> given)
            throws BadDeviceException {
        return new PropertyValues(type, properties, given);
    }

    /** A function without registers or capabilities. */
    PciFunction plain(PciBus bus, Map<String, String> given) throws BadDeviceException {
        return new PciFunction(
                bus, PciIdentity.of(0x1b36, 0x00ff, 1, 0x00ff00), values("plain", PciProperties.COMMON, given));
    }

    PciePort rootPort(PciBus bus, int chassis) throws BadDeviceException {
        return new PciePort(
                PciePort.Model.GENERIC,
                bus,
                "port" + chassis,
                values("pcie-root-port", PciePort.Model.GENERIC.properties(), Map.of("chassis", "" + chassis)));
    }

    PciBridge bridge(PciBus bus, int chassis) throws BadDeviceException {
        return PciBridge.conventional(
                bus,
                "bridge" + chassis,
                values("pci-bridge", PciBridge.CONVENTIONAL_PROPERTIES, Map.of("chassis_nr", "" + chassis)));
    }

    // ---- a guest's accesses

    public static long config(int bus, int devfn, int offset) {
        return ECAM + ((long) bus << 20) + ((long) devfn << 12) + offset;
    }

    public long read(long address, int size) {
        try {
            return memory.read(address, size);
        } catch (BusError e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    public void write(long address, long value, int size) {
        try {
            memory.write(address, value, size);
        } catch (BusError e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    public int readConfig(int bus, int devfn, int offset, int size) {
        return (int) read(config(bus, devfn, offset), size);
    }

    public void writeConfig(int bus, int devfn, int offset, int size, long value) {
        write(config(bus, devfn, offset), value & -1L >>> 64 - 8 * size, size);
    }

    @Override
    public void close() {
        clock.close();
        ram.close();
    }
}
