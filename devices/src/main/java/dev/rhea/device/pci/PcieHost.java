package dev.rhea.device.pci;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Pins;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.irq.Line;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.Alias;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A generic PCI Express host bridge, as firmware describes it to operating systems ("pci-host-ecam-generic"): configuration space
 * is memory ({@link #ecam}, PCI Express 7.2.2), and boards choose where it is and which windows onto PCI memory there are.
 */
public final class PcieHost implements dev.rhea.machine.device.Device, Stateful<PciFunction.State> {
    /** Bytes of configuration space for one bus. */
    public static final long ECAM_PER_BUS = 1 << 20;

    public static final int BUSES = 256;
    private static final long IO_SIZE = 0x1_0000;
    private static final int DEVICE_GPEX = 0x0008;
    private static final int CLASS_BRIDGE_HOST = 0x060000;
    /** Below everything that functions map. */
    private static final int BACKGROUND = -1;

    private static final int INTX_WIRES = 4;

    private final PciRoot root;
    private final Mmio ecam;
    private final PciFunction function;
    private final List<Region> windows = new ArrayList<>();

    /**
     * Makes a host bridge with nothing behind it but its own function 00:00.0.
     *
     * @param systemMemory what bus masters reach
     * @param intx four wires, INTA# to INTD# of slot 0
     */
    public PcieHost(AddressSpace systemMemory, List<Line> intx) {
        if (intx.size() != INTX_WIRES) {
            throw new IllegalArgumentException("a host bridge has four interrupt lines, not " + intx.size());
        }
        root = new PciRoot("pcie.0", true, systemMemory, intx, PciRoot.Wiring.SWIZZLED, IO_SIZE);
        root.memory().add(0, unclaimed("pci-memory-unclaimed", root.memory().size()), BACKGROUND);
        root.io().add(0, unclaimed("pci-io-unclaimed", IO_SIZE), BACKGROUND);
        ecam = new Mmio("pcie-mmcfg-mmio", BUSES * ECAM_PER_BUS, new AccessRule(1, 8, 1, 4, true), new ConfigAccess());
        try {
            function = new PciFunction(
                    root.bus(),
                    PciIdentity.of(PciIdentity.VENDOR_REDHAT, DEVICE_GPEX, 0, CLASS_BRIDGE_HOST),
                    new PropertyValues("gpex-root", PciProperties.COMMON, Map.of("addr", "0")));
        } catch (BadDeviceException e) {
            throw new IllegalStateException("slot 0 of a new bus is free", e);
        }
    }

    /** What answers where no function does: all ones, as a master abort reads. */
    private static Mmio unclaimed(String name, long size) {
        return new Mmio(name, size, new AccessRule(1, 8, 1, 8, true), new Registers() {
            @Override
            public long read(long offset, int bytes) {
                return -1;
            }

            @Override
            public void write(long offset, long value, int bytes) {
                // Nobody takes it.
            }
        });
    }

    private final class ConfigAccess implements Registers {
        @Override
        public long read(long offset, int size) {
            return root.readConfig((int) (offset >> 20), (int) (offset >> 12) & 0xff, (int) offset & 0xfff, size);
        }

        @Override
        public void write(long offset, long value, int size) {
            root.writeConfig((int) (offset >> 20), (int) (offset >> 12) & 0xff, (int) offset & 0xfff, size, value);
        }
    }

    /** The root bus, {@code pcie.0}: where devices are put. */
    public PciBus bus() {
        return root.bus();
    }

    /** Configuration space of 256 buses: 256 MiB. */
    public Region ecam() {
        return ecam;
    }

    /** A window onto PCI memory, to be placed at {@code address} of system memory. */
    public Region memoryWindow(String name, long address, long size) {
        Alias window = new Alias(name, root.memory(), address, size);
        windows.add(window);
        return window;
    }

    /** The 64 KiB of I/O space as memory. */
    public Region ioWindow() {
        return root.io();
    }

    /** The host bridge's own function. */
    public PciFunction function() {
        return function;
    }

    @Override
    public String type() {
        return "gpex-pcihost";
    }

    @Override
    public List<PropertyValue> properties() {
        return List.of(
                PropertyValue.of("allow-unmapped-accesses", true),
                PropertyValue.size("x-ecam-size", ecam.size()),
                PropertyValue.size("x-pio-size", IO_SIZE),
                PropertyValue.of("num-irqs", INTX_WIRES),
                PropertyValue.of("bypass-iommu", false));
    }

    @Override
    public List<Pins> pins() {
        return List.of(Pins.interrupts(INTX_WIRES));
    }

    @Override
    public List<Region> regions() {
        List<Region> all = new ArrayList<>(List.of(ecam));
        all.addAll(windows);
        all.add(root.io());
        return all;
    }

    @Override
    public void reset() {
        function.reset();
    }

    @Override
    public Class<PciFunction.State> stateType() {
        return PciFunction.State.class;
    }

    @Override
    public PciFunction.State saveState() {
        return function.saveState();
    }

    @Override
    public void loadState(PciFunction.State state) throws BadStateException {
        function.loadState(state);
    }
}
