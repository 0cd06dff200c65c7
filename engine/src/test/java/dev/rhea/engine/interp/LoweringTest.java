package dev.rhea.engine.interp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine.Tiers;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Printer;
import dev.rhea.engine.ir.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoweringTest {
    private static final Op[] BINARY = {
        Op.ADD, Op.SUB, Op.MUL, Op.AND, Op.OR, Op.XOR, Op.SHL, Op.SHR, Op.SAR, Op.ROTL, Op.ROTR, Op.MULHS, Op.MULHU,
        Op.DIVS, Op.DIVU, Op.REMS, Op.REMU, Op.MINS, Op.MAXS, Op.MINU, Op.MAXU
    };
    private static final Op[] UNARY = {
        Op.NEG, Op.NOT, Op.CLZ, Op.CTZ, Op.POPCNT, Op.BSWAP, Op.BITREV, Op.SEXT8, Op.SEXT16, Op.ZEXT8, Op.ZEXT16
    };
    private static final Op[] COMPARE = {Op.EQ, Op.NE, Op.LTS, Op.GES, Op.LTU, Op.GEU};
    private static final long[] INTERESTING = {
        0,
        1,
        -1,
        2,
        31,
        32,
        63,
        64,
        255,
        -128,
        0x7fff,
        0x8000,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xffffffffL,
        1L << 35,
        -1L << 35,
        1L << 43,
        -1L << 43,
        0x123456789abcdefL,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    /** Builds random meanings: values of both integer types from registers, constants and earlier values. */
    private static final class Writer {
        private final ToyIsa isa;
        private final Builder t;
        private final Random random;
        private final List<Node> longs = new ArrayList<>();
        private final List<Node> ints = new ArrayList<>();

        Writer(ToyIsa isa, Builder t, Random random) {
            this.isa = isa;
            this.t = t;
            this.random = random;
        }

        void write() {
            for (int i = random.nextInt(12) + 1; i > 0; i--) {
                step();
            }
            set();
        }

        private void step() {
            switch (random.nextInt(10)) {
                case 0, 1 -> set();
                case 2 -> ints.add(t.compare(COMPARE[random.nextInt(6)], wide(), wide()));
                case 3 -> ints.add(t.compare(COMPARE[random.nextInt(6)], narrow(), narrow()));
                case 4 -> longs.add(t.select(narrow(), wide(), wide()));
                case 5 -> {
                    if (random.nextBoolean()) {
                        longs.add(t.unary(UNARY[random.nextInt(UNARY.length)], wide()));
                    } else {
                        ints.add(t.unary(UNARY[random.nextInt(UNARY.length)], narrow()));
                    }
                }
                case 6, 7 -> longs.add(t.binary(BINARY[random.nextInt(BINARY.length)], wide(), wide()));
                default -> ints.add(t.binary(BINARY[random.nextInt(BINARY.length)], narrow(), narrow()));
            }
        }

        private void set() {
            if (random.nextBoolean()) {
                t.set(isa.x[random.nextInt(4)], wide());
            } else {
                t.set(isa.w[random.nextInt(4)], narrow());
            }
        }

        private Node wide() {
            return switch (random.nextInt(8)) {
                case 0 -> t.i64(INTERESTING[random.nextInt(INTERESTING.length)]);
                case 1 -> t.pc(Type.I64, random.nextInt(2) * 4);
                case 2 -> t.sext32(narrow());
                case 3 -> t.zext32(narrow());
                case 4, 5 ->
                    longs.isEmpty() ? t.get(isa.x[random.nextInt(4)]) : longs.get(random.nextInt(longs.size()));
                default -> t.get(isa.x[random.nextInt(4)]);
            };
        }

        private Node narrow() {
            return switch (random.nextInt(8)) {
                case 0 -> t.i32(INTERESTING[random.nextInt(INTERESTING.length)]);
                case 1, 2 -> t.trunc(wide());
                case 3, 4 -> ints.isEmpty() ? t.get(isa.w[random.nextInt(4)]) : ints.get(random.nextInt(ints.size()));
                default -> t.get(isa.w[random.nextInt(4)]);
            };
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Tiers.class,
            names = {"INTERPRETER", "REGIONS", "NATIVE"})
    void randomMeaningsComputeWhatTheirNodesSay(Tiers tiers) {
        int count = tiers == Tiers.INTERPRETER ? 4000 : 300;
        for (int k = 0; k < count; k++) {
            long seed = 1000 + k;
            var isa = ToyIsa.wide();
            byte[] insn = isa.insn(t -> new Writer(isa, t, new Random(seed)).write());
            try (var machine = new ToyMachine(isa, tiers)) {
                machine.load(insn, isa.trap(7));
                var builder = new Builder();
                builder.begin();
                new Writer(isa, builder, new Random(seed)).write();
                var random = new Random(seed);
                for (int i = 0; i < 32; i++) {
                    long value = random.nextInt(3) == 0
                            ? random.nextLong()
                            : INTERESTING[random.nextInt(INTERESTING.length)];
                    machine.cpu.r[i] = i < 16 ? value : (int) value;
                }
                long[] expected = machine.cpu.r.clone();
                Evaluator.run(builder.nodes(), expected, ToyMachine.CODE);
                assertThat(machine.run()).isEqualTo(7);
                assertThat(Arrays.copyOf(machine.cpu.r, 32))
                        .as("seed %d, nodes:%n%s", seed, Printer.print(builder.nodes()))
                        .containsExactly(Arrays.copyOf(expected, 32));
            }
        }
    }

    @Test
    void eachOperationComputesWhatFoldingGives() {
        for (Type type : new Type[] {Type.I32, Type.I64}) {
            for (Op op : BINARY) {
                for (long constant : INTERESTING) {
                    both(type, op, constant);
                }
            }
        }
    }

    private static void both(Type type, Op op, long constant) {
        var isa = ToyIsa.wide();
        boolean wide = type == Type.I64;
        byte[] registers = isa.insn(t -> {
            if (wide) {
                t.set(isa.x[2], t.binary(op, t.get(isa.x[0]), t.get(isa.x[1])));
            } else {
                t.set(isa.w[2], t.binary(op, t.get(isa.w[0]), t.get(isa.w[1])));
            }
        });
        byte[] immediate = isa.insn(t -> {
            if (wide) {
                t.set(isa.x[3], t.binary(op, t.get(isa.x[0]), t.i64(constant)));
            } else {
                t.set(isa.w[3], t.binary(op, t.get(isa.w[0]), t.i32(constant)));
            }
        });
        try (var machine = new ToyMachine(isa)) {
            machine.load(registers, immediate, isa.trap(7));
            int base = wide ? 0 : 16;
            for (long a : INTERESTING) {
                long x = wide ? a : (int) a;
                long y = wide ? constant : (int) constant;
                machine.cpu.r[base] = x;
                machine.cpu.r[base + 1] = y;
                assertThat(machine.run()).isEqualTo(7);
                long expected = dev.rhea.engine.ir.Fold.binary(op, type, x, y);
                assertThat(machine.cpu.r[base + 2])
                        .as("%s %s(%x, %x)", type, op, x, y)
                        .isEqualTo(expected);
                assertThat(machine.cpu.r[base + 3])
                        .as("%s %s(%x, #%x)", type, op, x, y)
                        .isEqualTo(expected);
            }
        }
    }

    /** How many micro-operations an instruction becomes. */
    private static int count(Consumer<Builder> meaning) {
        var builder = new Builder();
        builder.begin();
        meaning.accept(builder);
        var lowering = new Lowering(Type.I64, new HelperTable());
        int count = lowering.lower(builder.nodes(), 4);
        return count == 1 && !lowering.standsAlone() ? 2 : count;
    }

    @Test
    void whatMachinesDoMostIsOneMicroOperation() {
        var isa = ToyIsa.wide();
        var x = isa.x;
        assertThat(count(t -> t.set(x[1], t.add(t.get(x[2]), t.get(x[3]))))).isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.add(t.get(x[2]), t.i64(-5))))).isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.i64(0x12345000)))).isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.pc(Type.I64, 0x12345000)))).isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.sext32(t.add(t.trunc(t.get(x[2])), t.trunc(t.get(x[3])))))))
                .isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.sext32(t.trunc(t.get(x[2])))))).isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.zext32(t.trunc(t.get(x[2])))))).isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.add(t.shl(t.get(x[2]), t.i64(3)), t.get(x[3])))))
                .isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.and(t.get(x[2]), t.not(t.get(x[3]))))))
                .isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.zext32(t.compare(Op.LTU, t.get(x[2]), t.i64(7))))))
                .isLessThanOrEqualTo(2);
        assertThat(count(t -> t.set(x[1], t.sext32(t.compare(Op.LTU, t.get(x[2]), t.i64(7))))))
                .isEqualTo(1);
        assertThat(count(t -> t.jumpIf(t.compare(Op.NE, t.get(x[2]), t.i64(0)), -8)))
                .isEqualTo(1);
        assertThat(count(t -> t.set(x[1], t.load(Type.I64, t.get(x[2]), 2040, MemOp.little(4, false)))))
                .isEqualTo(1);
        assertThat(count(t -> t.store(t.add(t.get(x[2]), t.i64(16)), 0, t.get(x[3]), MemOp.little(8, false))))
                .isEqualTo(1);
        assertThat(count(t -> {
                    t.set(x[1], t.pc(Type.I64, 4));
                    t.jump(256, dev.rhea.engine.ir.Flow.CALL);
                }))
                .isEqualTo(1);
        assertThat(count(t -> {
                    Node to = t.and(t.add(t.get(x[1]), t.i64(12)), t.i64(-2));
                    t.set(x[1], t.pc(Type.I64, 4));
                    t.jumpTo(to, dev.rhea.engine.ir.Flow.CALL);
                }))
                .isEqualTo(1);
        assertThat(count(t -> t.set(isa.d[1], t.fbinary(Op.FADD, t.get(isa.d[2]), t.get(isa.d[3]), 7))))
                .isEqualTo(1);
        assertThat(count(t -> t.set(
                        isa.d[1],
                        t.box(Type.F64, t.fbinary(Op.FADD, t.unbox(t.get(isa.d[2])), t.unbox(t.get(isa.d[3])), 7)))))
                .isEqualTo(1);
        assertThat(count(t ->
                        t.set(x[1], t.rmw(Type.I64, t.get(x[2]), t.get(x[3]), MemOp.atomic(8, MemOp.Atomic.ADD)))))
                .isEqualTo(1);
    }

    @Test
    void aHelperGetsItsArgumentsAndThePc() {
        var isa = ToyIsa.wide();
        long[] seen = new long[4];
        Helper helper = Helper.of(
                "record",
                Type.I64,
                (cpu, a, b, c) -> {
                    seen[0] = a;
                    seen[1] = b;
                    seen[2] = c;
                    seen[3] = cpu.pc;
                    return a * 10 + b;
                },
                Helper.Effect.IMPURE);
        try (var machine = new ToyMachine(isa)) {
            machine.load(
                    isa.insn(t -> t.set(isa.x[0], t.i64(5))),
                    isa.insn(t ->
                            t.set(isa.x[1], t.value(helper, t.get(isa.x[0]), t.i64(6), t.trunc(t.get(isa.x[2]))))),
                    isa.trap(7));
            machine.cpu.r[2] = 0x1_8000_0000L;
            assertThat(machine.run()).isEqualTo(7);
            assertThat(seen).containsExactly(5, 6, Integer.MIN_VALUE, ToyMachine.CODE + 4);
            assertThat(machine.cpu.r[1]).isEqualTo(56);
        }
    }

    @Test
    void aConditionalTrapKeepsWhatWasNotDoneUndone() {
        var isa = ToyIsa.wide();
        try (var machine = new ToyMachine(isa)) {
            machine.load(
                    isa.insn(t -> {
                        t.trapIf(t.compare(Op.EQ, t.get(isa.x[0]), t.i64(1)), 33, t.get(isa.x[1]));
                        t.set(isa.x[2], t.i64(9));
                    }),
                    isa.trap(7));
            machine.cpu.r[1] = 0x123456789abcL;
            assertThat(machine.run()).isEqualTo(7);
            assertThat(machine.cpu.r[2]).isEqualTo(9);
            machine.cpu.r[0] = 1;
            machine.cpu.r[2] = 0;
            assertThat(machine.run()).isEqualTo(33);
            assertThat(machine.cpu.trapValue).isEqualTo(0x123456789abcL);
            assertThat(machine.cpu.pc).isEqualTo(ToyMachine.CODE);
            assertThat(machine.cpu.r[2]).isZero();
        }
    }
}
