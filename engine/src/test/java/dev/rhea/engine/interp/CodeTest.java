package dev.rhea.engine.interp;

import static dev.rhea.engine.interp.ToyMachine.CODE;
import static dev.rhea.engine.interp.ToyMachine.DATA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CodeTest {
    private static final MemOp WORD = MemOp.little(4, false);

    @Test
    void hotSpotCompilesEveryMethodOfTheInterpreter() throws IOException {
        for (Class<?> type : new Class<?>[] {
            HotLoop.class, RareOps.class, FloatOps.class, Sequences.class, Interpreter.class, Dispatch.class
        }) {
            try (var in = type.getResourceAsStream(type.getSimpleName() + ".class")) {
                var parsed = ClassFile.of().parse(in.readAllBytes());
                for (var method : parsed.methods()) {
                    if (method.code().isPresent()) {
                        int length = ((CodeAttribute) method.code().get()).codeLength();
                        assertThat(length)
                                .as("bytecodes of %s.%s", type.getSimpleName(), method.methodName())
                                .isLessThan(8000);
                    }
                }
            }
        }
    }

    // ---- jumps

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "REGIONS", "NATIVE"})
    void everyJumpArrivesWithinAPageAndAcrossPages(Tiers tiers) {
        for (int granule : new int[] {1, 2, 4}) {
            for (Type type : new Type[] {Type.I32, Type.I64}) {
                for (long distance : new long[] {16, 0x800, 0x1000, 0x2340, 0x3ff8}) {
                    jumps(granule, type, distance, tiers);
                }
            }
        }
    }

    private static void jumps(int granule, Type type, long distance, Tiers tiers) {
        var isa = new ToyIsa(granule, type);
        var link = type == Type.I64 ? isa.x[1] : isa.w[1];
        var base = type == Type.I64 ? isa.x[2] : isa.w[2];
        int linkSlot = link.slot();
        byte[] call = isa.insn(4, t -> {
            t.set(link, t.pc(type, 4));
            t.jump(distance, Flow.CALL);
        });
        byte[] back = isa.insn(4, t -> t.jump(-distance, Flow.JUMP));
        byte[] branch = isa.insn(4, t -> t.jumpIf(t.compare(Op.EQ, t.get(isa.x[5]), t.i64(3)), distance));
        byte[] computed = isa.insn(4, t -> {
            Node to = t.and(t.add(t.get(base), t.integer(type, distance + 1)), t.integer(type, -2));
            t.set(link, t.pc(type, 4));
            t.jumpTo(to, Flow.CALL);
        });
        byte[] back2 = isa.insn(4, t -> t.jumpTo(t.get(base), Flow.RETURN));
        try (var machine = new ToyMachine(isa, tiers)) {
            machine.load(CODE, call);
            machine.load(CODE + distance, isa.trap(8));
            assertThat(machine.run()).isEqualTo(8);
            assertThat(machine.cpu.pc).isEqualTo(CODE + distance);
            assertThat(machine.cpu.r[linkSlot]).isEqualTo(CODE + 4);
            machine.load(CODE + distance + 4, ToyIsa.join(back));
            machine.load(CODE + 4, isa.trap(9));
            assertThat(machine.run(CODE + distance + 4)).isEqualTo(9);
            machine.load(CODE, ToyIsa.join(branch, isa.trap(10)));
            assertThat(machine.run()).isEqualTo(10);
            machine.cpu.r[5] = 3;
            assertThat(machine.run()).isEqualTo(8);
            machine.load(CODE, computed);
            machine.cpu.r[base.slot()] = CODE;
            machine.cpu.r[linkSlot] = 0;
            assertThat(machine.run()).isEqualTo(8);
            assertThat(machine.cpu.r[linkSlot]).isEqualTo(CODE + 4);
            machine.cpu.r[base.slot()] = CODE + 4;
            machine.load(CODE + distance + 4, back2);
            assertThat(machine.run(CODE + distance + 4)).isEqualTo(10);
        }
    }

    @Test
    void aJumpWhoseLinkIsItsOwnBaseGoesToTheOldValue() {
        var isa = ToyIsa.wide();
        try (var machine = new ToyMachine(isa)) {
            machine.load(CODE, isa.insn(t -> {
                Node to = t.add(t.get(isa.x[1]), t.i64(64));
                t.set(isa.x[1], t.pc(Type.I64, 4));
                t.jumpTo(to, Flow.CALL);
            }));
            machine.load(CODE + 64, isa.trap(8));
            machine.cpu.r[1] = CODE;
            assertThat(machine.run()).isEqualTo(8);
            assertThat(machine.cpu.r[1]).isEqualTo(CODE + 4);
        }
    }

    @Test
    void instructionsSpanPagesAtEveryOffset() {
        for (int granule : new int[] {1, 2}) {
            int longest = granule == 1 ? 15 : 6;
            for (int in = granule; in < longest; in += granule) {
                var isa = new ToyIsa(granule, Type.I64);
                byte[] wide = isa.insn(longest, t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.i64(1))));
                byte[] jump = isa.insn(longest, t -> {
                    t.set(isa.x[2], t.pc(Type.I64, longest));
                    t.jump(longest, Flow.CALL);
                });
                try (var machine = new ToyMachine(isa)) {
                    long at = CODE + Mmu.PAGE_SIZE - in;
                    machine.load(at, ToyIsa.join(wide, isa.trap(7)));
                    for (int k = 1; k <= 3; k++) {
                        assertThat(machine.run(at)).isEqualTo(7);
                        assertThat(machine.cpu.r[1]).isEqualTo(k);
                        assertThat(machine.cpu.pc).isEqualTo(at + longest);
                    }
                    machine.load(at, ToyIsa.join(jump, isa.trap(7)));
                    assertThat(machine.run(at)).isEqualTo(7);
                    assertThat(machine.cpu.r[2]).isEqualTo(at + longest);
                    machine.unmap(CODE + Mmu.PAGE_SIZE);
                    assertThat(machine.run(at)).isEqualTo(ToyMachine.FETCH_FAULT);
                    assertThat(machine.cpu.pc).isEqualTo(at);
                    assertThat(machine.cpu.trapValue).isEqualTo(CODE + Mmu.PAGE_SIZE);
                }
            }
        }
    }

    @Test
    void runningOffTheMapFaultsAtTheNextPage() {
        var isa = ToyIsa.wide();
        try (var machine = new ToyMachine(isa)) {
            long end = CODE + 4 * Mmu.PAGE_SIZE;
            machine.load(end - 4, isa.insn(t -> t.set(isa.x[1], t.i64(1))));
            assertThat(machine.run(end - 4)).isEqualTo(ToyMachine.FETCH_FAULT);
            assertThat(machine.cpu.pc).isEqualTo(end);
            assertThat(machine.cpu.trapValue).isEqualTo(end);
            assertThat(machine.cpu.r[1]).isEqualTo(1);
            assertThat(machine.cpu.executed).isEqualTo(1);
        }
    }

    // ---- code that changes

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "REGIONS", "NATIVE"})
    void aProgramThatWritesItsOwnNextInstructionRunsTheNewOne(Tiers tiers) {
        var isa = ToyIsa.wide();
        byte[] store = isa.insn(t -> t.store(t.get(isa.x[1]), 0, t.get(isa.x[2]), WORD));
        byte[] old = isa.insn(t -> t.set(isa.x[3], t.i64(1)));
        byte[] changed = isa.insn(t -> t.set(isa.x[3], t.i64(2)));
        byte[] atomic = isa.insn(
                t -> t.rmw(Type.I32, t.get(isa.x[1]), t.trunc(t.get(isa.x[2])), MemOp.atomic(4, MemOp.Atomic.SWAP)));
        for (byte[] writer : new byte[][] {store, atomic}) {
            try (var machine = new ToyMachine(isa, tiers)) {
                machine.load(writer, old, isa.trap(7));
                machine.cpu.r[1] = DATA;
                machine.run();
                assertThat(machine.cpu.r[3]).isEqualTo(1);
                machine.cpu.r[1] = CODE + 4;
                machine.cpu.r[2] = changed[0];
                assertThat(machine.run()).isEqualTo(7);
                assertThat(machine.cpu.r[3]).isEqualTo(2);
                machine.cpu.r[2] = old[0];
                assertThat(machine.run()).isEqualTo(7);
                assertThat(machine.cpu.r[3]).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "DEFAULT", "REGIONS", "NATIVE"})
    void aLoopThatChangesItsBodyAndKeepsDataBesideItStaysRight(Tiers tiers) {
        var isa = ToyIsa.wide();
        byte[] one = isa.insn(t -> t.set(isa.x[3], t.add(t.get(isa.x[3]), t.i64(1))));
        byte[] thousand = isa.insn(t -> t.set(isa.x[3], t.add(t.get(isa.x[3]), t.i64(1000))));
        byte[] count = isa.insn(t -> t.store(t.get(isa.x[1]), 256, t.get(isa.x[3]), MemOp.little(8, false)));
        byte[] flip = isa.insn(t ->
                t.store(t.get(isa.x[1]), 0, t.xor(t.load(Type.I64, t.get(isa.x[1]), 0, WORD), t.get(isa.x[2])), WORD));
        byte[] down = isa.insn(t -> t.set(isa.x[4], t.sub(t.get(isa.x[4]), t.i64(1))));
        byte[] loop = isa.insn(t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[4]), t.i64(0)), -16));
        try (var machine = new ToyMachine(isa, tiers)) {
            machine.load(one, count, flip, down, loop, isa.trap(7));
            int rounds = tiers == Tiers.REGIONS ? 50 : 3000;
            machine.cpu.r[1] = CODE;
            machine.cpu.r[2] = one[0] ^ thousand[0];
            machine.cpu.r[4] = rounds;
            assertThat(machine.run()).isEqualTo(7);
            assertThat(machine.cpu.r[3]).isEqualTo(rounds / 2 * 1001L);
            assertThat(RawMemory.getLong(machine.host(CODE + 256))).isEqualTo(rounds / 2 * 1001L);
            assertThat(machine.cpu.executed).isEqualTo(5L * rounds);
        }
    }

    @Test
    void anotherProcessorSeesCodeThatWasWritten() {
        var isa = ToyIsa.wide();
        byte[] old = isa.insn(t -> t.set(isa.x[3], t.i64(1)));
        byte[] changed = isa.insn(t -> t.set(isa.x[3], t.i64(2)));
        byte[] store = isa.insn(t -> t.store(t.get(isa.x[1]), 0, t.get(isa.x[2]), WORD));
        try (var machine = new ToyMachine(isa)) {
            // The same page, where one may write it and where the other runs it.
            machine.map(0x40000, machine.host(CODE), EnumSet.of(Access.READ, Access.WRITE));
            machine.load(CODE, ToyIsa.join(old, isa.trap(7)));
            machine.load(CODE + Mmu.PAGE_SIZE, ToyIsa.join(store, isa.trap(7)));
            var writer = machine.newCpu();
            writer.r[1] = 0x40000 + 128;
            writer.pc = CODE + Mmu.PAGE_SIZE;
            machine.engine.run(writer);
            assertThat(machine.run()).isEqualTo(7);
            assertThat(machine.cpu.r[3]).isEqualTo(1);
            assertThat(machine.engine.hasCode(machine.host(CODE))).isTrue();
            writer.r[1] = 0x40000;
            writer.r[2] = changed[0];
            writer.pc = CODE + Mmu.PAGE_SIZE;
            machine.engine.run(writer);
            assertThat(machine.engine.hasCode(machine.host(CODE))).isFalse();
            assertThat(machine.run()).isEqualTo(7);
            assertThat(machine.cpu.r[3]).isEqualTo(2);
        }
    }

    @Test
    void droppedCodeIsDecodedAnew() {
        var isa = ToyIsa.wide();
        byte[] old = isa.insn(t -> t.set(isa.x[3], t.i64(1)));
        byte[] changed = isa.insn(t -> t.set(isa.x[3], t.i64(2)));
        try (var machine = new ToyMachine(isa)) {
            machine.load(old, isa.trap(7));
            machine.run();
            machine.load(changed, isa.trap(7));
            machine.engine.dropCode(machine.host(CODE), Mmu.PAGE_SIZE);
            machine.run();
            assertThat(machine.cpu.r[3]).isEqualTo(2);
        }
    }

    @Test
    void pagesAreDecodedApartForEachMode() {
        var isa = ToyIsa.wide();
        int[] mode = {0};
        byte[] insn = isa.insn(t -> t.set(isa.x[3], t.i64(mode[0] + 100)));
        try (var machine = new ToyMachine(isa)) {
            machine.load(insn, isa.trap(7));
            for (int k = 0; k < 6; k++) {
                mode[0] = k % 3;
                machine.cpu.mode = mode[0];
                assertThat(machine.run()).isEqualTo(7);
                assertThat(machine.cpu.r[3]).isEqualTo(mode[0] + 100);
            }
        }
    }

    // ---- counting and leaving

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "DEFAULT", "REGIONS", "NATIVE"})
    void everyInstructionIsCountedOnce(Tiers tiers) {
        var isa = ToyIsa.wide();
        byte[] several = isa.insn(t -> {
            t.set(isa.x[5], t.mul(t.add(t.get(isa.x[5]), t.i64(3)), t.get(isa.x[4])));
            t.set(isa.x[6], t.xor(t.get(isa.x[5]), t.get(isa.x[6])));
        });
        byte[] down = isa.insn(t -> t.set(isa.x[4], t.sub(t.get(isa.x[4]), t.i64(1))));
        byte[] loop = isa.insn(t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[4]), t.i64(0)), -8));
        byte[] far = isa.insn(t -> t.jump(Mmu.PAGE_SIZE, Flow.JUMP));
        try (var machine = new ToyMachine(isa, tiers)) {
            machine.load(several, down, loop, far);
            machine.load(CODE + Mmu.PAGE_SIZE + 12, isa.trap(7));
            for (int rounds : new int[] {1, 10, 997, 50_000}) {
                machine.cpu.r[4] = rounds;
                machine.cpu.executed = 0;
                assertThat(machine.run()).isEqualTo(7);
                assertThat(machine.cpu.executed).isEqualTo(3L * rounds + 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tiers.class)
    void aPollEndsALoopThatNeverEnds(Tiers tiers) throws InterruptedException {
        var isa = ToyIsa.wide();
        try (var machine = new ToyMachine(isa, tiers)) {
            machine.load(
                    isa.insn(t -> t.set(isa.x[1], t.add(t.get(isa.x[1]), t.i64(1)))),
                    isa.insn(t -> t.jump(-4, Flow.JUMP)));
            for (int k = 0; k < 3; k++) {
                var thread = new Thread(machine.cpu::requestPoll);
                thread.start();
                assertThat(machine.engine.run(machine.cpu)).isEqualTo(Exit.POLL);
                thread.join();
                assertThat(machine.cpu.pc).isBetween(CODE, CODE + 4);
                assertThat(machine.cpu.r[1]).isEqualTo((machine.cpu.executed + 1) / 2);
            }
        }
    }

    @Test
    void aHelperThatEndsTheBlockLeavesThroughTheLoop() {
        var isa = ToyIsa.wide();
        Helper poll = Helper.of(
                "poll",
                null,
                (cpu, a, b, c) -> {
                    cpu.requestPoll();
                    return 0;
                },
                Helper.Effect.ENDS_BLOCK,
                Helper.Effect.IMPURE);
        try (var machine = new ToyMachine(isa)) {
            machine.load(
                    isa.insn(t -> t.call(poll)),
                    isa.insn(t -> {
                        t.call(poll);
                        t.jump(8, Flow.JUMP);
                    }),
                    isa.trap(7),
                    isa.insn(t -> t.leave()),
                    isa.trap(8));
            assertThat(machine.engine.run(machine.cpu)).isEqualTo(Exit.POLL);
            assertThat(machine.cpu.pc).isEqualTo(CODE + 4);
            assertThat(machine.engine.run(machine.cpu)).isEqualTo(Exit.POLL);
            assertThat(machine.cpu.pc).isEqualTo(CODE + 12);
            assertThat(machine.go()).isEqualTo(8);
            assertThat(machine.cpu.executed).isEqualTo(3);
        }
    }

    @Test
    void theUnknownIsATrapAndNotAnError() {
        var isa = ToyIsa.wide();
        try (var machine = new ToyMachine(isa)) {
            assertThat(machine.run()).isEqualTo(ToyIsa.ILLEGAL);
            assertThat(machine.cpu.pc).isEqualTo(CODE);
            assertThat(machine.run(0x7777_0000_0000_0000L)).isEqualTo(ToyMachine.FETCH_FAULT);
            assertThat(machine.run(CODE + 2))
                    .as("not where an instruction can start")
                    .isEqualTo(ToyIsa.ILLEGAL);
        }
    }
}
