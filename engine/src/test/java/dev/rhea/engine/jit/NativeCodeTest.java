package dev.rhea.engine.jit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NativeCodeTest {
    private static final long CODE = 0x10000;
    private static final long DATA = 0x4000;

    private final ListIsa isa = new ListIsa();
    private final long ram = RawMemory.allocate(3 * Mmu.PAGE_SIZE) + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
    private final Cpu cpu = isa.newCpu((c, address, access) -> {
        throw c.fault(1, address);
    });
    private NativeCode code;

    @BeforeEach
    void onlyWhereTheHostRunsIt() {
        NativeCode made = NativeCode.create();
        assumeTrue(made != null, "no machine code of ours on this host");
        code = Objects.requireNonNull(made);
        cpu.budget = 1000;
        cpu.tlb.fillRead(DATA, ram);
        cpu.tlb.fillWrite(DATA, ram);
    }

    @SafeVarargs
    private List<Unit> units(Consumer<Builder>... program) {
        var result = new NativeCompiler(isa, null, code)
                .compile(CodeSnapshot.of(CODE, isa.program(program)), CODE, 0, Hints.NONE);
        assertThat(result).isNotNull();
        result.units().forEach(cpu.units::put);
        return result.units();
    }

    @SafeVarargs
    private long run(Consumer<Builder>... program) {
        return units(program).getFirst().run(cpu, 0);
    }

    private long x(int i) {
        return cpu.r[isa.x[i].slot()];
    }

    private void x(int i, long value) {
        cpu.r[isa.x[i].slot()] = value;
    }

    @Test
    void aLoopCountsItsInstructionsAndLeavesWhenTheBudgetIsUsedUp() {
        Unit unit = units(
                        t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.get(isa.x[2]))),
                        t -> t.set(isa.x[2], t.sub(t.get(isa.x[2]), t.i64(1))),
                        t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[2]), t.i64(0)), -8))
                .getFirst();
        x(2, 10);
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 12);
        assertThat(x(1)).isEqualTo(55);
        assertThat(cpu.budget).isEqualTo(1000 - 30);
        x(2, 1_000_000);
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE);
        assertThat(cpu.budget).isBetween(-3, -1);
        assertThat(x(2)).isEqualTo(1_000_000 - (970 - cpu.budget) / 3);
        long before = x(2);
        assertThat(unit.run(cpu, 0)).as("no budget, no step").isEqualTo(CODE);
        assertThat(x(2)).isEqualTo(before);
    }

    @Test
    void aMissLeavesAtTheInstructionWithExactStateAndCount() {
        Unit unit = units(
                        t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.i64(1))),
                        t -> t.set(isa.x[3], t.load(Type.I64, t.get(isa.x[2]), 8, MemOp.little(4, true))),
                        t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.i64(100))))
                .getFirst();
        x(2, DATA + 0x1000);
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 4);
        assertThat(cpu.budget).isEqualTo(999);
        assertThat(x(1)).isEqualTo(1);
        x(2, DATA);
        RawMemory.putInt(ram + 8, -5);
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 12);
        assertThat(x(3)).isEqualTo(-5);
        x(2, DATA + 4096 - 10);
        assertThat(unit.run(cpu, 0)).as("crosses the page").isEqualTo(CODE + 4);
    }

    @Test
    void loadsAndStoresOfEverySizeExtendAndSwapAsTheyShould() {
        for (int size = 1; size <= 8; size *= 2) {
            for (boolean signed : new boolean[] {false, true}) {
                for (boolean big : new boolean[] {false, true}) {
                    MemOp mem = big ? MemOp.big(size, signed) : MemOp.little(size, signed);
                    cpu.budget = 1000;
                    RawMemory.putLong(ram, 0xf1e2d3c4b5a69788L);
                    x(2, DATA);
                    run(
                            t -> t.set(isa.x[3], t.load(Type.I64, t.get(isa.x[2]), 0, mem)),
                            t -> t.store(t.get(isa.x[2]), 64, t.get(isa.x[3]), mem));
                    int unused = 64 - 8 * size;
                    long raw = RawMemory.getLong(ram) << unused;
                    long value = big ? Long.reverseBytes(raw) << unused : raw;
                    assertThat(x(3)).isEqualTo(signed ? value >> unused : value >>> unused);
                    assertThat(RawMemory.getLong(ram + 64) << unused).isEqualTo(raw);
                }
            }
        }
    }

    @Test
    void aReadBeforeAWriteKeepsTheOldValue() {
        x(1, 1);
        x(2, 2);
        assertThat(run(
                        t -> {
                            var a = t.get(isa.x[1]);
                            var b = t.get(isa.x[2]);
                            t.set(isa.x[1], b);
                            t.set(isa.x[2], a);
                        },
                        t -> t.jumpTo(t.get(isa.x[1]), Flow.RETURN)))
                .isEqualTo(2);
        assertThat(x(1)).isEqualTo(2);
        assertThat(x(2)).isEqualTo(1);
    }

    @Test
    void aCallGoesThroughTheTableAndComesBackBehindIt() {
        List<Unit> caller = units(
                t -> {
                    t.set(isa.x[1], t.i64(CODE + 4));
                    t.jump(0x100, Flow.CALL);
                },
                t -> t.set(isa.x[2], t.add(t.get(isa.x[2]), t.i64(1))));
        assertThat(caller).extracting(unit -> unit.pc).containsExactly(CODE, CODE + 4);
        var result = new NativeCompiler(isa, null, code)
                .compile(
                        CodeSnapshot.of(
                                CODE + 0x100,
                                isa.program(
                                        t -> t.set(isa.x[2], t.i64(41)), t -> t.jumpTo(t.get(isa.x[1]), Flow.RETURN))),
                        CODE + 0x100,
                        0,
                        Hints.NONE);
        cpu.units.put(Objects.requireNonNull(result).units().getFirst());
        assertThat(caller.getFirst().run(cpu, 0)).isEqualTo(CODE + 8);
        assertThat(x(2)).isEqualTo(42);
        cpu.units.clear();
        assertThat(caller.getFirst().run(cpu, 0))
                .as("nothing is found any more")
                .isEqualTo(CODE + 0x100);
    }

    @Test
    void quotientsAndRemaindersNeverTrap() {
        long[][] operands = {{7, 2}, {-7, 2}, {7, -2}, {7, 0}, {Long.MIN_VALUE, -1}, {0, 5}, {-1, 3}};
        for (long[] o : operands) {
            cpu.budget = 1000;
            x(1, o[0]);
            x(2, o[1]);
            run(
                    t -> t.set(isa.x[3], t.binary(Op.DIVS, t.get(isa.x[1]), t.get(isa.x[2]))),
                    t -> t.set(isa.x[4], t.binary(Op.REMS, t.get(isa.x[1]), t.get(isa.x[2]))),
                    t -> t.set(isa.x[5], t.binary(Op.DIVU, t.get(isa.x[1]), t.get(isa.x[2]))),
                    t -> t.set(isa.x[6], t.binary(Op.REMU, t.get(isa.x[1]), t.get(isa.x[2]))));
            assertThat(x(3)).isEqualTo(IntegerMath.divs(o[0], o[1]));
            assertThat(x(4)).isEqualTo(IntegerMath.rems(o[0], o[1]));
            assertThat(x(5)).isEqualTo(IntegerMath.divu(o[0], o[1]));
            assertThat(x(6)).isEqualTo(IntegerMath.remu(o[0], o[1]));
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void atomicsGiveTheOldValueAndLeaveTheNew(MemOp.Atomic kind) {
        for (int size : new int[] {4, 8}) {
            RawMemory.putLong(ram + 16, -7);
            x(1, DATA + 16);
            x(2, 12);
            cpu.budget = 1000;
            run(t -> t.set(isa.x[3], t.rmw(Type.I64, t.get(isa.x[1]), t.get(isa.x[2]), MemOp.atomic(size, kind))));
            assertThat(x(3)).as("%s of %d bytes", kind, size).isEqualTo(-7);
            long expected = switch (kind) {
                case SWAP -> 12;
                case ADD -> 5;
                case AND -> -7 & 12;
                case OR -> -7 | 12;
                case XOR -> -7 ^ 12;
                case MINS, MAXU -> -7;
                default -> 12;
            };
            assertThat(size == 8 ? RawMemory.getLong(ram + 16) : RawMemory.getInt(ram + 16))
                    .isEqualTo(expected);
        }
    }

    @Test
    void floatsRaiseTheirFlagsAndNansAreLeftToTheInterpreter() {
        cpu.r[isa.d[1].slot()] = Double.doubleToRawLongBits(1.0);
        cpu.r[isa.d[2].slot()] = Double.doubleToRawLongBits(3.0);
        Unit unit = units(t -> t.set(
                        isa.d[3],
                        t.fbinary(Op.FDIV, t.get(isa.d[1]), t.get(isa.d[2]), dev.rhea.engine.ir.Rounding.NEAREST_EVEN)))
                .getFirst();
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 4);
        assertThat(Double.longBitsToDouble(cpu.r[isa.d[3].slot()])).isEqualTo(1.0 / 3.0);
        assertThat(cpu.fp.flags).isEqualTo(FpState.INEXACT);
        cpu.fp.flags = 0;
        cpu.r[isa.d[2].slot()] = 0;
        assertThat(unit.run(cpu, 0)).isEqualTo(CODE + 4);
        assertThat(cpu.fp.flags).isEqualTo(FpState.DIVIDE_BY_ZERO);
        cpu.r[isa.d[1].slot()] = 0;
        assertThat(unit.run(cpu, 0)).as("0 / 0").isEqualTo(CODE);
    }

    @Test
    void aBlockThatCanBeBegunAtChecksItsOwnAccesses() {
        var pure = dev.rhea.engine.ir.Helper.pure("double", Type.I64, (c, a, b, d) -> 2 * a);
        List<Unit> units = units(
                t -> t.set(isa.x[3], t.load(Type.I64, t.get(isa.x[2]), 0, MemOp.little(8, false))),
                t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[1]), t.i64(0)), 8),
                t -> t.set(isa.x[4], t.call(pure, t.get(isa.x[4]))), // the interpreter's
                t -> t.set(isa.x[5], t.load(Type.I64, t.get(isa.x[2]), 8, MemOp.little(8, false))));
        x(1, 1);
        x(2, DATA);
        RawMemory.putLong(ram + 8, 77);
        assertThat(units).extracting(unit -> unit.pc).containsExactly(CODE, CODE + 12);
        assertThat(units.getLast().run(cpu, 0)).isEqualTo(CODE + 16);
        assertThat(x(5)).isEqualTo(77);
    }

    @Test
    void whenItsMemoryIsFullItBeginsAnewAndNothingOldIsFound() {
        long memory = RawMemory.allocate(2 * Mmu.PAGE_SIZE) + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
        byte[] program = isa.program(t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.i64(1))));
        for (int i = 0; i < Mmu.PAGE_SIZE; i += 8) {
            RawMemory.copyIn(program, 0, memory + i, 4); // every other instruction ends the region
        }
        Cpu own = isa.newCpu((Cpu c, long address, Access access) -> memory + (address & Mmu.PAGE_SIZE - 1));
        own.runner = Thread.currentThread();
        var space = new OnePage(own);
        var small = Objects.requireNonNull(NativeCode.create(NativeCode.MOST + 8192));
        try (var translator = new RegionTranslator(isa, space, true, small)) {
            for (int i = 0; i < Mmu.PAGE_SIZE; i += 8) {
                translator.request(own, CODE + i);
                Unit unit = Objects.requireNonNull(own.units.find(CODE + i));
                own.budget = 10;
                assertThat(unit.run(own, 0)).isEqualTo(CODE + i + 4);
            }
            assertThat(translator.statistics().evicted).isPositive();
            assertThat(own.units.find(CODE)).isNull();
        }
        assertThat(own.r[isa.x[1].slot()]).isEqualTo(Mmu.PAGE_SIZE / 8);
    }

    /** Code that is all decoded. */
    private record OnePage(Cpu cpu) implements CodeSpace {
        @Override
        public boolean hasCode(long hostPage) {
            return true;
        }

        @Override
        public boolean isDecoded(long hostAddress) {
            return true;
        }

        @Override
        public boolean setRegion(long hostAddress) {
            return true;
        }

        @Override
        public void clearRegion(long hostAddress) {}

        @Override
        public Cpu[] cpus() {
            return new Cpu[] {cpu};
        }
    }
}
