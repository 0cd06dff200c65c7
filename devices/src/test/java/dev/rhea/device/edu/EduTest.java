package dev.rhea.device.edu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.device.pci.PciRegs;
import dev.rhea.device.pci.TestMachine;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.memory.BusError;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.StateCodec;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the card's specification says, as a driver sees it. */
class EduTest {
    private static final int SLOT_1 = 1 << 3;
    private static final long CARD = 0x4010_0000L;
    private static final int MSI = 0x40;

    private final TestMachine machine = new TestMachine();
    private Edu edu;

    @BeforeEach
    void build() throws BadDeviceException {
        edu = card(machine);
        enable(machine);
        machine.lock.lock();
        machine.clock.start();
        machine.lock.unlock();
    }

    private static Edu card(TestMachine machine) throws BadDeviceException {
        return new Edu(
                machine.host.bus(),
                "",
                machine.clock,
                TestMachine.values(Edu.TYPE, Edu.PROPERTIES, Map.of("dma_mask", "0xffffffff")));
    }

    private static void enable(TestMachine machine) {
        machine.writeConfig(0, SLOT_1, PciRegs.BASE_ADDRESS_0, 4, CARD);
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, PciRegs.COMMAND_MEMORY | PciRegs.COMMAND_MASTER);
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private int read(int register) {
        return (int) machine.read(CARD + register, 4);
    }

