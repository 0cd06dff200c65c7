package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which accesses of a region share one page check. Pure analysis, for whoever generates code.
 *
 * <p>Accesses off one base at constant distances (a frame, a structure, a running pointer of an unrolled loop) make a
 * {@link Span}: at the first of them it is checked that all bytes from the lowest to the highest lie in one page that the
 * TLB knows; the others need no check. What a register is, relative to what others were, is followed through copies and
 * additions of constants. A span reaches over blocks that have no other predecessor, so its first access stands on every way
 * to the others; it does not reach over calls, after which the TLB may be another.
 *
 * <p>A span that fails its check must not fault and not be an error: not all of its accesses need be executed, and it may lie
 * in two pages. Whoever finds that leaves the region at the first access's instruction, or checks each access by itself.
 * What a check has proved holds as long as a TLB hit ever does: until the processor's thread returns to the execution loop
 * or runs a helper that is not pure.
 */
public final class Spans {
    /**
     * Longest span in bytes. A longer one crosses a page in one of {@code 4096 / MAX} places, and takes the slow way there.
     */
    public static final int MAX = 512;

    /** Accesses with one check. */
    public static final class Span {
        /** Whether they are stores (checked against the write tag) or loads. */
        public final boolean write;
        /** The first access in program order: the check stands before it. */
        public final Node leader;

        private int number = -1;
        private final int origin;
        /** Where the leader is, from its origin; all other distances are from the leader. */
        private final long at;

        private int lowest;
        private int end;
        private int members = 1;

        private Span(Node leader, int origin, long at) {
            this.write = leader.op == Op.STORE;
            this.leader = leader;
            this.origin = origin;
            this.at = at;
            this.end = leader.mem().size();
        }

        /**
         * The place to keep the host address of the lowest byte in: spans that are alive at one place have different numbers,
         * all below {@link Spans#numbers}.
         */
        public int number() {
            return number;
        }

        /** Distance of the lowest byte from the leader's address; 0 or negative. */
        public int below() {
            return lowest;
        }

        /** Bytes from the lowest to the highest, both included; at most {@link #MAX}. */
        public int size() {
            return end - lowest;
        }

        /** How many accesses share it; at least 2 for those that {@link Spans#of(Node)} gives. */
        public int members() {
            return members;
        }

        /** Lets an access in that is near enough. */
        private boolean add(long distance, int size) {
            if (distance <= -MAX || distance >= MAX) {
                return false;
            }
            int low = Math.min(lowest, (int) distance);
            int high = Math.max(end, (int) distance + size);
            // Where the address is known, so is whether the span would lie in two pages.
            if (high - low > MAX || origin == 0 && (at + low ^ at + high - 1) >>> 12 != 0) {
                return false;
            }
            lowest = low;
            end = high;
            members++;
            return true;
        }

        @Override
        public String toString() {
            return (write ? "write " : "read ") + size() + " bytes from " + below() + ", " + members + " accesses";
        }
    }

    /** @param distance from the leader */
    private record Member(Span span, int distance) {}

    /** What a value is: a number nobody else has for its origin (0: nothing, so {@code delta} is the value), and a distance. */
    private record Value(int origin, long delta) {}

    /** What is known at a place. */
    private static final class State {
        final Value[] values;
        final List<Span> open;

        State(Value[] values, List<Span> open) {
            this.values = values;
            this.open = open;
        }

        State copy() {
            return new State(values.clone(), new ArrayList<>(open));
        }
    }

    private final Map<Node, Member> members = new IdentityHashMap<>();
    private final Map<Block, Integer> predecessors = new HashMap<>();
    /** Those found since the last root. */
    private final List<Span> found = new ArrayList<>();

    private int origins;
    private int numbers;

    private Spans() {}

    /** No spans at all: every access is checked by itself. */
    static Spans none() {
        return new Spans();
    }

    /** Analyses a region. Uses the nodes' marks as {@link Schedule} does. */
    public static Spans of(Region region) {
        var spans = new Spans();
        for (Block block : region.blocks) {
            for (Block to : block.successors) {
                // What comes back from a call knows nothing of what was before, as if it came from elsewhere too.
                spans.predecessors.merge(to, calls(block) ? 2 : 1, Integer::sum);
            }
        }
        for (Block block : region.blocks) {
            if (block.pc() == region.entry || !spans.continues(block)) {
                spans.root(region, block);
            }
        }
        return spans;
    }

    /** Whether a block other than the entry goes on where its only predecessor ended, and is never begun at otherwise. */
    private boolean continues(Block block) {
        return !block.loopHead && !block.resumes && predecessors.getOrDefault(block, 0) == 1;
    }

