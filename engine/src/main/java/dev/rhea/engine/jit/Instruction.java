package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import java.util.List;

/** One guest instruction of a region. */
public final class Instruction {
    /** How control goes on after it. */
    public enum End {
        /** To the next one. */
        FALL,
        /** To {@link Instruction#target}. */
        JUMP,
        /** To {@link Instruction#target} or to the next one. */
        BRANCH,
        /** Calls {@link Instruction#target} and comes back to the next one. */
        CALL,
        /** Calls a computed address and comes back to the next one. */
        CALL_INDIRECT,
        /** To a computed address, out of the region. */
        INDIRECT,
        /** Out of the region, to the next one, which must be looked up anew. */
        LEAVE,
        /** Not translated: out of the region, to this one, which the interpreter executes. */
        INTERPRET
    }

    public final long pc;
    public final int length;
    public final Node[] nodes;
    public final End end;
    /** Where a jump, branch or call goes. */
    public final long target;

    Instruction(long pc, int length, List<Node> nodes) {
        this(pc, length, nodes, false);
    }

    /** @param machine whether machine code is to be made of it */
    Instruction(long pc, int length, List<Node> nodes, boolean machine) {
        this.pc = pc;
        this.length = length;
        Node last = nodes.isEmpty() ? null : nodes.getLast();
        long target = 0;
        End end = End.FALL;
        if (!translatable(nodes) || machine && !NativeSupport.supported(nodes)) {
            end = End.INTERPRET;
        } else if (last != null) {
            switch (last.op) {
                case JUMP -> {
                    target = pc + last.imm;
                    // Calling the next instruction only asks for the pc.
                    end = last.flow() == Flow.CALL && last.imm != length ? End.CALL : End.JUMP;
                }
                case JUMP_IF -> {
                    target = pc + last.imm;
                    end = End.BRANCH;
                }
                case JUMP_TO -> end = last.flow() == Flow.CALL ? End.CALL_INDIRECT : End.INDIRECT;
                case TRAP -> end = End.INTERPRET;
                case LEAVE -> end = End.LEAVE;
                default -> {
                    for (Node node : nodes) {
                        if (node.op == Op.CALL && node.helper().has(Helper.Effect.ENDS_BLOCK)) {
                            end = End.LEAVE;
                        }
                    }
                }
            }
        }
        this.target = target;
        this.end = end;
        this.nodes = end == End.INTERPRET ? new Node[0] : nodes.toArray(Node[]::new);
    }

    /** Address of the instruction behind it. */
    public long next() {
        return pc + length;
    }

    /** Whether control can reach the next instruction within the region. */
    public boolean reachesNext() {
        return end == End.FALL || end == End.BRANCH || end == End.CALL || end == End.CALL_INDIRECT;
    }

    /** Whether it is a computed jump that is neither call nor return. */
    public boolean jumpsAnywhere() {
        return end == End.INDIRECT && nodes[nodes.length - 1].flow() == Flow.JUMP;
    }

    /** Whether control can go to {@link #target} within the region. */
    public boolean reachesTarget() {
        return end == End.JUMP || end == End.BRANCH;
    }

    /**
     * Whether generated code can do all of it, and the instruction can be given up at each node that may have to leave the region, and be executed again from
     * its start by the interpreter: nothing that cannot be repeated comes before such a node. (Writes of globals do not
     * count: they are put off until the last such node is behind.)
     */
    private static boolean translatable(List<Node> nodes) {
        boolean done = false;
        for (Node node : nodes) {
            if (done && mayLeave(node) || !MemoryEmitter.supported(node)) {
                return false;
            }
            switch (node.op) {
                case STORE, RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE -> done = true;
                case CALL -> {
                    if (node.helper().has(Helper.Effect.COUNTS)) {
                        return false; // within a block the budget is ahead
                    }
                    done |= !node.helper().isPure();
                }
                default -> {}
            }
        }
        return true;
    }

    /** Whether the node may end the instruction early and leave the region. */
    public static boolean mayLeave(Node node) {
        return switch (node.op) {
            case LOAD, STORE, RMW, CAS, LOAD_EXCLUSIVE, STORE_EXCLUSIVE, TRAP_IF, GIVE_UP_IF -> true;
            default -> false;
        };
    }
}