    private void write(int register, long value) {
        machine.write(CARD + register, value, register < 0x80 ? 4 : 8);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private void transfer(long source, long destination, int count, int command) {
        write(0x80, source);
        write(0x88, destination);
        write(0x90, count);
        write(0x98, command);
        await(() -> (read(0x98) & 1) == 0);
    }

    @Test
    void itsHeaderIsTheReferences() {
        assertThat(machine.readConfig(0, SLOT_1, 0, 4)).isEqualTo(0x11e8_1234);
        assertThat(machine.readConfig(0, SLOT_1, 8, 4)).isEqualTo(0x00ff_0010);
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.CAPABILITY_LIST, 1)).isEqualTo(MSI);
        assertThat(machine.readConfig(0, SLOT_1, MSI, 4)).isEqualTo(0x0080_0005);
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.INTERRUPT_LINE, 2)).isEqualTo(0x0100);
    }

    @Test
    void itInvertsWords() {
        assertThat(read(0)).isEqualTo(0x0100_00ed);
        write(4, 0x1234_5678);
        assertThat(read(4)).isEqualTo(0xedcb_a987);
    }

    @Test
    void itTakesWordsAndAboveEightyHexPairsOfWordsToo() {
        assertThatThrownBy(() -> machine.memory.read(CARD, 1)).isInstanceOf(BusError.class);
        assertThat(machine.read(CARD, 8)).isEqualTo(-1);
        assertThat(machine.read(CARD + 0x10, 4)).isEqualTo(0xffff_ffffL);
        write(0x80, 0x1_0000_0002L);
        assertThat(machine.read(CARD + 0x80, 8)).isEqualTo(0x1_0000_0002L);
    }

    @Test
    void itComputesFactorials() {
        for (int[] pair : new int[][] {{0, 1}, {5, 120}, {13, 0x7328_cc00}, {33, 0x8000_0000}, {34, 0}, {-1, 0}}) {
            write(8, pair[0]);
            await(() -> (read(0x20) & 1) == 0);
            assertThat(read(8)).isEqualTo(pair[1]);
        }
        assertThat(read(0x24)).isZero();
    }

    @Test
    void itInterruptsAfterAFactorialIfAsked() {
        write(0x20, 0x80);
        write(8, 4);
        await(() -> read(0x24) == 1);
        assertThat(machine.intx[1]).isTrue();
        assertThat(machine.readConfig(0, SLOT_1, PciRegs.STATUS, 2) & PciRegs.STATUS_INTERRUPT)
                .isNotZero();
        write(0x64, 1);
        assertThat(machine.intx[1]).isFalse();
    }

    @Test
    void raisedInterruptsStayUntilAllAreAcknowledged() {
        write(0x60, 5);
        assertThat(read(0x24)).isEqualTo(5);
        write(0x64, 4);
        assertThat(machine.intx[1]).isTrue();
        write(0x64, 1);
        assertThat(machine.intx[1]).isFalse();
    }

    @Test
    void withMsiItWritesAMessageInsteadOfRaisingThePin() {
        machine.writeConfig(0, SLOT_1, MSI + 4, 4, TestMachine.RAM + 0x40);
        machine.writeConfig(0, SLOT_1, MSI + 12, 2, 0x4321);
        machine.writeConfig(0, SLOT_1, MSI + 2, 2, 1);
        write(0x60, 1);
        assertThat(machine.intx[1]).isFalse();
        assertThat(machine.read(TestMachine.RAM + 0x40, 4)).isEqualTo(0x4321);
    }

    @Test
    void itCopiesFromAndToMemory() {
        for (int i = 0; i < 100; i++) {
            machine.write(TestMachine.RAM + i, i + 1, 1);
        }
        transfer(TestMachine.RAM, 0x40000, 100, 1);
        transfer(0x40000, TestMachine.RAM + 200, 100, 7);
        assertThat(machine.read(TestMachine.RAM + 299, 2)).isEqualTo(100);
        assertThat(read(0x24)).isEqualTo(0x100);
        assertThat(read(0x98)).isEqualTo(6);
    }

    @Test
    void transfersOutsideOfItsMemoryDoNothing() {
        machine.write(TestMachine.RAM, 0x55, 1);
        transfer(0x40fff, TestMachine.RAM, 2, 3);
        transfer(0, TestMachine.RAM, 1, 3);
        transfer(0x40000, TestMachine.RAM, -1, 3);
        transfer(0x40000, 0x10, 4, 3);
        assertThat(machine.read(TestMachine.RAM, 1)).isEqualTo(0x55);
        machine.writeConfig(0, SLOT_1, PciRegs.COMMAND, 2, PciRegs.COMMAND_MEMORY);
        transfer(0x40000, TestMachine.RAM, 4, 3);
        assertThat(machine.read(TestMachine.RAM, 1)).as("not bus master").isEqualTo(0x55);
    }

    @Test
    void aMessageToItsOwnDoorbellIsRefused() {
        machine.writeConfig(0, SLOT_1, MSI + 4, 4, CARD + 0x60);
        machine.writeConfig(0, SLOT_1, MSI + 12, 2, 0x2);
        machine.writeConfig(0, SLOT_1, MSI + 2, 2, 1);
        write(0x60, 1);
        assertThat(read(0x24)).isEqualTo(1);
    }

    @Test
    void stateKeepsATransferUnderWay() throws Exception {
        machine.write(TestMachine.RAM, 0x77, 1);
        transfer(TestMachine.RAM, 0x40000, 1, 1);
        write(0x80, 0x40000);
        write(0x88, TestMachine.RAM + 9);
        machine.lock.lock();
        Edu.State saved;
        try {
            machine.clock.stop();
            write(0x98, 3);
            saved = edu.saveState();
        } finally {
            machine.lock.unlock();
        }
        try (TestMachine other = new TestMachine()) {
            Edu copy = card(other);
            other.lock.lock();
            try {
                copy.loadState(StateCodec.decode(Edu.State.class, StateCodec.encode(saved)));
                other.clock.set(saved.dmaDue());
                other.clock.start();
            } finally {
                other.lock.unlock();
            }
            await(() -> (other.read(CARD + 0x98, 4) & 1) == 0);
            assertThat(other.read(TestMachine.RAM + 9, 1)).isEqualTo(0x77);
            Edu.State broken = new Edu.State(saved.function(), 0, 0, 0, 0, 0, 0, 0, 1, new byte[4096], -1);
            assertThatThrownBy(() -> copy.loadState(broken)).isInstanceOf(BadStateException.class);
        }
    }
}
