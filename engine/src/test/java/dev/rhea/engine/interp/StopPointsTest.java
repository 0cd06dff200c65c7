package dev.rhea.engine.interp;

import static dev.rhea.engine.interp.ToyMachine.CODE;
import static dev.rhea.engine.interp.ToyMachine.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.debug.StopPoints;
import dev.rhea.engine.debug.StopRange;
import dev.rhea.engine.debug.Watcher;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Helper.Effect;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StopPointsTest {
    private static final int END = 9;
    private static final int REFUSED = 11;
    private static final long SECOND = DATA + Mmu.PAGE_SIZE;
    private static final MemOp WORD = MemOp.little(8, false);
    private static final Watcher STOP = (cpu, access, address, size) -> true;

    /** What a watcher was told. */
    private record Event(long executed, long pc, Access access, long address, int size) {}

    /** A loop of many kinds of accesses over two pages of code; x6 counts down, x1 walks over two pages of data. */
    private static final class Program {
        final ToyIsa isa = new ToyIsa(2, Type.I64);
        final long start;
        final long end;
        final List<Long> instructions = new ArrayList<>();

        private final List<byte[]> code = new ArrayList<>();
        private long at;

        Program() {
            // An instruction lies in both pages, at each of the places where it can.
            start = CODE + Mmu.PAGE_SIZE - 30;
            at = start;
            add(4, t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.i64(24))));
            add(4, t -> t.set(isa.x[2], t.load(Type.I64, t.get(isa.x[1]), 0, WORD)));
            add(4, t -> t.set(isa.x[3], t.load(Type.I64, t.get(isa.x[1]), 16, WORD)));
            add(2, t -> t.set(isa.x[2], t.add(t.get(isa.x[2]), t.get(isa.x[3]))));
            add(4, t -> t.store(t.get(isa.x[1]), 8, t.get(isa.x[2]), WORD));
            add(4, t -> t.jump(6, Flow.CALL));
            add(2, t -> t.set(isa.x[7], t.add(t.get(isa.x[7]), t.i64(1)))); // jumped over
            add(4, t -> t.store(t.get(isa.x[1]), -5, t.trunc(t.get(isa.x[2])), MemOp.little(4, false)));
            add(4, t -> t.set(isa.x[4], t.and(t.get(isa.x[1]), t.i64(-8))));
            add(
                    6,
                    t -> t.set(
                            isa.x[3],
                            t.rmw(Type.I64, t.get(isa.x[4]), t.get(isa.x[2]), MemOp.atomic(8, MemOp.Atomic.ADD))));
            add(
                    4,
                    t -> t.set(
                            isa.x[3], t.loadExclusive(Type.I64, t.get(isa.x[4]), MemOp.atomic(8, MemOp.Atomic.NONE))));
            add(
                    4,
                    t -> t.set(
                            isa.x[8],
                            t.zextTo(
                                    Type.I64,
                                    t.storeExclusive(
                                            t.get(isa.x[4]), t.get(isa.x[3]), MemOp.atomic(8, MemOp.Atomic.NONE)))));
            add(2, t -> t.set(isa.x[6], t.add(t.get(isa.x[6]), t.i64(-1))));
            long back = start - at;
            add(4, t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[6]), t.i64(0)), back));
            end = at;
            add(2, t -> t.trap(END, null));
        }

        private void add(int length, java.util.function.Consumer<dev.rhea.engine.ir.Builder> meaning) {
            instructions.add(at);
            at += length;
            code.add(isa.insn(length, meaning));
        }

        ToyMachine machine(Tiers tiers) {
            var machine = new ToyMachine(isa, tiers);
            machine.load(start, ToyIsa.join(code.toArray(byte[][]::new)));
            return machine;
        }
    }

    private static int run(ToyMachine machine, Program program, int rounds) {
        machine.cpu.r[1] = SECOND - 12 * rounds;
        machine.cpu.r[6] = rounds;
        return machine.run(program.start);
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void anInstructionIsNotExecutedWhereTheProcessorStopsBeforeIt(Tiers tiers) {
        var program = new Program();
        for (long pc : program.instructions) {
            try (var machine = program.machine(tiers)) {
                Cpu cpu = machine.cpu;
                assertThat(run(machine, program, 60)).isEqualTo(END); // it is translated by now
                assertThat(run(machine, program, 60)).isEqualTo(END);
                cpu.stops.set(STOP, List.of(StopRange.instruction(pc)));
                cpu.r[1] = DATA + 64;
                cpu.r[6] = 5;
                cpu.pc = program.start;
                long before = cpu.executed;
                Exit exit = machine.engine.run(cpu);
                if (cpu.r[7] == 0 && pc == program.instructions.get(6)) {
                    assertThat(exit).isEqualTo(Exit.TRAP); // nobody comes there
                    continue;
                }
                assertThat(exit).as("stop at %x", pc).isEqualTo(Exit.STOP);
                assertThat(cpu.pc).isEqualTo(pc);
                assertThat(cpu.stops.hit()).isEqualTo(new StopPoints.Hit(STOP, Access.FETCH, pc, 0));
                assertThat(cpu.executed - before).isLessThanOrEqualTo(5 * 13);
                assertThat(machine.engine.run(cpu)).isEqualTo(Exit.STOP); // and still does not
                cpu.stops.set(STOP, List.of());
                assertThat(machine.go()).isEqualTo(END);
                assertThat(cpu.r[6]).isZero();
                assertThat(cpu.executed - before).isEqualTo(5 * 13);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void dataAreAsTheyWereWhereTheProcessorStopsBeforeAnAccess(Tiers tiers) {
        var program = new Program();
        try (var machine = program.machine(tiers)) {
            Cpu cpu = machine.cpu;
            assertThat(run(machine, program, 60)).isEqualTo(END);
            cpu.stops.set(STOP, List.of(StopRange.data(SECOND + 3, 2, EnumSet.of(Access.WRITE))));
            machine.load(SECOND, new byte[16]);
            cpu.r[1] = SECOND - 100;
            cpu.r[2] = -1;
            cpu.r[6] = 60;
            cpu.pc = program.start;
            assertThat(machine.engine.run(cpu)).isEqualTo(Exit.STOP);
            StopPoints.Hit hit = cpu.stops.hit();
            assertThat(hit.access()).isEqualTo(Access.WRITE);
            assertThat(hit.address()).isBetween(SECOND - 4, SECOND + 4);
            assertThat(dev.rhea.host.RawMemory.getShort(machine.host(SECOND + 3)))
                    .isZero();
            cpu.stops.set(STOP, List.of());
            assertThat(machine.go()).isEqualTo(END);
            assertThat(cpu.r[6]).isZero();
        }
    }

    static List<Tiers> others() {
        return List.of(Tiers.JAVA, Tiers.DEFAULT, Tiers.REGIONS, Tiers.NATIVE);
    }

    /** Random stops, which a watcher lets pass: what it is told, with the count of instructions, is the same in all tiers. */
    @ParameterizedTest
    @MethodSource("others")
    void everyTierTellsTheSameAtTheSameInstruction(Tiers tiers) {
        var program = new Program();
        for (int seed = 0; seed < 60; seed++) {
            assertThat(events(program, tiers, seed))
                    .as("seed %d", seed)
                    .isEqualTo(events(program, Tiers.INTERPRETER, seed));
        }
    }

    private static List<Event> events(Program program, Tiers tiers, int seed) {
        var random = new Random(seed);
        var events = new ArrayList<Event>();
        Watcher watcher = (cpu, access, address, size) -> {
            events.add(new Event(cpu.count(), cpu.pc, access, address, size));
            return false;
        };
        try (var machine = program.machine(tiers)) {
            for (int round = 0; round < 4; round++) {
                var ranges = new ArrayList<StopRange>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    ranges.add(range(program, random));
                }
                machine.cpu.stops.set(watcher, ranges);
                assertThat(run(machine, program, 100)).isEqualTo(END);
                events.add(new Event(machine.cpu.executed, machine.cpu.pc, Access.FETCH, machine.cpu.r[2], round));
            }
        }
        return events;
    }

    private static StopRange range(Program program, Random random) {
        if (random.nextInt(3) == 0) {
            List<Long> all = program.instructions;
            return StopRange.instruction(all.get(random.nextInt(all.size())));
        }
        var accesses = EnumSet.noneOf(Access.class);
        for (Access access : Access.values()) {
            if (random.nextBoolean()) {
                accesses.add(access);
            }
        }
        long length = random.nextInt(3) == 0 ? 1 + random.nextInt(5000) : 1 + random.nextInt(20);
        long from = random.nextInt(4) == 0 ? program.start + random.nextInt(60) : SECOND - 1300 + random.nextInt(2600);
        return StopRange.data(from, length, accesses);
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aStopIsToldOnceForEachExecutionThatPasses(Tiers tiers) {
        var program = new Program();
        for (long pc : program.instructions) {
            int[] told = {0};
            try (var machine = program.machine(tiers)) {
                machine.cpu.stops.set(
                        (cpu, access, address, size) -> {
                            told[0]++;
                            return false;
                        },
                        List.of(StopRange.instruction(pc)));
                assertThat(run(machine, program, 100)).isEqualTo(END);
            }
            int times = pc == program.instructions.get(6) ? 0 : pc == program.end ? 1 : 100;
            assertThat(told[0]).as("at %x", pc).isEqualTo(times);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aWatcherMayMakeAGuestExceptionOfIt(Tiers tiers) {
        var program = new Program();
        try (var machine = program.machine(tiers)) {
            Watcher refuses = (cpu, access, address, size) -> {
                throw cpu.fault(REFUSED, address);
            };
            machine.cpu.stops.set(refuses, List.of(StopRange.data(SECOND, 1, EnumSet.of(Access.READ))));
            assertThat(run(machine, program, 100)).isEqualTo(REFUSED);
            assertThat(machine.cpu.trapValue).isBetween(SECOND - 7, SECOND);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void otherProcessorsDoNotStop(Tiers tiers) {
        var program = new Program();
        try (var machine = program.machine(tiers)) {
            machine.cpu.stops.set(STOP, List.of(new StopRange(0, -1, EnumSet.allOf(Access.class))));
            Cpu other = machine.newCpu();
            for (int i = 0; i < 2; i++) {
                other.r[1] = DATA;
                other.r[6] = 60;
                other.pc = program.start;
                assertThat(machine.engine.run(other)).isEqualTo(Exit.TRAP);
            }
            machine.cpu.pc = program.start;
            assertThat(machine.engine.run(machine.cpu)).isEqualTo(Exit.STOP);
            assertThat(machine.cpu.pc).isEqualTo(program.start);
        }
    }

    /** The helper is called by code of the page that it sets a stop in: what was translated of it must not go on. */
    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aStopThatTheGuestItselfSetsIsMetByTheNextInstruction(Tiers tiers) {
        var isa = ToyIsa.wide();
        var set = Helper.of(
                "set",
                null,
                (cpu, pc, round, c) -> {
                    cpu.stops.set(STOP, round == 1 ? List.of(StopRange.instruction(pc)) : List.of());
                    return 0;
                },
                Effect.IMPURE,
                Effect.ENDS_BLOCK);
        byte[] call = isa.insn(t -> {
            t.set(isa.x[1], t.i64(CODE + 8));
            t.jump(28, Flow.CALL);
        });
        byte[] down = isa.insn(t -> t.set(isa.x[6], t.add(t.get(isa.x[6]), t.i64(-1))));
        byte[] loop = isa.insn(t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[6]), t.i64(0)), -12));
        byte[] function = isa.insn(t -> t.call(set, t.get(isa.x[2]), t.get(isa.x[6])));
        byte[] back = isa.insn(t -> t.jumpTo(t.get(isa.x[1]), Flow.RETURN));
        byte[] nop = isa.insn(t -> t.set(isa.x[4], t.get(isa.x[6])));
        for (long at : new long[] {CODE + 8, CODE + 12, CODE + 16, CODE + 36}) {
            try (var machine = new ToyMachine(isa, tiers)) {
                machine.load(nop, call, nop, down, loop, isa.trap(END), isa.trap(END), isa.trap(END), function, back);
                machine.cpu.r[2] = at;
                machine.cpu.r[6] = 200;
                machine.cpu.pc = CODE + 4;
                assertThat(machine.engine.run(machine.cpu)).isEqualTo(Exit.STOP);
                assertThat(machine.cpu.pc).isEqualTo(at);
                assertThat(machine.cpu.r[6]).isEqualTo(at == CODE + 16 ? 0 : 1);
            }
        }
    }

    @Test
    void anAccessPastTheLastAddressTouchesTheFirst() {
        try (var machine = new ToyMachine(ToyIsa.wide())) {
            Cpu cpu = machine.cpu;
            cpu.stops.set(STOP, List.of(StopRange.data(1, 1, EnumSet.of(Access.READ))));
            cpu.stops.beforeAccess(Access.READ, -7, 8);
            cpu.stops.beforeAccess(Access.WRITE, -6, 8);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> cpu.stops.beforeAccess(Access.READ, -6, 8))
                    .isInstanceOf(dev.rhea.engine.cpu.GuestFault.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aStepStopsToo(Tiers tiers) {
        var program = new Program();
        try (var machine = program.machine(tiers)) {
            Cpu cpu = machine.cpu;
            cpu.pc = program.start;
            cpu.r[1] = DATA;
            cpu.stops.set(STOP, List.of(StopRange.instruction(program.start)));
            assertThat(machine.engine.step(cpu)).isEqualTo(Exit.STOP);
            cpu.stops.set(STOP, List.of(StopRange.instruction(program.instructions.get(1))));
            assertThat(machine.engine.step(cpu)).isNull();
            assertThat(cpu.pc).isEqualTo(program.instructions.get(1));
            assertThat(machine.engine.step(cpu)).isEqualTo(Exit.STOP);
        }
    }

    /** The helper's own instruction does not count. */
    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aHelperIsToldTheExactCount(Tiers tiers) {
        var isa = ToyIsa.wide();
        var count = Helper.of("count", Type.I64, (cpu, a, b, c) -> cpu.count(), Effect.IMPURE, Effect.COUNTS);
        byte[] first = isa.insn(t -> t.set(isa.x[1], t.value(count)));
        byte[] nop = isa.insn(t -> t.set(isa.x[4], t.add(t.get(isa.x[4]), t.i64(1))));
        byte[] second = isa.insn(t -> t.set(isa.x[2], t.value(count)));
        byte[] sum = isa.insn(t ->
                t.set(isa.x[3], t.or(t.get(isa.x[3]), t.xor(t.sub(t.get(isa.x[2]), t.get(isa.x[1])), t.i64(4)))));
        byte[] loop = isa.insn(t -> t.jumpIf(t.compare(Op.LTU, t.get(isa.x[4]), t.i64(150_000)), -24));
        try (var machine = new ToyMachine(isa, tiers)) {
            machine.load(first, nop, nop, nop, second, sum, loop, isa.trap(END));
            long before = machine.cpu.executed;
            assertThat(machine.run()).isEqualTo(END);
            assertThat(machine.cpu.r[3]).isZero();
            assertThat(machine.cpu.executed - before).isEqualTo(350_000);
            assertThat(machine.cpu.count()).isEqualTo(machine.cpu.executed);
            assertThat(machine.cpu.r[2] - before).isEqualTo(350_000 - 3);
        }
    }
}
