package dev.rhea.engine.interp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Rounding;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.jit.NativeState;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random words, one at a time, in {@link HotLoop} and in {@link TemplateLoop}: what each leaves to Java is done by
 * {@link RareOps}, and everything has to be the same after it.
 */
class LoopsTest {
    private static final long SEED = Long.getLong("rhea.seed", System.nanoTime());
    private static final int WORDS = 60;

    /** Guest addresses: of the code, of another page that the fetch cache knows, and of data. */
    private static final long CODE = 0x4000;

    private static final long OTHER = 0x7000;
    private static final long DATA = 0x9000;
    private static final int SLOTS = 12;

    private static final long[] NUMBERS = {
        0,
        1,
        -1,
        2,
        63,
        64,
        -2,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        0x80000000L,
        0xffffffff3f800000L,
        0xffffffff7fc00000L,
        Double.doubleToRawLongBits(1.5),
        Double.doubleToRawLongBits(-1e300),
        Double.doubleToRawLongBits(4e-310),
        Double.doubleToRawLongBits(Double.NaN),
        CODE + 2,
        OTHER + 6,
        0x123457L,
        DATA,
        DATA + 8,
        DATA + Mmu.PAGE_SIZE - 3
    };

    private final long memory = RawMemory.allocate(10L * Mmu.PAGE_SIZE);
    private final long data = memory + Mmu.PAGE_SIZE - 1 & Mmu.PAGE_MASK;
    private final long words = data + Mmu.PAGE_SIZE;
    private final long otherWords = words + 4L * Mmu.PAGE_SIZE;

    @AfterEach
    void free() {
        RawMemory.free(memory);
    }

    /** All that a word can change, and how the loop ended. */
    private record After(String text) {}

    @ParameterizedTest
    @EnumSource(
            value = Type.class,
            names = {"I32", "I64"})
    void everyWordDoesTheSameInBothLoops(Type address) {
        var isa = new ToyIsa(2, address);
        try (TemplateLoop templates = TemplateLoop.create(isa)) {
            Assumptions.assumeTrue(templates != null, "this host runs no machine code of ours");
            Cpu cpu = isa.newCpu((c, at, access) -> Mmu.DEVICE);
            cpu.code = new CodeStore(isa);
            prepare(cpu);
            var hot = new HotLoop();
            var random = new Random(SEED);
            for (int op = MicroOp.NOP; op < 256; op++) {
                if (!isExecutable(op)) {
                    continue;
                }
                for (int i = 0; i < WORDS; i++) {
                    long word = word(op, random);
                    long seed = random.nextLong();
                    int left = random.nextInt(4) - 1;
                    After one = run(hot, cpu, word, seed, left);
                    After two = run(templates, cpu, word, seed, left);
                    assertThat(two)
                            .as("op %d, word %x, left %d: -Drhea.seed=%d", op, word, left, SEED)
                            .isEqualTo(one);
                }
            }
        }
    }

    private static boolean isExecutable(int op) {
        return op < MicroOp.LOADX && op != MicroOp.TRAP && op != MicroOp.LEAVE
                || op >= MicroOp.FIRST_FLOAT && op <= MicroOp.FLOAT_FROM_BITS
                || op >= MicroOp.LOAD && op <= MicroOp.LOAD + MicroOp.KIND_U32
                || op >= MicroOp.STORE && op <= MicroOp.STORE + 3;
    }