    /** A block and all that go on from it. */
    private void root(Region region, Block block) {
        var values = new Value[dev.rhea.engine.ir.Globals.SLOTS];
        Arrays.setAll(values, slot -> new Value(++origins, 0));
        follow(region, block, new State(values, new ArrayList<>()));
        int number = 0;
        for (Span span : found) {
            if (span.members > 1) {
                span.number = number++;
            }
        }
        numbers = Math.max(numbers, number);
        found.clear();
    }

    private static boolean calls(Block block) {
        Instruction.End end = block.last().end;
        return end == Instruction.End.CALL || end == Instruction.End.CALL_INDIRECT;
    }

    private void follow(Region region, Block block, State state) {
        for (Instruction instruction : block.instructions) {
            instruction(instruction, state);
        }
        for (Block to : block.successors) {
            if (to.pc() != region.entry && continues(to)) {
                follow(region, to, state.copy());
            }
        }
    }

    private void instruction(Instruction instruction, State state) {
        Node[] nodes = instruction.nodes;
        var values = new Value[nodes.length];
        for (int i = 0; i < nodes.length; i++) {
            Node n = nodes[i];
            n.mark = n.mark & Narrow.MARK | i << 1;
            values[i] = value(n, instruction.pc, values, state);
            switch (n.op) {
                case SET -> {
                    Global global = n.global();
                    Node a = Objects.requireNonNull(n.a);
                    state.values[global.slot()] =
                            a.type == global.type() ? operand(a, values) : new Value(++origins, 0);
                }
                case LOAD, STORE -> access(n, values, state);
                case CALL -> {
                    Helper helper = n.helper();
                    if (!helper.isPure()) {
                        state.open.clear();
                    }
                    if (helper.has(Helper.Effect.WRITES_STATE)) {
                        Arrays.setAll(state.values, slot -> new Value(++origins, 0));
                    }
                }
                default -> {}
            }
        }
    }

    private void access(Node n, Value[] values, State state) {
        MemOp mem = n.mem();
        Node address = Objects.requireNonNull(n.a);
        if (mem.aligned()) {
            return; // the check must look at the low bits too
        }
        Value base = operand(address, values);
        long at = base.delta + n.imm;
        boolean write = n.op == Op.STORE;
        for (Span span : state.open) {
            if (span.write == write && span.origin == base.origin) {
                // 32-bit addresses wrap; a span that does ends in a page that is never there.
                long distance = address.type == Type.I32 ? (int) (at - span.at) : at - span.at;
                if (span.add(distance, mem.size())) {
                    members.put(n, new Member(span, (int) distance));
                    return;
                }
            }
        }
        var span = new Span(n, base.origin, at);
        found.add(span);
        members.put(n, new Member(span, 0));
        state.open.add(span);
    }

    private Value value(Node n, long pc, Value[] values, State state) {
        switch (n.op) {
            case CONST -> {
                return new Value(0, n.imm);
            }
            case PC -> {
                return new Value(0, n.type == Type.I32 ? (int) (pc + n.imm) : pc + n.imm);
            }
            case GET -> {
                if (n.type == n.global().type()) {
                    return state.values[n.global().slot()];
                }
            }
            case ADD, SUB -> {
                Value a = operand(Objects.requireNonNull(n.a), values);
                Value b = operand(Objects.requireNonNull(n.b), values);
                boolean add = n.op == Op.ADD;
                if (b.origin == 0) {
                    return new Value(a.origin, wrap(n, add ? a.delta + b.delta : a.delta - b.delta));
                }
                if (add && a.origin == 0) {
                    return new Value(b.origin, wrap(n, a.delta + b.delta));
                }
            }
            default -> {}
        }
        return new Value(++origins, 0);
    }

    private static long wrap(Node n, long delta) {
        return n.type == Type.I32 ? (int) delta : delta;
    }

    private static Value operand(Node n, Value[] values) {
        return n.isConst() ? new Value(0, n.imm) : values[Schedule.index(n)];
    }

    // ---- answers

    /** The span that an access shares with others, or null if it is to be checked by itself. */
    public @Nullable Span of(Node access) {
        Member member = members.get(access);
        return member == null || member.span.members == 1 ? null : member.span;
    }

    /** Distance of an access's lowest byte from the lowest byte of its span; not negative. */
    public int offset(Node access) {
        Member member = Objects.requireNonNull(members.get(access));
        return member.distance - member.span.lowest;
    }

    /** All {@link Span#number}s are below it. */
    public int numbers() {
        return numbers;
    }
}
