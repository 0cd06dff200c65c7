package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.engine.mmu.Access;
import dev.rhea.host.RawMemory;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Zcmp and Zcmt where an access faults, and with floating point switched off. */
@Timeout(60)
class CodeSizeTest {
    private static final int PAGE = 4096;
    private static final long CODE = 0x10000;
    /** The page before it is not there. */
    private static final long DATA = 0x20000;

    private static final int FAULT = 1000;
    private static final int SP = 2;
    private static final int S0 = 8;
    private static final int S1 = 9;

    private final long memory = RawMemory.allocate(3 * PAGE);
    private final long code = memory + PAGE - 1 & -PAGE;
    private final Riscv isa = RandomWords.codeSize(64);

    @AfterEach
    void free() {
        RawMemory.free(memory);
    }

    private long translate(Cpu who, long address, Access access) {
        if ((address & -PAGE) == CODE) {
            return code + address - CODE;
        }
        if ((address & -PAGE) == DATA && access != Access.FETCH) {
            return code + PAGE + address - DATA;
        }
        throw who.fault(FAULT + access.ordinal(), address);
    }

    /** Runs code, from which the test's hart must trap. */
    private RiscvCpu run(Tiers tiers, String text, Consumer<RiscvCpu> start) throws AssemblyException {
        byte[] bytes =
                new Assembler(isa.table(), isa.operands()).assemble(text, CODE).code();
        RawMemory.copyIn(bytes, 0, code, bytes.length);
        try (var engine = new Engine(isa, tiers)) {
            var cpu = (RiscvCpu) isa.newCpu(this::translate);
            engine.attach(cpu);
            start.accept(cpu);
            cpu.pc = CODE;
            Exit exit = engine.run(cpu);
            while (exit == Exit.POLL) {
                exit = engine.run(cpu);
            }
            assertThat(exit).isEqualTo(Exit.TRAP);
            return cpu;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPushThatFaultsLeavesTheStackWhereItIs(Tiers tiers) throws AssemblyException {
        RiscvCpu cpu = run(tiers, "cm.push {ra, s0-s1}, -32", c -> c.r[SP] = DATA + 16);
        assertThat(cpu.trap).isEqualTo(FAULT + Access.WRITE.ordinal());
        assertThat(cpu.trapValue).isEqualTo(DATA - 8);
        assertThat(cpu.pc).isEqualTo(CODE);
        assertThat(cpu.r[SP]).isEqualTo(DATA + 16);
    }

    @ParameterizedTest
    @EnumSource
    void aPopThatFaultsLoadsNoRegister(Tiers tiers) throws AssemblyException {
        RawMemory.putLong(code + PAGE, 7);
        RawMemory.putLong(code + PAGE + 8, 9);
        RiscvCpu cpu = run(tiers, "cm.popretz {ra, s0-s1}, 32", c -> {
            c.r[SP] = DATA - 16;
            c.r[S0] = 1;
            c.r[S1] = 2;
            c.r[10] = 3;
        });
        assertThat(cpu.trap).isEqualTo(FAULT + Access.READ.ordinal());
        assertThat(cpu.trapValue).isEqualTo(DATA - 8);
        assertThat(new long[] {cpu.r[SP], cpu.r[S0], cpu.r[S1], cpu.r[10]}).containsExactly(DATA - 16, 1, 2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void anEntryOfTheJumpTableIsFetchedAsInstructionsAre(Tiers tiers) throws AssemblyException {
        RiscvCpu cpu = run(tiers, "cm.jalt 33", c -> c.jvt = DATA);
        assertThat(cpu.trap).isEqualTo(FAULT + Access.FETCH.ordinal());
        assertThat(cpu.trapValue).isEqualTo(DATA + 33 * 8);
        assertThat(cpu.pc).isEqualTo(CODE);
        assertThat(cpu.r[1]).as("ra").isZero();
    }

    @ParameterizedTest
    @EnumSource
    void otherUsesOfTheJumpTableAreIllegal(Tiers tiers) throws AssemblyException {
        RiscvCpu cpu = run(tiers, "cm.jt 0", c -> c.jvt = CODE + 1);
        assertThat(cpu.trap).isEqualTo(Traps.ILLEGAL_INSTRUCTION);
        assertThat(cpu.trapValue).isEqualTo(0xa002);
    }

    @ParameterizedTest
    @EnumSource
    void theyNeedNoFloatingPoint(Tiers tiers) throws AssemblyException {
        RiscvCpu cpu = run(tiers, "cm.push {ra}, -16\ncm.mva01s s1, s0\necall", c -> {
            c.decodeFor(RiscvCpu.FLOAT_OFF);
            c.r[SP] = DATA + 16;
            c.r[S1] = 5;
        });
        assertThat(cpu.trap).isEqualTo(Traps.ECALL_U);
        assertThat(cpu.r[SP]).isEqualTo(DATA);
        assertThat(cpu.r[10]).isEqualTo(5);
    }
}
