package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
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

    private final int[] page = new int[256];
    /** Locals with the addend of {@link #page}: apart from the guesses, which other accesses off the same base change. */
    private final int[] pageAddend = new int[256];

    private final Set<Block> looping = new HashSet<>();
    private final SlotSet moved = new SlotSet();

    PageGuesses(Region region) {
        Arrays.fill(addend, -1);
        Arrays.fill(page, -1);
        Arrays.fill(pageAddend, -1);
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
    void allocate(Region region, Locals locals) {
        for (Block block : region.blocks) {
            if (looping.contains(block)) {
                for (Instruction i : block.instructions) {
                    for (Node n : i.nodes) {
                        int slot = base(n);
                        if (slot >= 0 && n.op == Op.LOAD && !moved.contains(slot)) {
                            if (page[slot] < 0) {
                                page[slot] = locals.permanent(java.lang.classfile.TypeKind.LONG);
                                pageAddend[slot] = locals.permanent(java.lang.classfile.TypeKind.LONG);
                            }
                        } else if (slot >= 0 && addend[slot] < 0) {
                            addend[slot] = locals.permanent(java.lang.classfile.TypeKind.LONG);
                        }
                    }
                }
            }
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
        return page(n, block) >= 0 ? pageAddend[slot] : addend[slot];
    }

    /** Local with the page that the addend is known for, or -1. */
    int page(Node n, Block block) {
        int slot = base(n);
        return slot >= 0 && n.op == Op.LOAD && looping.contains(block) ? page[slot] : -1;
    }

    /** Forgets all remembered pages. */
    void forgetPages(java.lang.classfile.CodeBuilder c) {
        for (int local : page) {
            if (local >= 0) {
                c.loadConstant(dev.rhea.engine.mmu.Tlb.NONE).lstore(local);
            }
        }
    }

    /** At the region's start. */
    void clear(java.lang.classfile.CodeBuilder c) {
        forgetPages(c);
        for (int[] locals : new int[][] {addend, pageAddend}) {
            for (int local : locals) {
                if (local >= 0) {
                    c.lconst_0().lstore(local);
                }
            }
        }
    }
}
