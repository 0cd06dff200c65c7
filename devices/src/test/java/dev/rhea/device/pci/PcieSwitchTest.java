package dev.rhea.device.pci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.machine.device.BadDeviceException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A root port with a switch, which has a function behind its downstream port. */
class PcieSwitchTest {
    private static final int ROOT = 1 << 3;

    private final TestMachine machine = new TestMachine();
    private PciePort root;
    private PciePort upstream;
    private PciePort downstream;
    private PciFunction function;

    @BeforeEach
    void build() throws BadDeviceException {
        root = port(PciePort.Model.IOH3420, machine.host.bus(), Map.of("chassis", "1", "slot", "3", "port", "2"));
        upstream = port(PciePort.Model.X3130_UPSTREAM, root.secondary(), Map.of());
        downstream = port(PciePort.Model.XIO3130_DOWNSTREAM, upstream.secondary(), Map.of("chassis", "4"));
        function = machine.plain(downstream.secondary(), Map.of());
        function.addInterruptPin(1);
        root.reset();
        upstream.reset();
        downstream.reset();
    }

    private static PciePort port(PciePort.Model model, PciBus bus, Map<String, String> given)
            throws BadDeviceException {
        return new PciePort(model, bus, "", TestMachine.values(model.type(), model.properties(), given));
    }

    @AfterEach
    void close() {
        machine.close();
    }

    @Test
    void aGuestFindsTheFunctionBehindTheSwitch() {
        GuestEnumeration guest = new GuestEnumeration(machine);
        assertThat(guest.find(1, 0).id).isEqualTo(0x8232_104c);
        assertThat(guest.find(2, 0).id).isEqualTo(0x8233_104c);
        assertThat(guest.find(3, 0).id).isEqualTo(0x00ff_1b36);
        function.setIntx(true);
        assertThat(machine.intx).containsExactly(false, true, false, false);
    }

    @Test
    void headersAreTheReferences() {
        new GuestEnumeration(machine);
        assertThat(machine.readConfig(0, ROOT, PciRegs.CLASS_REVISION, 4)).isEqualTo(0x0604_0002);
        assertThat(machine.readConfig(0, ROOT, 0x60, 4)).isEqualTo(0x0102_4005);
        assertThat(machine.readConfig(0, ROOT, 0x90, 4)).isEqualTo(0x0142_6010);
        assertThat(machine.readConfig(0, ROOT, 0x9c, 4)).isEqualTo(0x0200_0411);
        assertThat(machine.readConfig(0, ROOT, 0xa4, 4)).isEqualTo(0x001a_007b);
        assertThat(machine.readConfig(1, 0, 0x70, 4)).isEqualTo(0x0080_0005);
        assertThat(machine.readConfig(1, 0, 0x90, 4)).isEqualTo(0x0052_8010);
        assertThat(machine.readConfig(2, 0, 0x90, 4)).isEqualTo(0x0162_8010);
        assertThat(machine.readConfig(2, 0, 0xa8, 4)).isEqualTo(0x0040_01c0);
        assertThat(machine.readConfig(1, 0, PciRegs.INTERRUPT_PIN, 1)).isZero();
    }

    @Test
    void aSlotTellsItsEventsByMessages() {
        machine.writeConfig(0, ROOT, PciRegs.COMMAND, 2, PciRegs.COMMAND_MASTER);
        machine.writeConfig(0, ROOT, 0x64, 4, TestMachine.RAM + 0x80);
        machine.writeConfig(0, ROOT, 0x68, 2, 0x40);
        machine.writeConfig(0, ROOT, 0x62, 2, 1);
        machine.writeConfig(0, ROOT, 0xa8, 2, 0x01f0);
        assertThat(machine.read(TestMachine.RAM + 0x80, 4)).isEqualTo(0x40);
        assertThat(machine.intx).containsOnly(false);
    }

    @Test
    void anUpstreamPortHasNoSlotToEmpty() {
        assertThatThrownBy(() -> upstream.requestUnplug(() -> {}))
                .isInstanceOf(BadDeviceException.class)
                .hasMessage("Bus 'x3130-upstream' does not support hotplugging");
    }

    @Test
    void aBusResetAtTheTopReachesTheBottom() {
        new GuestEnumeration(machine);
        assertThat(function.isBusMaster()).isTrue();
        machine.writeConfig(0, ROOT, PciRegs.BRIDGE_CONTROL, 2, PciRegs.BRIDGE_CTL_BUS_RESET);
        assertThat(function.isBusMaster()).isFalse();
        assertThat(downstream.secondary().number()).isZero();
    }

    @Test
    void theBridgeOfAnIoHubHasItsSubsystemInACapability() throws BadDeviceException {
        PciBridge.intel(
                machine.host.bus(), "", TestMachine.values(PciBridge.INTEL_TYPE, PciProperties.COMMON, Map.of()));
        assertThat(machine.readConfig(0, 2 << 3, 0, 4)).isEqualTo(0x244e_8086);
        assertThat(machine.readConfig(0, 2 << 3, PciRegs.CLASS_REVISION, 4)).isEqualTo(0x0604_0192);
        assertThat(machine.readConfig(0, 2 << 3, 0x50, 2)).isEqualTo(PciRegs.CAP_ID_SSVID);
    }
}
