package dev.rhea.device.pci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.memory.BusError;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PciInterruptTest {
    private static final int SLOT_1 = 1 << 3;
    private static final long TABLE = 0x4000_0000L;
    private static final long DOORBELL = TestMachine.RAM + 0x100;

    private final TestMachine machine = new TestMachine();

    @AfterEach
    void close() {
        machine.close();
    }

    private PciFunction function(String address, int pin) throws BadDeviceException {
        PciFunction function = machine.plain(machine.host.bus(), Map.of("addr", address));
        function.addInterruptPin(pin);
        return function;
    }

    // ---- pins

    @Test
    void eachSlotStartsOneWireFurther() throws BadDeviceException {
        for (int slot = 1; slot <= 4; slot++) {
            PciFunction function = function("" + slot, 1);
            function.setIntx(true);
            assertThat(machine.intx[slot & 3]).isTrue();
            function.setIntx(false);
            assertThat(machine.intx).containsOnly(false);
        }
        function("5", 4).setIntx(true);
        assertThat(machine.intx[0]).isTrue();
    }

    @Test
    void aSharedWireIsHighUntilAllLetGo() throws BadDeviceException {
        PciFunction one = function("1", 1);
        PciFunction other = function("5", 1);
        one.setIntx(true);
        one.setIntx(true);
        other.setIntx(true);
        one.setIntx(false);
        assertThat(machine.intx[1]).isTrue();
        other.setIntx(false);
        assertThat(machine.intx[1]).isFalse();
    }

    @Test
    void disablingInterruptsHidesTheWireAndNotTheStatus() throws BadDeviceException {
        PciFunction function = function("1", 1);
        function.setIntx(true);
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, PciRegs.COMMAND_INTX_DISABLE);
        assertThat(machine.intx[1]).isFalse();
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.STATUS, 2)).isEqualTo(PciRegs.STATUS_INTERRUPT);
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, 0);
        assertThat(machine.intx[1]).isTrue();
    }

    @Test
    void aBridgeTurnsThePinsOfItsSlots() throws BadDeviceException {
        PciBridge bridge = machine.bridge(machine.host.bus(), 1);
        PciFunction behind = machine.plain(bridge.secondary(), Map.of("addr", "2"));
        behind.addInterruptPin(1);
        behind.setIntx(true);
        // Slot 2's INTA# leaves the bridge as INTC#; the bridge is in slot 1.
        assertThat(machine.intx[3]).isTrue();
    }

    // ---- MSI

    @Test
    void msiWritesItsDataWithTheVectorInTheLowBits() throws BadDeviceException {
        Msi msi = function("1", 1).addMsi(4, false);
        int at = machine.readConfig(0, SLOT_1, PciRegs.CAPABILITY_LIST, 1);
        msi.notify(1);
        assertThat(machine.read(DOORBELL, 4)).as("not enabled").isZero();
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, PciRegs.COMMAND_MASTER);
        machine.writeConfig(0, SLOT_1, at + 4, 4, DOORBELL);
        machine.writeConfig(0, SLOT_1, at + 12, 2, 0xab43);
        machine.writeConfig(0, SLOT_1, at + 2, 2, 0x21);
        assertThat(msi.allocated()).isEqualTo(4);
        msi.notify(2);
        assertThat(machine.read(DOORBELL, 4)).isEqualTo(0xab42);
        machine.writeConfig(0, SLOT_1, at + 2, 2, 0x71);
        assertThat(machine.readConfig(0, SLOT_1, at + 2, 2))
                .as("no more than it has")
                .isEqualTo(0x00a5);
    }

    @Test
    void aMaskedMsiVectorIsSentWhenUnmasked() throws BadDeviceException {
        Msi msi = function("1", 1).addMsi(2, true);
        int at = machine.readConfig(0, SLOT_1, PciRegs.CAPABILITY_LIST, 1);
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, PciRegs.COMMAND_MASTER);
        machine.writeConfig(0, SLOT_1, at + 4, 4, DOORBELL);
        machine.writeConfig(0, SLOT_1, at + 12, 2, 0x10);
        machine.writeConfig(0, SLOT_1, at + 16, 4, 2);
        machine.writeConfig(0, SLOT_1, at + 2, 2, 0x11);
        msi.notify(1);
        assertThat(machine.read(DOORBELL, 4)).isZero();
        assertThat(machine.readConfig(0, SLOT_1, at + 20, 4)).isEqualTo(2);
        machine.writeConfig(0, SLOT_1, at + 16, 4, 0);
        assertThat(machine.read(DOORBELL, 4)).isEqualTo(0x11);
        assertThat(machine.readConfig(0, SLOT_1, at + 20, 4)).isZero();
    }

    // ---- MSI-X

    private Msix msix(int vectors) throws BadDeviceException {
        Msix msix = function("1", 1).addMsix(vectors, 0);
        machine.writeConfig(0, SLOT_1, PciRegs.BASE_ADDRESS_0, 4, TABLE);
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, PciRegs.COMMAND_MEMORY | PciRegs.COMMAND_MASTER);
        return msix;
    }

    private void entry(int vector, long address, int data, int control) {
        machine.write(TABLE + 16L * vector, address, 8);
        machine.write(TABLE + 16L * vector + 8, data, 4);
        machine.write(TABLE + 16L * vector + 12, control, 4);
    }

    private void flags(int value) {
        int at = machine.readConfig(0, SLOT_1, PciRegs.CAPABILITY_LIST, 1);
        machine.writeConfig(0, SLOT_1, at + 2, 2, value);
    }

    @Test
    void msixVectorsHaveMessagesOfTheirOwn() throws BadDeviceException {
        Msix msix = msix(3);
        entry(0, DOORBELL, 0x11, 0);
        entry(2, DOORBELL + 8, 0x33, 0);
        flags(0x8000);
        msix.notify(2);
        msix.notify(0xffff);
        assertThat(machine.read(DOORBELL, 8)).isZero();
        assertThat(machine.read(DOORBELL + 8, 8)).isEqualTo(0x33);
    }

    @Test
    void aMaskedVectorIsPendingUntilUnmasked() throws BadDeviceException {
        Msix msix = msix(70);
        int at = machine.readConfig(0, SLOT_1, PciRegs.CAPABILITY_LIST, 1);
        long pendingBits = TABLE + (machine.readConfig(0, SLOT_1, at + 8, 4) & ~7);
        entry(69, DOORBELL, 0x45, 1);
        flags(0x8000);
        msix.notify(69);
        assertThat(machine.read(DOORBELL, 4)).isZero();
        assertThat(machine.read(pendingBits + 8, 8)).isEqualTo(1 << 5);
        entry(69, DOORBELL, 0x45, 0);
        assertThat(machine.read(DOORBELL, 4)).isEqualTo(0x45);
        assertThat(machine.read(pendingBits + 8, 8)).isZero();
    }

    @Test
    void theFunctionMaskHoldsAllVectorsBack() throws BadDeviceException {
        Msix msix = msix(2);
        entry(0, DOORBELL, 1, 0);
        entry(1, DOORBELL + 4, 2, 0);
        flags(0xc000);
        msix.notify(0);
        msix.notify(1);
        assertThat(machine.read(DOORBELL, 8)).isZero();
        flags(0x8000);
        assertThat(machine.read(DOORBELL, 8)).isEqualTo(0x2_0000_0001L);
    }

    @Test
    void vectorsAreMaskedAfterReset() throws BadDeviceException {
        Msix msix = msix(1);
        entry(0, DOORBELL, 1, 0);
        flags(0x8000);
        machine.host.bus().functions().forEach(PciFunction::reset);
        assertThat(msix.isEnabled()).isFalse();
        assertThat(msix.isMasked(0)).isTrue();
    }

    @Test
    void theLargestTableHasARegisterOfItsOwn() throws BadDeviceException, BusError {
        msix(Msix.MAX_VECTORS);
        entry(2047, DOORBELL, 7, 1);
        assertThat(machine.read(TABLE + 16 * 2047 + 8, 4)).isEqualTo(7);
        int at = machine.readConfig(0, SLOT_1, PciRegs.CAPABILITY_LIST, 1);
        assertThat(machine.readConfig(0, SLOT_1, at + 2, 2)).isEqualTo(2047);
        assertThat(machine.readConfig(0, SLOT_1, at + 8, 4)).isEqualTo(0x8000);
    }

    @Test
    void aMessageWithoutBusMasteringIsLost() throws BadDeviceException {
        Msix msix = msix(1);
        entry(0, DOORBELL, 1, 0);
        flags(0x8000);
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, PciRegs.COMMAND_MEMORY);
        msix.notify(0);
        assertThat(machine.read(DOORBELL, 4)).isZero();
    }

    @Test
    void aMessageToNowhereHarmsNobody() throws BadDeviceException {
        Msix msix = msix(1);
        flags(0x8000);
        for (long address : new long[] {0, -4, 0x7fff_ffff_ffff_fffcL, TABLE, TestMachine.ECAM, TestMachine.IO}) {
            entry(0, address, -1, 0);
            msix.notify(0);
        }
        assertThat(machine.readConfig(0, 0, 0, 4)).isEqualTo(0x0008_1b36);
    }

    @Test
    void msixStateMoves() throws Exception {
        Msix msix = msix(2);
        entry(1, DOORBELL, 9, 1);
        flags(0x8000);
        msix.notify(1);
        PciFunction.State saved = machine.host.bus().functions().get(1).saveState();
        try (TestMachine other = new TestMachine()) {
            PciFunction copy = other.plain(other.host.bus(), Map.of());
            copy.addInterruptPin(1);
            copy.addMsix(2, 0);
            copy.loadState(saved);
            other.write(TABLE + 16 + 12, 0, 4);
            assertThat(other.read(DOORBELL, 4)).isEqualTo(9);
        }
    }
}
