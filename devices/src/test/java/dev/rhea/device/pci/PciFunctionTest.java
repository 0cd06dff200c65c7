package dev.rhea.device.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Registers;
import dev.rhea.machine.state.BadStateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PciFunctionTest {
    private static final int SLOT_1 = 1 << 3;
    private static final int BAR0 = PciRegs.BASE_ADDRESS_0;

    private final TestMachine machine = new TestMachine();

    @AfterEach
    void close() {
        machine.close();
    }

    /** A register file that remembers what was written last. */
    private static Mmio memory(String name, long size) {
        return new Mmio(name, size, AccessRule.ANY, new Registers() {
            private long last = 0x5a;

            @Override
            public long read(long offset, int bytes) {
                return last + offset;
            }

            @Override
            public void write(long offset, long value, int bytes) {
                last = value;
            }
        });
    }

    private void command(int value) {
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, value);
    }

    @Test
    void absentFunctionsReadAllOnes() {
        assertThat(machine.readConfig(0, SLOT_1, 0, 4)).isEqualTo(-1);
        assertThat(machine.readConfig(0, SLOT_1, 2, 2)).isEqualTo(0xffff);
        assertThat(machine.readConfig(5, 0, 0, 1)).isEqualTo(0xff);
        machine.writeConfig(5, 0, 0, 4, 1);
    }

    @Test
    void theHostBridgeIsFunctionZero() {
        assertThat(machine.readConfig(0, 0, 0, 4)).isEqualTo(0x0008_1b36);
        assertThat(machine.readConfig(0, 0, PciRegs.CLASS_REVISION, 4)).isEqualTo(0x0600_0000);
        assertThat(machine.readConfig(0, 0, PciRegs.SUBSYSTEM_VENDOR_ID, 4)).isEqualTo(0x1100_1af4);
    }

    @Test
    void configurationSpaceIsReadAtAnyAlignmentAndSize() throws BadDeviceException {
        machine.plain(machine.host.bus(), Map.of());
        assertThat(machine.readConfig(0, SLOT_1, 1, 2)).isEqualTo(0xff1b);
        assertThat(machine.readConfig(0, SLOT_1, 1, 4)).isEqualTo(0x0000ff1b);
        assertThat(machine.read(TestMachine.config(0, SLOT_1, 0), 8)).isEqualTo(0x0000_0000_00ff_1b36L);
    }

    @Test
    void aConventionalFunctionHasNoExtendedSpace() throws BadDeviceException {
        machine.plain(machine.host.bus(), Map.of());
        assertThat(machine.readConfig(0, SLOT_1, 0x100, 4)).isEqualTo(-1);
        assertThat(machine.readConfig(0, SLOT_1, 0xfe, 4)).isEqualTo(0xffff_0000);
        assertThat(machine.readConfig(0, SLOT_1, 0xffe, 4)).isEqualTo(-1);
    }

    @Test
    void identityIsReadOnlyAndTheCommandRegisterTakesItsBits() throws BadDeviceException {
        machine.plain(machine.host.bus(), Map.of());
        machine.writeConfig(0, SLOT_1, 0, 4, 0);
        assertThat(machine.readConfig(0, SLOT_1, 0, 4)).isEqualTo(0x00ff_1b36);
        command(0xffff);
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.COMMAND, 2)).isEqualTo(0x0507);
    }

    @Test
    void aRegisterIsSizedByWritingOnes() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.MEMORY, memory("small", 16));
        function.addBar(1, BarType.IO, memory("ports", 32));
        function.addBar(2, BarType.MEMORY_64_PREFETCHABLE, memory("large", 1L << 33));
        for (int i = 0; i < 6; i++) {
            machine.writeConfig(0, SLOT_1, BAR0 + 4 * i, 4, -1);
        }
        assertThat(machine.readConfig(0, SLOT_1, BAR0, 4)).isEqualTo(0xffff_fff0);
        assertThat(machine.readConfig(0, SLOT_1, BAR0 + 4, 4)).isEqualTo(0xffff_ffe1);
        assertThat(machine.readConfig(0, SLOT_1, BAR0 + 8, 4)).isEqualTo(0x0000_000c);
        assertThat(machine.readConfig(0, SLOT_1, BAR0 + 12, 4)).isEqualTo(0xffff_fffe);
        assertThat(machine.readConfig(0, SLOT_1, BAR0 + 16, 4)).isZero();
    }

    @Test
    void aRegionAnswersOnlyWhileItsSpaceIsEnabled() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.MEMORY, memory("registers", 4096));
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x4010_0000);
        assertThat(machine.read(0x4010_0000L, 4)).isEqualTo(0xffff_ffffL);
        command(PciRegs.COMMAND_MEMORY);
        assertThat(machine.read(0x4010_0004L, 4)).isEqualTo(0x5e);
        assertThat(function.barAddress(0)).isEqualTo(0x4010_0000L);
        command(PciRegs.COMMAND_IO);
        assertThat(machine.read(0x4010_0004L, 4)).isEqualTo(0xffff_ffffL);
        assertThat(function.barAddress(0)).isEqualTo(-1);
    }

    @Test
    void portsAnswerInTheIoWindow() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.IO, memory("ports", 16));
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x1000);
        command(PciRegs.COMMAND_IO);
        machine.write(TestMachine.IO + 0x1000, 7, 1);
        assertThat(machine.read(TestMachine.IO + 0x1002, 1)).isEqualTo(9);
        assertThat(machine.read(TestMachine.IO + 0x1010, 2)).isEqualTo(0xffff);
    }

    @Test
    void thePortsAtZeroAreAsGoodAsOthersForWhatEnumeratesSo() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.IO, memory("ports", 16));
        command(PciRegs.COMMAND_IO);
        assertThat(function.barAddress(0)).isZero();
        machine.write(TestMachine.IO, 7, 1);
        assertThat(machine.read(TestMachine.IO + 2, 1)).isEqualTo(9);
        command(0);
        assertThat(machine.read(TestMachine.IO + 2, 1)).isEqualTo(0xff);
    }

    @Test
    void aWideRegisterCanBeAboveFourGigabytes() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(4, BarType.MEMORY_64_PREFETCHABLE, memory("wide", 1 << 20));
        machine.writeConfig(0, SLOT_1, BAR0 + 16, 4, 0x0010_0000);
        machine.writeConfig(0, SLOT_1, BAR0 + 20, 4, 0x5);
        command(PciRegs.COMMAND_MEMORY);
        assertThat(machine.read(0x5_0010_0008L, 8)).isEqualTo(0x62);
    }

    @Test
    void aRegionOverRamLeavesRamAlone() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.MEMORY, memory("registers", 1 << 20));
        machine.write(TestMachine.RAM, 0x1234, 4);
        machine.writeConfig(0, SLOT_1, BAR0, 4, TestMachine.RAM);
        command(PciRegs.COMMAND_MEMORY);
        assertThat(machine.read(TestMachine.RAM, 4)).isEqualTo(0x1234);
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x4000_0000);
        assertThat(machine.read(0x4000_0000L, 4)).isEqualTo(0x5a);
    }

    @Test
    void aRegionThatMovesLeavesItsOldPlace() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.MEMORY, memory("registers", 4096));
        command(PciRegs.COMMAND_MEMORY);
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x4000_0000);
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x5000_0000);
        assertThat(machine.read(0x4000_0000L, 4)).isEqualTo(0xffff_ffffL);
        assertThat(machine.read(0x5000_0000L, 4)).isEqualTo(0x5a);
    }

    @Test
    void mapsAreMadeAnewOnlyForAccessesThatMoveSomething() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.MEMORY, memory("one", 4096));
        function.addBar(1, BarType.MEMORY, memory("two", 4096));
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x4000_0000);
        machine.writeConfig(0, SLOT_1, BAR0 + 4, 4, 0x4000_1000);
        machine.mapChanges = 0;
        command(PciRegs.COMMAND_MEMORY);
        int enabling = machine.mapChanges;
        command(PciRegs.COMMAND_MEMORY | PciRegs.COMMAND_MASTER);
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x4000_0000);
        machine.readConfig(0, SLOT_1, BAR0, 4);
        // One map, though two registers appear and two windows show PCI memory.
        assertThat(enabling).isEqualTo(1);
        assertThat(machine.mapChanges).isEqualTo(enabling);
    }

    @Test
    void onlyABusMasterReachesMemory() throws BadDeviceException, BusError {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        assertThatThrownBy(() -> function.dma().write(TestMachine.RAM, 1, 4)).isInstanceOf(BusError.class);
        command(PciRegs.COMMAND_MASTER);
        function.dma().write(TestMachine.RAM, 0x77, 4);
        assertThat(machine.read(TestMachine.RAM, 4)).isEqualTo(0x77);
        command(0);
        assertThat(function.dma().host(TestMachine.RAM, 4)).isZero();
    }

    @Test
    void theFirstFreeSlotIsTakenAndATakenOneIsRefused() throws BadDeviceException {
        PciFunction first = machine.plain(machine.host.bus(), Map.of());
        PciFunction second = machine.plain(machine.host.bus(), Map.of("addr", "3"));
        first.setId("net0");
        assertThat(first.slot()).isEqualTo(1);
        assertThat(second.slot()).isEqualTo(3);
        assertThatThrownBy(() -> machine.plain(machine.host.bus(), Map.of("addr", "01")))
                .hasMessage("PCI: slot 1 function 0 not available for plain, in use by plain,id=net0");
        for (int i = 0; i < 29; i++) {
            machine.plain(machine.host.bus(), Map.of());
        }
        assertThatThrownBy(() -> machine.plain(machine.host.bus(), Map.of()))
                .hasMessage("PCI: no slot/function available for plain, all in use or reserved");
    }

    @Test
    void moreThanOneFunctionNeedsTheMultifunctionBit() throws BadDeviceException {
        machine.plain(machine.host.bus(), Map.of("addr", "2.0"));
        assertThatThrownBy(() -> machine.plain(machine.host.bus(), Map.of("addr", "2.1")))
                .hasMessage("PCI: single function device can't be populated in function 2.1");
        machine.plain(machine.host.bus(), Map.of("addr", "4.1"));
        assertThatThrownBy(() -> machine.plain(machine.host.bus(), Map.of("addr", "4.0")))
                .hasMessage("PCI: 4.0 indicates single function, but 4.1 is already populated.");
        machine.plain(machine.host.bus(), Map.of("addr", "4.0", "multifunction", "on"));
        assertThat(machine.readConfig(0, 4 << 3, PciRegs.HEADER_TYPE, 1)).isEqualTo(0x80);
        assertThat(machine.readConfig(0, 4 << 3 | 1, 0, 4)).isEqualTo(0x00ff_1b36);
    }

    @Test
    void capabilitiesFormAListWithTheLatestFirst() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        int power = function.capabilities().addPowerManagement();
        int vendor = function.capabilities().addVendor(new byte[] {1, 2, 3}, new byte[] {0, (byte) 0xff});
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.STATUS, 2)).isEqualTo(PciRegs.STATUS_CAP_LIST);
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.CAPABILITY_LIST, 1)).isEqualTo(vendor);
        assertThat(machine.readConfig(0, SLOT_1, vendor, 4)).isEqualTo(0x0106_0009 | power << 8);
        assertThat(function.capabilities().find(PciRegs.CAP_ID_PM)).isEqualTo(power);
        machine.writeConfig(0, SLOT_1, vendor + 3, 2, 0x5555);
        assertThat(machine.readConfig(0, SLOT_1, vendor + 3, 2)).isEqualTo(0x5501);
    }

    @Test
    void anExpansionRomAnswersWhereTheGuestPutsIt(@TempDir Path folder) throws Exception {
        Path rom = folder.resolve("boot.rom");
        byte[] image = new byte[3000];
        image[0] = 0x55;
        image[1] = (byte) 0xaa;
        Files.write(rom, image);
        machine.plain(machine.host.bus(), Map.of("romfile", rom.toString()));
        machine.writeConfig(0, SLOT_1, PciRegs.ROM_ADDRESS, 4, 0xffff_f800);
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.ROM_ADDRESS, 4)).isEqualTo(0xffff_f000);
        machine.writeConfig(0, SLOT_1, PciRegs.ROM_ADDRESS, 4, 0x4000_0001);
        command(PciRegs.COMMAND_MEMORY);
        assertThat(machine.read(0x4000_0000L, 2)).isEqualTo(0xaa55);
        machine.writeConfig(0, SLOT_1, PciRegs.ROM_ADDRESS, 4, 0x4000_0000);
        assertThat(machine.read(0x4000_0000L, 2)).isEqualTo(0xffff);
    }

    @Test
    void badRomPropertiesAreNamed(@TempDir Path folder) throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));
        assertThatThrownBy(() -> machine.plain(machine.host.bus(), Map.of("romfile", "/nope")))
                .hasMessage("failed to find romfile \"/nope\"");
        assertThatThrownBy(() -> machine.plain(machine.host.bus(), Map.of("romfile", empty.toString())))
                .hasMessage("romfile \"" + empty + "\" is empty");
        assertThatThrownBy(() -> machine.plain(machine.host.bus(), Map.of("romsize", "3")))
                .hasMessage("ROM size 3 is not a power of two");
        assertThat(machine.readConfig(0, SLOT_1, 0, 4))
                .as("a refused device leaves no function behind")
                .isEqualTo(-1);
    }

    @Test
    void resetUnmapsAndForgets() throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.MEMORY, memory("registers", 4096));
        function.addInterruptPin(1);
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x4000_0000);
        command(PciRegs.COMMAND_MEMORY | PciRegs.COMMAND_MASTER);
        function.setIntx(true);
        assertThat(machine.intx[1]).isTrue();
        function.reset();
        assertThat(machine.intx[1]).isFalse();
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.COMMAND, 4)).isZero();
        assertThat(machine.readConfig(0, SLOT_1, BAR0, 4)).isZero();
        assertThat(machine.read(0x4000_0000L, 4)).isEqualTo(0xffff_ffffL);
        assertThat(function.dma().host(TestMachine.RAM, 4)).isZero();
    }

    @Test
    void stateMovesToAnotherMachine() throws Exception {
        PciFunction function = machine.plain(machine.host.bus(), Map.of());
        function.addBar(0, BarType.MEMORY, memory("registers", 4096));
        function.addInterruptPin(1);
        machine.writeConfig(0, SLOT_1, BAR0, 4, 0x4000_0000);
        command(PciRegs.COMMAND_MEMORY | PciRegs.COMMAND_MASTER);
        function.setIntx(true);
        try (TestMachine other = new TestMachine()) {
            PciFunction copy = other.plain(other.host.bus(), Map.of());
            copy.addBar(0, BarType.MEMORY, memory("registers", 4096));
            copy.addInterruptPin(1);
            copy.loadState(function.saveState());
            assertThat(other.read(0x4000_0000L, 4)).isEqualTo(0x5a);
            assertThat(other.intx[1]).isTrue();
            assertThat(copy.dma().host(TestMachine.RAM, 4)).isNotZero();
            PciFunction.State saved = copy.saveState();
            assertThat(saved.config()).isEqualTo(function.saveState().config());
            saved.config()[0] ^= 1;
            copy.reset();
            assertThatThrownBy(() -> copy.loadState(saved)).isInstanceOf(BadStateException.class);
            assertThat(other.read(0x4000_0000L, 4)).isEqualTo(0xffff_ffffL);
        }
    }
}
