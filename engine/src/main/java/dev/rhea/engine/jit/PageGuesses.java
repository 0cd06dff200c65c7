package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.mmu.Tlb;
import java.lang.classfile.CodeBuilder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Which accesses guess where their page is, instead of waiting for the TLB to tell.
 *
 * <p>The TLB's addend is on the way from the address to the value: three operations and a load, 9 cycles where an access
 * itself takes 5, which halves the speed of whatever chases pointers or looks up tables. But pages of one mapping mostly
 * have the same addend. So in loops each base register has a JVM local with the addend that was right last; the access uses
 * it at once, the processor checks it against the TLB in parallel, and where it is wrong it is corrected. A guess can only
 * be useless, never wrong.
 *
 * <p>Loads off a base register that the region only moves by constants (stack pointers, running pointers) remember the page
 * as well, and do not look at the TLB at all while they stay in it. Until it next returns to the execution loop (or a call
 * returns to it), a region may so use a page that has left the TLB; whoever changes the memory map waits for that anyway,
 * since a check and its access are two instructions. Stores always look, since a page may become code at any time.
 */
final class PageGuesses {
    /** JVM locals by slot of the base register; -1 for none. */
    private final int[] addend = new int[256];

    /**
     * The first of three JVM locals by slot of the base register; -1 for none. An address {@code a} is in the remembered page
     * if {@code a - start < limit}, signed: both have the top bit turned over, so that the comparison is an unsigned one. The
     * limit leaves room for the longest access off that base. The addend is apart from the guesses, which other accesses
     * change.
     */
    private final int[] start = new int[256];

    /** Longest access or span by slot. */
    private final int[] longest = new int[256];

    /** Distances of the other locals from the first. */
    static final int LIMIT = 2;

    static final int ADDEND = 4;

    /** The limit that no address is below. */
    static final long NOTHING = Long.MIN_VALUE;

    private final long entry;
    private final Set<Block> looping = new HashSet<>();
    private final SlotSet moved = new SlotSet();

    PageGuesses(Region region) {
        entry = region.entry;
        Arrays.fill(addend, -1);
        Arrays.fill(start, -1);
        for (Block block : region.blocks) {
            if (reaches(block, block)) {
                looping.add(block);
            }
            for (Instruction i : block.instructions) {
                for (Node n : i.nodes) {
                    if (n.op == Op.SET && !isStep(n.global(), Objects.requireNonNull(n.a))) {
                        moved.add(n.global().slot());
                    }
                }
            }
        }
    }

    private static boolean reaches(Block from, Block to) {
        Set<Block> seen = new HashSet<>();
        var todo = new ArrayDeque<Block>(from.successors);
        while (!todo.isEmpty()) {
            Block block = todo.poll();
            if (block == to) {
                return true;
            }
            if (seen.add(block)) {
                todo.addAll(block.successors);
            }
        }
        return false;
    }

    private static boolean isStep(Global global, Node value) {
        return value.op == Op.ADD
                        && isGet(value.a, global)
                        && Objects.requireNonNull(value.b).isConst()
                || isGet(value, global);
    }

    private static boolean isGet(@org.jspecify.annotations.Nullable Node n, Global global) {
        return n != null && n.op == Op.GET && n.global().slot() == global.slot();
    }

    /** Gives locals to the base registers of a region. */
    void allocate(Region region, Spans spans, Locals locals) {
        for (Block block : region.blocks) {
            if (looping.contains(block)) {
                for (Instruction i : block.instructions) {
                    for (Node n : i.nodes) {
                        int slot = base(n);
                        if (slot >= 0) {
                            allocate(n, slot, spans.of(n), locals);
                        }
                    }
                }
            }
        }
    }

    private void allocate(Node n, int slot, Spans.@org.jspecify.annotations.Nullable Span span, Locals locals) {
        if (span != null && span.leader != n) {
            return;
        }
        if (n.op == Op.LOAD && !moved.contains(slot)) {
            if (start[slot] < 0) {
                start[slot] = locals.permanent(java.lang.classfile.TypeKind.LONG);
                locals.permanent(java.lang.classfile.TypeKind.LONG);
                locals.permanent(java.lang.classfile.TypeKind.LONG);
            }
            longest[slot] = Math.max(longest[slot], span == null ? n.mem().size() : span.size());
        } else if (addend[slot] < 0) {
            addend[slot] = locals.permanent(java.lang.classfile.TypeKind.LONG);
        }
    }

    /** Slot of the base register of a plain access, or -1. */
    static int base(Node n) {
        if (n.op != Op.LOAD && n.op != Op.STORE || n.mem().aligned()) {
            return -1;
        }
        Node a = Objects.requireNonNull(n.a);
        return a.op == Op.GET ? a.global().slot() : -1;
    }

    /** Local with the guessed addend for an access in {@code block}, or -1. */
    int addend(Node n, Block block) {
        int slot = base(n);
        if (slot < 0 || !looping.contains(block)) {
            return -1;
        }
        int remembered = start(n, block);
        return remembered >= 0 ? remembered + ADDEND : addend[slot];
    }

    /** The first of the locals that tell of the remembered page, or -1. */
    int start(Node n, Block block) {
        int slot = base(n);
        return slot >= 0 && n.op == Op.LOAD && looping.contains(block) ? start[slot] : -1;
    }

    /** Keeps a guess for the next time the region is entered: a loop of few turns would always begin with a wrong one. */
    void keep(CodeBuilder c, Node n) {
        int slot = base(n);
        RawAccess.begin(c);
        kept(c, slot);
        c.lload(addend[slot]);
        RawAccess.store(c, 3);
    }

    /** Pushes where the guess for a base register is kept; who shares the place only guesses wrong. */
    private void kept(CodeBuilder c, int slot) {
        int index = (int) (entry >>> 1) * 0x9e3779b9 + slot & Tlb.GUESS_COUNT - 1;
        c.lload(Locals.TLB)
                .loadConstant((long) Tlb.GUESSES + index * Long.BYTES)
                .ladd();
    }

    /** Remembers the page of the address in a local; the addend is set already. */
    void remember(CodeBuilder c, Node n, int address) {
        int slot = base(n);
        c.lload(address).loadConstant(Mmu.PAGE_MASK).land();
        c.loadConstant(Long.MIN_VALUE).lxor().lstore(start[slot]);
        c.loadConstant(Long.MIN_VALUE ^ Mmu.PAGE_SIZE - (longest[slot] - 1)).lstore(start[slot] + LIMIT);
    }

    /** Forgets all remembered pages. */
    void forgetPages(CodeBuilder c) {
        for (int local : start) {
            if (local >= 0) {
                c.loadConstant(NOTHING).lstore(local + LIMIT);
            }
        }
    }

    /** At the region's start. */
    void clear(CodeBuilder c) {
        forgetPages(c);
        for (int slot = 0; slot < addend.length; slot++) {
            if (addend[slot] >= 0) {
                RawAccess.begin(c);
                kept(c, slot);
                RawAccess.load(c, 3);
                c.lstore(addend[slot]);
            }
        }
        for (int local : start) {
            if (local >= 0) {
                c.lconst_0().lstore(local);
                c.lconst_0().lstore(local + ADDEND);
            }
        }
    }
}
