package dev.rhea.device.pci;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a function looks like now, as QMP's {@code query-pci} and the monitor's {@code info pci} tell it.
 *
 * @param bus the number of its bus as the guest numbered it
 * @param classCode base class and subclass: 16 bits
 * @param subsystemVendor 0 where there is none, as on bridges
 * @param interruptLine what the guest's firmware wrote
 * @param interruptPin 0 where it has none, 1 to 4 for INTA# to INTD#
 * @param id the device's name; empty where it has none
 * @param regions its base address registers
 * @param bridge what a bridge is set up as; null for others
 */
public record PciInfo(
        int bus,
        int slot,
        int function,
        int classCode,
        int vendor,
        int device,
        int subsystemVendor,
        int subsystem,
        int interruptLine,
        int interruptPin,
        String id,
        List<RegionInfo> regions,
        @Nullable BridgeInfo bridge) {

    /**
     * A base address register.
     *
     * @param number 0 to 5, or 6 for the expansion ROM
     * @param address where it answers; -1 where it does not
     * @param size bytes
     */
    public record RegionInfo(int number, BarType type, long address, long size) {}

    /** First and last address of a window; the last is below the first where it is closed. */
    public record Range(long base, long limit) {}

    /** @param devices what is on the bus behind; empty while that has no number */
    public record BridgeInfo(
            int primary,
            int secondary,
            int subordinate,
            Range io,
            Range memory,
            Range prefetchable,
            List<PciInfo> devices) {}

    /** Everything on a bus, and below it. With the machine lock held. */
    public static List<PciInfo> of(PciBus bus) {
        return bus.functions().stream().map(PciInfo::of).toList();
    }

    static PciInfo of(PciFunction function) {
        ConfigSpace config = function.config();
        BridgeHeader header = function.bridge();
        PciIdentity identity = function.identity();
        return new PciInfo(
                function.bus().number(),
                function.slot(),
                function.function(),
                config.getInt(PciRegs.CLASS_DEVICE, 2),
                identity.vendor(),
                identity.device(),
                header == null ? identity.subsystemVendor() : 0,
                header == null ? identity.subsystem() : 0,
                config.getInt(PciRegs.INTERRUPT_LINE, 1),
                config.getInt(PciRegs.INTERRUPT_PIN, 1),
                function.id(),
                function.bars().stream()
                        .map(bar -> new RegionInfo(bar.number, bar.type, bar.mapped(), bar.region.size()))
                        .toList(),
                header == null ? null : of(header));
    }

    private static BridgeInfo of(BridgeHeader header) {
        ConfigSpace config = header.function().config();
        int secondary = config.getInt(PciRegs.SECONDARY_BUS, 1);
        return new BridgeInfo(
                config.getInt(PciRegs.PRIMARY_BUS, 1),
                secondary,
                config.getInt(PciRegs.SUBORDINATE_BUS, 1),
                new Range(header.ioBase(), header.ioLimit()),
                new Range(header.memoryBase(), header.memoryLimit()),
                new Range(header.prefetchableBase(), header.prefetchableLimit()),
                secondary == 0 ? List.of() : of(header.secondary()));
    }

    // ---- as text

    /** What {@code info qtree} shows below properties: class, place, and where base address registers answer. */
    List<String> remarks() {
        List<String> lines = new ArrayList<>();
        String name = PciClass.find(classCode);
        lines.add(String.format(
                "class %s, addr %02x:%02x.%x, pci id %04x:%04x (sub %04x:%04x)",
                name == null ? String.format("Class %04x", classCode) : name,
                bus,
                slot,
                function,
                vendor,
                device,
                subsystemVendor,
                subsystem));
        for (RegionInfo bar : regions.stream()
                .sorted(Comparator.comparing(RegionInfo::number))
                .toList()) {
            lines.add(String.format(
                    "bar %d: %s at 0x%x [0x%x]",
                    bar.number(), bar.type().isIo() ? "i/o" : "mem", bar.address(), bar.address() + bar.size() - 1));
        }
        return lines;
    }

    /** The lines of {@code info pci}. */
    public static List<String> describe(List<PciInfo> functions) {
        List<String> lines = new ArrayList<>();
        functions.forEach(function -> function.appendTo(lines));
        return lines;
    }

    private void appendTo(List<String> lines) {
        lines.add(String.format("  Bus %2d, device %3d, function %d:", bus, slot, function));
        lines.add(String.format("    %s: PCI device %04x:%04x", PciClass.name(classCode), vendor, device));
        if (subsystemVendor != 0 || subsystem != 0) {
            lines.add(String.format("      PCI subsystem %04x:%04x", subsystemVendor, subsystem));
        }
        if (interruptPin != 0) {
            lines.add(String.format("      IRQ %d, pin %c", interruptLine, 'A' + interruptPin - 1));
        }
        if (bridge != null) {
            describe(bridge, lines);
        }
        regions.forEach(region -> lines.add(describe(region)));
        lines.add("      id \"" + id + "\"");
        if (bridge != null) {
            Objects.requireNonNull(bridge).devices.forEach(device -> device.appendTo(lines));
        }
    }

    private static void describe(BridgeInfo bridge, List<String> lines) {
        lines.add("      BUS " + bridge.primary + ".");
        lines.add("      secondary bus " + bridge.secondary + ".");
        lines.add("      subordinate bus " + bridge.subordinate + ".");
        lines.add(String.format("      IO range [0x%04x, 0x%04x]", bridge.io.base, bridge.io.limit));
        lines.add(String.format("      memory range [0x%08x, 0x%08x]", bridge.memory.base, bridge.memory.limit));
        lines.add(String.format(
                "      prefetchable memory range [0x%08x, 0x%08x]",
                bridge.prefetchable.base, bridge.prefetchable.limit));
    }

    private static String describe(RegionInfo region) {
        long last = region.address + region.size - 1;
        return region.type.isIo()
                ? String.format("      BAR%d: I/O at 0x%04x [0x%04x].", region.number, region.address, last)
                : String.format(
                        "      BAR%d: %d bit %smemory at 0x%08x [0x%08x].",
                        region.number,
                        region.type.is64() ? 64 : 32,
                        region.type.isPrefetchable() ? "prefetchable " : "",
                        region.address,
                        last);
    }
}
