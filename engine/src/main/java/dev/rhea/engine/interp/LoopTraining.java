package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.jit.HotSpot;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Shows {@link HotLoop} to HotSpot's profiler from all sides before a guest runs.
 *
 * <p>C2 puts a trap in place of every case and branch that the profile says was never taken. Left alone, each new phase of
 * a guest meets one: the loop's code is thrown away, and for 0.1 s the guest runs in slow code until the next one is made.
 * (C2's code made without a profile has no traps, and takes up to four times as long.) So a program in which every
 * micro-operation occurs and every branch goes both ways is run in C1's profiled code first; that takes some milliseconds,
 * and only where the launcher lets us ask HotSpot for the compilation. C2 is asked too, as soon as it pays: HotSpot by
 * itself has it compile the loop twice, on the stack and for new calls, and our decoder before it.
 */
final class LoopTraining {
    /** Enough that no count is 0, too little to hide what the guest itself does while the profile is made. */
    private static final int ROUNDS = 8;

    /**
     * Budgets of 20,000 instructions until C2 is asked. It takes 40 ms, which its code saves in some four million
     * instructions; programs that say hello and end have 0.2 million.
     */
    private static final int PATIENCE = 150;

    private final @Nullable Method loop;
    private boolean trained;
    private int polls;

    /** @param wanted whether to do anything: where only the interpreter runs, code that fits the guest alone is a sixth faster */
    LoopTraining(boolean wanted) {
        loop = wanted && HotSpot.available() ? loop() : null;
        trained = loop == null;
        if (loop != null) {
            int level = HotSpot.level(loop);
            trained = level == HotSpot.C2;
            if (level == 0) {
                HotSpot.compile(loop, HotSpot.C1_PROFILED);
            }
        }
    }

    private static Method loop() {
        try {
            return HotLoop.class.getDeclaredMethod("run", Cpu.class, InterpreterState.class, long.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("HotLoop.run has other parameters than LoopTraining looks for", e);
        }
    }

    /** To be called after each budget: trains once the profiled code is there, and asks for C2's when it is worth it. */
    void poll(Isa isa, CodeStore code) {
        if (loop == null || polls > PATIENCE) {
            return;
        }
        if (!trained && HotSpot.level(loop) >= 2) {
            trained = true;
            new Course(isa, code).run();
        }
        if (trained && ++polls > PATIENCE && HotSpot.level(loop) != HotSpot.C2) {
            HotSpot.compile(loop, HotSpot.C2);
        }
    }

    /** A processor nobody sees, a page of words and a page of data. */
    private static final class Course {
        private static final Loop LOOP = new HotLoop();
        private static final int DATA = 20;
        private static final int COUNT = 21;
        private static final int SMALL = 22;
        private static final int LARGE = 23;

        /** Sources with which each condition holds; those of its opposite are beside it. */
        private static final int[][] TAKEN = {
            {SMALL, SMALL}, {SMALL, LARGE}, {SMALL, LARGE}, {LARGE, SMALL}, {LARGE, SMALL}, {SMALL, LARGE}
        };

        private final Cpu cpu;
        private final InterpreterState s;
        private final long words = RawMemory.allocate(2L * Mmu.PAGE_SIZE);
        private final long data = RawMemory.allocate(Mmu.PAGE_SIZE);
        private final long mask;
        private int length;

        Course(Isa isa, CodeStore code) {
            cpu = isa.newCpu((c, address, access) -> Mmu.DEVICE);
            cpu.code = code;
            s = cpu.interpreter;
            mask = cpu.addressMask;
        }

        void run() {
            long page = 0x1000;
            cpu.tlb.fillRead(page, data);
            cpu.tlb.fillWrite(page, data);
            cpu.r[DATA] = page + 64;
            cpu.r[SMALL] = -3;
            cpu.r[LARGE] = 5;
            program();
            cpu.r[COUNT] = 2;
            start(0, 1 << 20);
            LOOP.run(cpu, s, 1);
            edges();
            RawMemory.free(words);
            RawMemory.free(data);
        }

        private void start(long offset, int slice) {
            s.place(words + offset, 0x2000, cpu.code.shift);
            s.left = slice;
        }

        private void add(long word) {
            RawMemory.putLong(words + length, MicroOp.withGranules(word, 1));
            length += 8;
        }

        /** Every operation, the frequent ones more often; a loop around it all, ended by a trap. */
        private void program() {
            for (int i = 0; i < 6; i++) {
                add(MicroOp.word(MicroOp.ADDI, 1, SMALL, 17));
                memory(MicroOp.LOAD | MicroOp.KIND_64, 2, 7);
                add(MicroOp.word(MicroOp.ADD, 3, 1, 2, 0));
                memory(MicroOp.STORE | 3, 3, 7);
                branch(MicroOp.BRANCH_IN + i, SMALL, LARGE);
                branch(MicroOp.BRANCH_IN + i, LARGE, SMALL);
                branch(MicroOp.BRANCH_IN + i, SMALL, SMALL);
            }
            for (int op = MicroOp.NOP; op <= MicroOp.PC; op++) {
                add(MicroOp.word(op, 1, SMALL, 3));
            }
            for (int op = MicroOp.ADDI; op <= MicroOp.SHADD; op++) {
                add(MicroOp.word(op, 1, LARGE, SMALL, 1));
                add(MicroOp.word(op, 1, SMALL, LARGE, 1));
            }
            for (int kind = 0; kind < 7; kind++) {
                memory(MicroOp.LOAD | kind, 2, (1 << (kind & 3)) - 1);
            }
            for (int log = 0; log < 4; log++) {
                memory(MicroOp.STORE | log, 3, (1 << log) - 1);
            }
            // Out of the page, not taken.
            for (int i = 0; i < 6; i++) {
                add(MicroOp.word(MicroOp.BRANCH_OUT + i, 0, TAKEN[i ^ 1][0], TAKEN[i ^ 1][1], 0));
            }
            add(MicroOp.word(MicroOp.LINK_IN, 1, 0, 0, 8));
            add(MicroOp.word(MicroOp.JUMP_IN, 0, 0, 0, 8));
            add(MicroOp.word(MicroOp.ADDI, COUNT, COUNT, -1));
            add(MicroOp.word(MicroOp.BRANCH_IN + 1, 0, COUNT, MicroOp.ZERO, -length));
            add(MicroOp.word(MicroOp.TRAP, 0, 0, 0));
        }

        private void memory(int op, int d, int last) {
            add(MicroOp.memory(op, d, DATA, last + 1, 16));
        }

        /** A branch to the next word: taken or not, it goes on there. */
        private void branch(int op, int a, int b) {
            add(MicroOp.word(op, 0, a, b, 8));
        }

        /** The ways out: jumps to pages known and unknown, slices that end, words and accesses for somebody else. */
        private void edges() {
            int first = length;
            int[] jumps = {
                MicroOp.BRANCH_OUT,
                MicroOp.BRANCH_OUT + 1,
                MicroOp.BRANCH_OUT + 2,
                MicroOp.BRANCH_OUT + 3,
                MicroOp.BRANCH_OUT + 4,
                MicroOp.BRANCH_OUT + 5,
                MicroOp.JUMP_OUT,
                MicroOp.LINK_OUT,
                MicroOp.INDIRECT,
                MicroOp.INDIRECT_LINK,
                MicroOp.INDIRECT_EVEN,
                MicroOp.INDIRECT_EVEN_LINK
            };
            long known = 0x2000;
            RawMemory.putLong(InterpreterState.entry(s.fetch, known) + InterpreterState.WORDS, words + first + 2048);
            RawMemory.putLong(InterpreterState.entry(s.fetch, known), InterpreterState.tag(known, cpu.mode));
            RawMemory.putLong(words + first + 2048, MicroOp.word(MicroOp.TRAP));
            for (int round = 0; round < ROUNDS; round++) {
                for (int jump : jumps) {
                    for (long target : new long[] {known, 0x5000}) {
                        length = first;
                        cpu.r[19] = target & mask;
                        boolean branch = jump < MicroOp.JUMP_IN;
                        int a = branch ? TAKEN[jump - MicroOp.BRANCH_OUT][0] : jump >= MicroOp.INDIRECT ? 19 : 0;
                        int b = branch ? TAKEN[jump - MicroOp.BRANCH_OUT][1] : 0;
                        long distance = jump >= MicroOp.INDIRECT ? 0 : target - 0x2000;
                        add(branch ? MicroOp.word(jump, 0, a, b, distance) : MicroOp.word(jump, 1, a, distance));
                        start(first, round % 4 == 0 ? -1 : 100);
                        LOOP.run(cpu, s, round % 8 == 1 ? target : 1);
                    }
                }
                length = first;
                add(MicroOp.word(MicroOp.JUMP_IN, 0, 0, 0, 8));
                add(MicroOp.word(MicroOp.FENCE));
                start(first, round % 2 == 0 ? 0 : 100);
                LOOP.run(cpu, s, 1);
                cpu.r[19] = 0x77000;
                for (int op : new int[] {MicroOp.LOAD, MicroOp.STORE}) {
                    length = first;
                    add(MicroOp.memory(op, 0, 19, 1, 0));
                    start(first, 100);
                    LOOP.run(cpu, s, 1);
                }
            }
        }
    }
}
