package dev.rhea.device.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Registers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A port with a function behind, and behind a bridge a second bridge with one. */
class PciBridgeTest {
    private static final int PORT = 1 << 3;
    private static final int BRIDGE = 2 << 3;

    private final TestMachine machine = new TestMachine();
    private PciePort port;
    private PciBridge outer;
    private PciBridge inner;
    private PciFunction behindPort;
    private PciFunction deep;

    @BeforeEach
    void build() throws BadDeviceException {
        port = machine.rootPort(machine.host.bus(), 1);
        outer = machine.bridge(machine.host.bus(), 2);
        inner = machine.bridge(outer.secondary(), 3);
        behindPort = withRegisters(machine.plain(port.secondary(), Map.of()), 0x100);
        deep = withRegisters(machine.plain(inner.secondary(), Map.of("addr", "4")), 0x200);
        port.reset();
        outer.reset();
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private static PciFunction withRegisters(PciFunction function, int base) {
        function.addBar(0, BarType.MEMORY, constant(4096, base));
        function.addBar(1, BarType.IO, constant(32, base + 1));
        function.addBar(2, BarType.MEMORY_64_PREFETCHABLE, constant(1 << 22, base + 2));
        function.addInterruptPin(1);
        return function;
    }

    private static Mmio constant(long size, int value) {
        return new Mmio("constant", size, AccessRule.ANY, new Registers() {
            @Override
            public long read(long offset, int bytes) {
                return value;
            }

            @Override
            public void write(long offset, long written, int bytes) {
                // It stays what it is.
            }
        });
    }

    private void checkAnswers(GuestEnumeration.Found found, int base) {
        GuestEnumeration.Assigned memory = found.bars.get(0);
        GuestEnumeration.Assigned ports = found.bars.get(1);
        GuestEnumeration.Assigned wide = found.bars.get(2);
        assertThat(machine.read(memory.address() + memory.size() - 4, 4)).isEqualTo(base);
        assertThat(machine.read(TestMachine.IO + ports.address(), 2)).isEqualTo(base + 1);
        assertThat(wide.address()).isGreaterThanOrEqualTo(TestMachine.HIGH);
        assertThat(machine.read(wide.address() + wide.size() - 8, 8)).isEqualTo(base + 2);
    }

    @Test
    void aGuestFindsWhatIsBehindBridges() {
        GuestEnumeration guest = new GuestEnumeration(machine);
        assertThat(guest.functions).hasSize(6);
        assertThat(guest.find(1, 0).id).isEqualTo(0x00ff_1b36);
        assertThat(guest.find(3, 4 << 3).id).isEqualTo(0x00ff_1b36);
        checkAnswers(guest.find(1, 0), 0x100);
        checkAnswers(guest.find(3, 4 << 3), 0x200);
    }

    @Test
    void nothingPassesWhileABridgeIsClosed() {
        GuestEnumeration guest = new GuestEnumeration(machine);
        GuestEnumeration.Found found = guest.find(3, 4 << 3);
        long address = found.bars.get(0).address();
        machine.writeConfig(0, BRIDGE, PciRegs.COMMAND, 2, 0);
        assertThat(machine.read(address, 4)).isEqualTo(0xffff_ffffL);
        assertThat(machine.read(TestMachine.IO + found.bars.get(1).address(), 1))
                .isEqualTo(0xff);
        machine.writeConfig(0, BRIDGE, PciRegs.COMMAND, 2, 7);
        checkAnswers(found, 0x200);
        machine.writeConfig(0, BRIDGE, PciRegs.MEMORY_BASE, 2, 0xfff0);
        assertThat(machine.read(address, 4)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void bothBridgesMustLetABusMasterThrough() throws BusError {
        new GuestEnumeration(machine);
        deep.dma().write(TestMachine.RAM, 5, 4);
        assertThat(machine.read(TestMachine.RAM, 4)).isEqualTo(5);
        machine.writeConfig(0, BRIDGE, PciRegs.COMMAND, 2, 3);
        assertThatThrownBy(() -> deep.dma().write(TestMachine.RAM, 6, 4)).isInstanceOf(BusError.class);
        machine.writeConfig(0, BRIDGE, PciRegs.COMMAND, 2, 7);
        machine.writeConfig(2, 0, PciRegs.COMMAND, 2, 3);
        assertThat(deep.dma().writableHost(TestMachine.RAM, 4)).isZero();
    }

    @Test
    void pinsAreTurnedAtEveryBridge() {
        behindPort.setIntx(true);
        assertThat(machine.intx).containsExactly(false, true, false, false);
        behindPort.setIntx(false);
        // Slot 4 keeps its A through the inner bridge, which keeps it in slot 0; the outer one is in slot 2.
        deep.setIntx(true);
        assertThat(machine.intx).containsExactly(false, false, true, false);
    }

    @Test
    void aBusResetResetsWhatIsBehind() {
        GuestEnumeration guest = new GuestEnumeration(machine);
        deep.setIntx(true);
        machine.writeConfig(0, BRIDGE, PciRegs.BRIDGE_CONTROL, 2, PciRegs.BRIDGE_CTL_BUS_RESET);
        assertThat(machine.intx).containsOnly(false);
        assertThat(deep.isBusMaster()).isFalse();
        assertThat(inner.secondary().number()).isZero();
        assertThat(behindPort.isBusMaster()).isTrue();
        assertThat(machine.read(guest.find(3, 4 << 3).bars.get(0).address(), 4)).isEqualTo(0xffff_ffffL);
        machine.writeConfig(0, BRIDGE, PciRegs.BRIDGE_CONTROL, 2, 0);
        assertThat(new GuestEnumeration(machine).functions).hasSize(6);
    }

    @Test
    void busNumbersThatMakeNoSenseLeadNowhere() {
        new GuestEnumeration(machine);
        machine.writeConfig(2, 0, PciRegs.SECONDARY_BUS, 1, 0);
        machine.writeConfig(0, BRIDGE, PciRegs.SECONDARY_BUS, 1, 200);
        machine.writeConfig(0, BRIDGE, PciRegs.SUBORDINATE_BUS, 1, 100);
        assertThat(machine.readConfig(2, 0, 0, 4)).isEqualTo(-1);
        assertThat(machine.readConfig(200, 1 << 3, 0, 4)).isEqualTo(-1);
        machine.writeConfig(0, BRIDGE, PciRegs.SECONDARY_BUS, 1, 1);
        machine.writeConfig(0, BRIDGE, PciRegs.SUBORDINATE_BUS, 1, 255);
        assertThat(machine.readConfig(1, 0, 0, 4)).isEqualTo(0x00ff_1b36);
    }

    @Test
    void aPortTakesOnlyOneSlotOfAChassis() {
        assertThatThrownBy(() -> machine.rootPort(machine.host.bus(), 1))
                .hasMessage("Can't add chassis slot, error -16");
        assertThatThrownBy(() -> machine.bridge(machine.host.bus(), 0))
                .hasMessage("Bridge chassis not specified. Each bridge is required to be assigned a unique chassis"
                        + " id > 0.");
        assertThat(machine.readConfig(0, 3 << 3, 0, 4))
                .as("what was refused is not there")
                .isEqualTo(-1);
    }

    @Test
    void theSlotShowsWhatIsPluggedAndCompletesCommands() {
        int express = port.function().capabilities().find(PciRegs.CAP_ID_EXP);
        int status = express + ExpressCapability.SLTSTA;
        assertThat(machine.readConfig(0, PORT, status, 2)).isEqualTo(0x40);
        assertThat(machine.readConfig(0, PORT, express + ExpressCapability.LNKSTA, 2))
                .isEqualTo(0x2011);
        machine.writeConfig(0, PORT, express + ExpressCapability.SLTCTL, 2, 0x01f0);
        assertThat(machine.readConfig(0, PORT, status, 2)).isEqualTo(0x50);
        assertThat(machine.intx[1]).as("command completed").isTrue();
        machine.writeConfig(0, PORT, status, 2, 0x10);
        assertThat(machine.intx[1]).isFalse();
    }

    @Test
    void aSlotWithoutPowerIsEmpty() {
        new GuestEnumeration(machine);
        int control = port.function().capabilities().find(PciRegs.CAP_ID_EXP) + ExpressCapability.SLTCTL;
        machine.writeConfig(0, PORT, control, 2, 0x0400);
        assertThat(machine.readConfig(1, 0, 0, 4)).isEqualTo(-1);
        assertThat(behindPort.isBusMaster()).isFalse();
        machine.writeConfig(0, PORT, control, 2, 0);
        assertThat(machine.readConfig(1, 0, 0, 4)).isEqualTo(0x00ff_1b36);
    }

    @Test
    void whatIsPluggedInAtRunTimeWaitsForTheGuest() throws BadDeviceException {
        PciePort empty = machine.rootPort(machine.host.bus(), 9);
        empty.reset();
        int devfn = empty.function().devfn();
        int express = empty.function().capabilities().find(PciRegs.CAP_ID_EXP);
        int control = express + ExpressCapability.SLTCTL;
        int status = express + ExpressCapability.SLTSTA;
        machine.writeConfig(0, devfn, PciRegs.SECONDARY_BUS, 1, 9);
        machine.writeConfig(0, devfn, PciRegs.SUBORDINATE_BUS, 1, 9);
        assertThat(machine.readConfig(0, devfn, control, 2)).as("power is off").isEqualTo(0x07c0);
        machine.writeConfig(0, devfn, control, 2, 0x07e9);
        machine.writeConfig(0, devfn, status, 2, 0xffff);
        PciFunction plugged = machine.plain(empty.secondary(), Map.of());
        assertThat(machine.readConfig(0, devfn, status, 2)).isEqualTo(0x48);
        assertThat(machine.intx[devfn >> 3 & 3]).isTrue();
        assertThat(machine.readConfig(9, 0, 0, 4)).isEqualTo(-1);
        machine.writeConfig(0, devfn, control, 2, 0x01e9);
        assertThat(machine.readConfig(9, 0, 0, 4)).isEqualTo(0x00ff_1b36);

        boolean[] removed = new boolean[1];
        empty.requestUnplug(() -> removed[0] = true);
        assertThat(machine.readConfig(0, devfn, status, 2) & 1)
                .as("button pressed")
                .isOne();
        machine.writeConfig(0, devfn, control, 2, 0x02e9);
        assertThat(removed[0]).as("the guest only blinks").isFalse();
        machine.writeConfig(0, devfn, control, 2, 0x07e9);
        assertThat(removed[0]).isTrue();
        assertThat(empty.secondary().functions()).doesNotContain(plugged);
        assertThat(machine.readConfig(0, devfn, status, 2) & 0x40).isZero();
    }

    @Test
    void windowsThatOverlapShowTheSameOnce() {
        GuestEnumeration guest = new GuestEnumeration(machine);
        for (int bus : new int[] {0, 2}) {
            int devfn = bus == 0 ? BRIDGE : 0;
            machine.writeConfig(bus, devfn, PciRegs.PREF_BASE_UPPER32, 4, 0);
            machine.writeConfig(bus, devfn, PciRegs.PREF_LIMIT_UPPER32, 4, 0x7fff_ffff);
            machine.writeConfig(bus, devfn, PciRegs.PREF_MEMORY_BASE, 2, 0);
            machine.writeConfig(bus, devfn, PciRegs.PREF_MEMORY_LIMIT, 2, 0xfff0);
        }
        checkAnswers(guest.find(3, 4 << 3), 0x200);
        machine.writeConfig(0, BRIDGE, PciRegs.MEMORY_LIMIT, 2, 0);
        checkAnswers(guest.find(3, 4 << 3), 0x200);
    }

    @Test
    void windowsMayReachBeyondEveryMapButNotBeginThere() {
        GuestEnumeration guest = new GuestEnumeration(machine);
        long address = guest.find(1, 0).bars.get(2).address();
        machine.writeConfig(0, PORT, PciRegs.PREF_LIMIT_UPPER32, 4, 0xffff_ffff);
        assertThat(machine.read(address, 4)).isEqualTo(0x102);
        machine.writeConfig(0, PORT, PciRegs.PREF_BASE_UPPER32, 4, 0xffff_ffff);
        assertThat(machine.read(address, 4)).isEqualTo(0xffff_ffffL);
        machine.writeConfig(0, PORT, PciRegs.PREF_LIMIT_UPPER32, 4, 4);
        assertThat(machine.read(address, 4)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void aPortHintsAtWhatToReserve() throws BadDeviceException {
        PciePort hinting = new PciePort(
                PciePort.Model.GENERIC,
                machine.host.bus(),
                "",
                TestMachine.values(
                        "pcie-root-port",
                        PciePort.Model.GENERIC.properties(),
                        Map.of("chassis", "5", "bus-reserve", "5", "io-reserve", "4K", "pref64-reserve", "1G")));
        int devfn = hinting.function().devfn();
        assertThat(machine.readConfig(0, devfn, PciRegs.CAPABILITY_LIST, 1)).isEqualTo(0x90);
        assertThat(machine.readConfig(0, devfn, 0x90, 4)).isEqualTo(0x0120_5409);
        assertThat(machine.readConfig(0, devfn, 0x94, 4)).isEqualTo(5);
        assertThat(machine.readConfig(0, devfn, 0x98, 4)).isEqualTo(0x1000);
        assertThat(machine.readConfig(0, devfn, 0xa4, 4)).isEqualTo(-1);
        assertThat(machine.readConfig(0, devfn, 0xa8, 4)).isEqualTo(0x4000_0000);
        assertThatThrownBy(() -> new PciePort(
                        PciePort.Model.GENERIC,
                        machine.host.bus(),
                        "",
                        TestMachine.values(
                                "pcie-root-port", PciePort.Model.GENERIC.properties(), Map.of("mem-reserve", "4G"))))
                .hasMessage("PCI resource reserve cap: mem-reserve must be less than 4G");
    }

    @Test
    void headersAfterResetAreTheReferences() {
        assertThat(machine.readConfig(0, PORT, PciRegs.IO_BASE, 4)).isEqualTo(0x0000_00f0);
        assertThat(machine.readConfig(0, PORT, PciRegs.MEMORY_BASE, 4)).isEqualTo(0x0000_fff0);
        assertThat(machine.readConfig(0, PORT, PciRegs.PREF_MEMORY_BASE, 4)).isEqualTo(0x0001_fff1);
        assertThat(machine.readConfig(0, PORT, 0x54, 4)).isEqualTo(0x0142_4810);
        assertThat(machine.readConfig(0, PORT, 0x60, 4)).isEqualTo(0x0030_0604);
        assertThat(machine.readConfig(0, PORT, 0x68, 4)).isEqualTo(0x0002_007b);
        assertThat(machine.readConfig(0, PORT, 0x6c, 2)).isEqualTo(0x01c0);
        assertThat(machine.readConfig(0, PORT, 0x78, 4)).isEqualTo(0x0030_0020);
        assertThat(machine.readConfig(0, PORT, 0x80, 4)).isEqualTo(0x1e);
        assertThat(machine.readConfig(0, PORT, 0x100, 4)).isEqualTo(0x1482_0001);
        assertThat(machine.readConfig(0, PORT, 0x148, 4)).isEqualTo(0x0001_000d);
        assertThat(machine.readConfig(0, BRIDGE, PciRegs.STATUS, 2)).isEqualTo(0x00b0);
        assertThat(machine.readConfig(0, BRIDGE, PciRegs.SEC_STATUS, 2)).isEqualTo(0x00a0);
    }

    @Test
    void whatTheMonitorPrints() {
        new GuestEnumeration(machine);
        List<String> lines = PciInfo.describe(PciInfo.of(machine.host.bus()));
        assertThat(lines)
                .startsWith(
                        "  Bus  0, device   0, function 0:",
                        "    Host bridge: PCI device 1b36:0008",
                        "      PCI subsystem 1af4:1100",
                        "      id \"\"",
                        "  Bus  0, device   1, function 0:",
                        "    PCI bridge: PCI device 1b36:000c",
                        "      IRQ 0, pin A",
                        "      BUS 0.",
                        "      secondary bus 1.",
                        "      subordinate bus 1.",
                        "      IO range [0x1000, 0x1fff]",
                        "      memory range [0x40100000, 0x401fffff]",
                        "      prefetchable memory range [0x400000000, 0x4003fffff]",
                        "      BAR0: 32 bit memory at 0x40000000 [0x40000fff].",
                        "      id \"port1\"",
                        "  Bus  1, device   0, function 0:",
                        "    Class 0255: PCI device 1b36:00ff",
                        "      PCI subsystem 1af4:1100",
                        "      IRQ 0, pin A",
                        "      BAR0: 32 bit memory at 0x40100000 [0x40100fff].",
                        "      BAR1: I/O at 0x1000 [0x101f].",
                        "      BAR2: 64 bit prefetchable memory at 0x400000000 [0x4003fffff].",
                        "      id \"\"")
                .contains("  Bus  3, device   4, function 0:");
    }

    @Test
    void stateOfBridgesMovesInAnyOrder() throws Exception {
        GuestEnumeration guest = new GuestEnumeration(machine);
        PciFunction.State[] saved = {deep.saveState(), inner.saveState(), outer.saveState()};
        TestMachine first = machine;
        try (TestMachine other = new TestMachine()) {
            PciePort unused = other.rootPort(other.host.bus(), 1);
            PciBridge outerCopy = other.bridge(other.host.bus(), 2);
            PciBridge innerCopy = other.bridge(outerCopy.secondary(), 3);
            PciFunction deepCopy = withRegisters(other.plain(innerCopy.secondary(), Map.of("addr", "4")), 0x200);
            deepCopy.loadState(saved[0]);
            innerCopy.loadState(saved[1]);
            outerCopy.loadState(saved[2]);
            long address = guest.find(3, 4 << 3).bars.get(0).address();
            assertThat(other.read(address, 4)).isEqualTo(0x200);
            assertThat(deepCopy.dma().host(TestMachine.RAM, 4)).isNotZero();
            assertThat(unused.secondary().functions()).isEmpty();
        }
        assertThat(first.readConfig(3, 4 << 3, 0, 4)).isEqualTo(0x00ff_1b36);
    }
}
