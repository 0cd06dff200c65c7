package dev.rhea.engine.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RegionTest {
    private static final long CODE = 0x10000;

    private final ListIsa isa = new ListIsa();
    private final long ram = RawMemory.allocate(3 * Mmu.PAGE_SIZE) + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
    private final Cpu cpu = isa.newCpu(new Nothing());

    private static final class Nothing implements Mmu {
        @Override
        public long translate(Cpu cpu, long address, Access access) {
            throw cpu.fault(1, address);
        }
    }

    @SafeVarargs
    private Unit unit(Consumer<Builder>... program) {
        var compiler = new HotSpotCompiler(isa, null);
        var result = compiler.compile(CodeSnapshot.of(CODE, isa.program(program)), CODE, 0, Hints.NONE);
        assertThat(result).isNotNull();
        return result.units().getFirst();
    }

    @Test
    void aLoopCountsItsInstructionsAndLeavesWhenTheBudgetIsUsedUpAndSomebodyWaits() {
        Unit unit = unit(
                t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.get(isa.x[2]))),
                t -> t.set(isa.x[2], t.sub(t.get(isa.x[2]), t.i64(1))),
                t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[2]), t.i64(0)), -8));
        cpu.r[isa.x[2].slot()] = 10;
        cpu.budget = 1000;
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 12);
        assertThat(cpu.r[isa.x[1].slot()]).isEqualTo(55);
        assertThat(cpu.budget).isEqualTo(1000 - 30);
        cpu.r[isa.x[2].slot()] = 1_000_000;
        cpu.requestPoll();
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE);
        assertThat(cpu.budget).isBetween(-3, -1);
        assertThat(cpu.r[isa.x[2].slot()]).isEqualTo(1_000_000 - (970 - cpu.budget) / 3);
    }

    @Test
    void aMissLeavesAtTheInstructionWithExactStateAndCount() {
        Unit unit = unit(
                t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.i64(1))),
                t -> t.set(isa.x[3], t.load(dev.rhea.engine.ir.Type.I64, t.get(isa.x[2]), 8, MemOp.little(4, true))),
                t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.i64(100))));
        cpu.budget = 100;
        cpu.r[isa.x[2].slot()] = 0x4000;
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 4);
        assertThat(cpu.budget).isEqualTo(99);
        assertThat(cpu.r[isa.x[1].slot()]).isEqualTo(1);
        cpu.tlb.fillRead(0x4000, ram);
        RawMemory.putInt(ram + 8, -5);
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 12);
        assertThat(cpu.r[isa.x[3].slot()]).isEqualTo(-5);
        assertThat(cpu.r[isa.x[1].slot()]).isEqualTo(102);
        cpu.r[isa.x[2].slot()] = 0x4000 + 4096 - 10;
        assertThat(unit.run(cpu, 0)).as("crosses the page").isEqualTo(CODE + 4);
    }

    @Test
    void aComputedJumpStaysInTheRegionWhereItsTargetIsKnown() {
        byte[] code = isa.program(
                t -> {
                    var a = t.get(isa.x[1]);
                    var b = t.get(isa.x[4]);
                    t.set(isa.x[1], b);
                    t.set(isa.x[4], a);
                },
                t -> t.set(isa.x[3], t.sub(t.get(isa.x[3]), t.i64(1))),
                t -> t.jumpIf(t.compare(Op.EQ, t.get(isa.x[3]), t.i64(0)), 32),
                t -> t.jumpTo(t.get(isa.x[1]), Flow.JUMP),
                t -> t.set(isa.x[2], t.add(t.get(isa.x[2]), t.i64(1))),
                t -> t.jump(-20, Flow.JUMP),
                t -> t.set(isa.x[2], t.add(t.get(isa.x[2]), t.i64(100))),
                t -> t.jump(-28, Flow.JUMP));
        var hints = new Hints(false, new long[] {CODE + 24, CODE + 16, CODE + 24, CODE + 4096});
        var result = new HotSpotCompiler(isa, null).compile(CodeSnapshot.of(CODE, code), CODE, 0, hints);
        assertThat(result).isNotNull();
        assertThat(result.instructions()).as("and one that traps").isEqualTo(9);
        cpu.budget = 1000;
        cpu.r[isa.x[1].slot()] = CODE + 16;
        cpu.r[isa.x[4].slot()] = CODE + 24;
        cpu.r[isa.x[3].slot()] = 11;
        assertThat(result.units().getFirst().run(cpu, 0)).isEqualTo(CODE + 40);
        assertThat(cpu.r[isa.x[2].slot()]).isEqualTo(505);
        assertThat(cpu.budget).isEqualTo(1000 - 10 * 6 - 3);
        for (long unknown : new long[] {CODE + 20, CODE + 24 + (1L << 32), 0, -1}) {
            cpu.r[isa.x[4].slot()] = unknown;
            cpu.r[isa.x[3].slot()] = 11;
            assertThat(result.units().getFirst().run(cpu, 0)).isEqualTo(unknown);
            assertThat(cpu.r[isa.x[3].slot()]).isEqualTo(10);
        }
    }

    @Test
    void aReadBeforeAWriteKeepsTheOldValue() {
        Unit unit = unit(
                t -> {
                    var a = t.get(isa.x[1]);
                    var b = t.get(isa.x[2]);
                    t.set(isa.x[1], b);
                    t.set(isa.x[2], a);
                },
                t -> t.jumpTo(t.get(isa.x[1]), Flow.RETURN));
        cpu.budget = 10;
        cpu.r[isa.x[1].slot()] = 1;
        cpu.r[isa.x[2].slot()] = 2;
        assertThat(unit.run(cpu, 0)).isEqualTo(2);
        assertThat(cpu.r[isa.x[1].slot()]).isEqualTo(2);
        assertThat(cpu.r[isa.x[2].slot()]).isEqualTo(1);
    }

    @Test
    @SuppressWarnings("unchecked")
    void aRegionTooLongForHotSpotIsMadeSmallerAndGoesOnWhereItEnds() {
        Consumer<Builder>[] program = new Consumer[600];
        java.util.Arrays.fill(program, (Consumer<Builder>) t -> {
            var v = t.load(dev.rhea.engine.ir.Type.I64, t.get(isa.x[2]), 8, MemOp.little(8, true));
            var w = t.load(dev.rhea.engine.ir.Type.I64, t.get(isa.x[2]), 16, MemOp.little(8, true));
            t.set(isa.x[1], t.add(t.add(t.get(isa.x[1]), v), w));
        });
        var result = new HotSpotCompiler(isa, null)
                .compile(CodeSnapshot.of(CODE, isa.program(program)), CODE, 0, Hints.NONE);
        assertThat(result).isNotNull();
        assertThat(result.size()).isLessThan(8000);
        cpu.budget = 10_000;
        cpu.r[isa.x[2].slot()] = 0x4000;
        cpu.tlb.fillRead(0x4000, ram);
        RawMemory.putLong(ram + 8, 1);
        RawMemory.putLong(ram + 16, 0);
        assertThat(result.units().getFirst().run(cpu, 0)).isEqualTo(CODE + 4L * result.instructions());
        assertThat(cpu.r[isa.x[1].slot()]).isEqualTo(result.instructions());
        assertThat(cpu.budget).isEqualTo(10_000 - result.instructions());
    }

    @Test
    void emittedBytecodePerInstructionStaysWithinItsBudget() {
        assertThat(bytesPerInstruction(t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.get(isa.x[2])))))
                .isLessThan(8);
        assertThat(bytesPerInstruction(t -> t.set(
                        isa.x[1], t.load(dev.rhea.engine.ir.Type.I64, t.get(isa.x[2]), 8, MemOp.little(8, true)))))
                .isLessThan(85);
        assertThat(bytesPerInstruction(t -> t.store(t.get(isa.x[2]), 8, t.get(isa.x[1]), MemOp.little(8, true))))
                .isLessThan(90);
    }

    /** Growth of the method between 20 and 40 of the same instruction. */
    @SuppressWarnings("unchecked")
    private double bytesPerInstruction(Consumer<Builder> instruction) {
        int[] sizes = new int[2];
        for (int i = 0; i < 2; i++) {
            Consumer<Builder>[] program = new Consumer[20 * (i + 1)];
            java.util.Arrays.fill(program, instruction);
            var result = new HotSpotCompiler(isa, null)
                    .compile(CodeSnapshot.of(CODE, isa.program(program)), CODE, 0, Hints.NONE);
            assertThat(result).isNotNull();
            sizes[i] = result.size();
        }
        return (sizes[1] - sizes[0]) / 20.0;
    }
}