    private static long word(int op, Random random) {
        int d = random.nextInt(SLOTS);
        int a = random.nextInt(SLOTS);
        int b = random.nextInt(SLOTS);
        long word;
        if (op >= MicroOp.LOAD) {
            word = MicroOp.memory(op, d, a, 1 << (op & 3), random.nextInt(64) - 32);
        } else if (op >= MicroOp.FIRST_FLOAT) {
            int rounding = random.nextInt(4) == 0 ? random.nextInt(5) : Rounding.DYNAMIC;
            word = MicroOp.word(op, d, a, b, random.nextInt(SLOTS) | rounding << 8 | random.nextInt(4) << 11);
        } else if (op >= MicroOp.BRANCH_IN && op < MicroOp.BRANCH_OUT
                || op == MicroOp.JUMP_IN
                || op == MicroOp.LINK_IN) {
            word = MicroOp.word(op, d, a, op < MicroOp.BRANCH_OUT ? b : 0, 8L * random.nextInt(100));
        } else if (op >= MicroOp.BRANCH_OUT && op < MicroOp.JUMP_IN) {
            word = MicroOp.word(op, d, a, b, random.nextBoolean() ? OTHER - CODE : random.nextInt(1 << 20) & -2);
        } else if (op == MicroOp.JUMP_OUT || op == MicroOp.LINK_OUT) {
            word = MicroOp.word(op, d, a, random.nextBoolean() ? OTHER - CODE : random.nextInt(1 << 20) & -2);
        } else if (op == MicroOp.LI) {
            word = MicroOp.word(op, d, random.nextLong() >> random.nextInt(20, 64));
        } else if (op == MicroOp.SHADD || op == MicroOp.SELECT) {
            word = MicroOp.word(op, d, a, b, random.nextInt(SLOTS));
        } else if (op >= MicroOp.ADD && op <= MicroOp.MUL || op >= MicroOp.FIRST_RARE && op < MicroOp.ROTRI) {
            word = MicroOp.word(op, d, a, b, 0);
        } else {
            word = MicroOp.word(op, d, a, random.nextLong() >> random.nextInt(28, 64));
        }
        return MicroOp.withGranules(word, random.nextInt(1, 4));
    }

    /** Two pages of words that end at once, and one page of data. */
    private void prepare(Cpu cpu) {
        for (int i = 0; i < Mmu.PAGE_SIZE / 2; i++) {
            RawMemory.putLong(words + i * 8L, MicroOp.word(MicroOp.TRAP));
            RawMemory.putLong(otherWords + i * 8L, MicroOp.word(MicroOp.TRAP));
        }
        cpu.tlb.fillRead(DATA, data);
        cpu.tlb.fillWrite(DATA, data);
        long entry = InterpreterState.entry(cpu.interpreter.fetch, OTHER);
        RawMemory.putLong(entry + InterpreterState.WORDS, otherWords);
        RawMemory.putLong(entry, InterpreterState.tag(OTHER, cpu.mode));
    }

    private After run(Loop loop, Cpu cpu, long word, long seed, int left) {
        var random = new Random(seed);
        Arrays.fill(cpu.r, 0, Globals.SLOTS, 0);
        for (int i = 0; i < SLOTS; i++) {
            cpu.r[i] = random.nextInt(4) == 0 ? random.nextLong() : NUMBERS[random.nextInt(NUMBERS.length)];
        }
        cpu.fp.rounding = random.nextInt(4) == 0 ? 1 : 0;
        cpu.fp.flags = 0;
        for (int i = 0; i < Mmu.PAGE_SIZE / 8; i++) {
            RawMemory.putLong(data + i * 8L, i * 0x0123456789abcdefL);
        }
        RawMemory.putLong(words, word);
        InterpreterState s = cpu.interpreter;
        s.left = left;
        s.target = 0;
        s.place(words, CODE, cpu.code.shift);
        int exit = loop.run(cpu, s, random.nextInt(4) == 0 ? OTHER : 1);
        if (exit == Loop.RARE && s.cp == words && MicroOp.op(word) < MicroOp.LOAD) {
            RareOps.execute(cpu, cpu.r, word, CODE);
            s.left--;
            s.cp += 8L * MicroOp.granules(word);
        }
        long[] bytes = new long[Mmu.PAGE_SIZE / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = RawMemory.getLong(data + i * 8L);
        }
        return new After("exit " + exit + " left " + s.left + " flags " + cpu.fp.flags + " reserved "
                + cpu.r[NativeState.RESERVED_SIZE]
                + (exit == Loop.RARE
                        ? " cp " + (s.cp - words) + " pc " + Long.toHexString((s.cp >> cpu.code.shift) + s.bias)
                        : " target " + Long.toHexString(s.target))
                + " r " + Arrays.toString(Arrays.copyOf(cpu.r, Globals.SLOTS)) + " memory " + Arrays.hashCode(bytes));
    }
}
