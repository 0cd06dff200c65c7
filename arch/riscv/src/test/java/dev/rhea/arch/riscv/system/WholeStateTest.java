package dev.rhea.arch.riscv.system;

import static dev.rhea.arch.riscv.system.Rig.DATA;
import static dev.rhea.arch.riscv.system.Rig.RAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.arch.riscv.system.SbiState.HartStatus;
import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.DeviceStates;
import dev.rhea.machine.state.StateCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A machine that is paused, written down, and goes on as another one. */
@Timeout(60)
class WholeStateTest {
    private static final long SECOND_HART = 0x1000;
    private static final long AWAKE = 0x2000;
    private static final int COUNT = 2;
    private static final int GO = 3;

    /** Hart 0 starts hart 1 and counts until it is told to go on; then it wakes hart 1, which had gone to sleep. */
    private static Rig rig(Tiers tiers) throws Exception {
        Rig rig = new Rig(tiers, 2);
        rig.program(0, "li s0, " + DATA + "\nli a0, 1\nli a1, " + (RAM + SECOND_HART) + "\nli a2, 77\n" + """
                li a7, 0x48534d
                li a6, 0
                ecall
                count: ld t0, 16(s0)
                addi t0, t0, 1
                sd t0, 16(s0)
                ld t1, 24(s0)
                beq t1, zero, count
                li a0, 2
                li a1, 0
                li a7, 0x735049
                ecall
                wait: ld t0, 8(s0)
                beq t0, zero, wait
                end
                """);
        rig.program(SECOND_HART, "li s0, " + DATA + "\nsd a1, 0(s0)\nli a1, " + (RAM + AWAKE) + "\n" + """
                li t0, 2
                csrrs zero, sie, t0
                li a0, 0x80000000
                li a2, 99
                li a7, 0x48534d
                li a6, 3
                ecall
                """);
        rig.program(AWAKE, "li s0, " + DATA + "\nsd a1, 8(s0)\nspin: jal zero, spin\n");
        return rig;
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void hartsFirmwareAndMemoryGoOnInAnotherMachine(Tiers tiers) throws Exception {
        Map<String, byte[]> devices;
        List<byte[]> harts = new ArrayList<>();
        byte[] memory;
        long count;
        try (Rig rig = rig(tiers)) {
            Sbi sbi = rig.useSbi();
            rig.bench.chassis.powerOn();
            rig.bench.chassis.resume();
            while (sbi.saveState().harts().getLast().status() != HartStatus.SUSPENDED || rig.data(COUNT) < 1000) {
                Thread.onSpinWait();
            }
            rig.bench.chassis.pause();
            devices = DeviceStates.save(rig.bench.chassis.devices());
            for (Hart hart : rig.harts) {
                harts.add(StateCodec.encode(hart.saveState()));
            }
            count = rig.data(COUNT);
            memory = new byte[(int) rig.bench.ram.size()];
            RawMemory.copyOut(rig.bench.ram.address(), memory, 0, memory.length);
        }
        assertThat(devices).containsOnlyKeys("/machine/sbi");
        try (Rig rig = new Rig(tiers, 2)) {
            rig.useSbi();
            rig.bench.chassis.powerOn();
            RawMemory.copyIn(memory, 0, rig.bench.ram.address(), memory.length);
            DeviceStates.load(rig.bench.chassis.devices(), devices);
            for (Hart hart : rig.harts) {
                hart.loadState(StateCodec.decode(HartState.class, harts.get(hart.index())));
            }
            assertThat(rig.data(COUNT)).isEqualTo(count);
            rig.put(DATA + 8 * GO, 1);
            rig.bench.goOn();
            assertThat(rig.data(0)).as("what hart 1 began with").isEqualTo(77);
            assertThat(rig.data(1)).as("what it found when it was awake").isEqualTo(99);
            assertThat(rig.data(COUNT)).isBetween(count, count + 2);
        }
    }

    @Test
    void requestsOfHartsThatStandAreKept() throws Exception {
        var request = new SbiState.Request(SbiState.Kind.BEGIN, RAM + AWAKE, 5, -1);
        var fence = new SbiState.Request(SbiState.Kind.FENCE_OF_SPACE, 0x1000, 0x2000, 3);
        var state = new SbiState(List.of(
                new SbiState.OfHart(HartStatus.STARTED, List.of(fence), false, 0, 0),
                new SbiState.OfHart(HartStatus.START_PENDING, List.of(request), true, RAM, 9)));
        try (Rig rig = new Rig(Tiers.values()[0], 2)) {
            Sbi sbi = rig.useSbi();
            sbi.loadState(StateCodec.decode(SbiState.class, StateCodec.encode(state)));
            assertThat(sbi.saveState()).isEqualTo(state);
            assertThat(sbi.serveRequests(rig.harts.get(1))).isTrue();
            assertThat(rig.harts.get(1).pc()).isEqualTo(RAM + AWAKE);
            assertThat(sbi.saveState().harts().get(1).requests()).isEmpty();
            assertThatThrownBy(() -> sbi.loadState(new SbiState(List.of()))).isInstanceOf(BadStateException.class);
        }
    }
}
