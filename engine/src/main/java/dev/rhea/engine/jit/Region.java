package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.ir.Builder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The static control flow around a hot pc: what becomes one method. */
public final class Region {
    public final long entry;
    /** In address order; the entry's may stand anywhere. */
    public final List<Block> blocks = new ArrayList<>();

    public final Map<Long, Block> byPc = new HashMap<>();
    /** Starts of blocks that computed jumps of the region may go to, besides elsewhere; in no order, each once. */
    public final List<Long> targets = new ArrayList<>();

    public int instructions;

    private Region(long entry) {
        this.entry = entry;
    }

    /** Which addresses are worth translating. */
    interface Filter {
        boolean wanted(long pc);
    }

    /**
     * Follows the control flow from {@code entry} until {@code limit} instructions are collected or nothing is left.
     *
     * @return null if not even the first instruction can be translated
     */
    static @Nullable Region scan(Isa isa, int mode, CodeSnapshot code, long entry, int limit, Filter filter) {
        return scan(isa, mode, code, entry, limit, filter, new long[0], false);
    }

    /** @param targets where computed jumps go */
    static @Nullable Region scan(
            Isa isa, int mode, CodeSnapshot code, long entry, int limit, Filter filter, long[] targets) {
        return scan(isa, mode, code, entry, limit, filter, targets, false);
    }

    /** The same for machine code, which can do fewer instructions, and comes back behind those that are interpreted for it. */
    static @Nullable Region scanNative(Isa isa, int mode, CodeSnapshot code, long entry, int limit, Filter filter) {
        return scan(isa, mode, code, entry, limit, filter, new long[0], true);
    }

    private static @Nullable Region scan(
            Isa isa,
            int mode,
            CodeSnapshot code,
            long entry,
            int limit,
            Filter filter,
            long[] targets,
            boolean machine) {
        Builder builder = isa.newBuilder();
        var all = new TreeMap<Long, Instruction>(Long::compareUnsigned);
        var todo = new ArrayDeque<Long>();
        todo.add(entry);
        while (!todo.isEmpty()) {
            long pc = todo.poll();
            // Behind one instruction for the interpreter goes on what came before it; behind two, or data, nothing
            // does.
            boolean resumes = machine;
            while (all.size() < limit && !all.containsKey(pc)) {
                if (pc != entry && !filter.wanted(pc)) {
                    break;
                }
                Instruction instruction = translate(isa, mode, code, pc, builder, machine);
                if (instruction == null || instruction.end == Instruction.End.INTERPRET && pc == entry) {
                    break;
                }
                all.put(pc, instruction);
                if (instruction.end == Instruction.End.JUMP) {
                    pc = instruction.target;
                } else {
                    if (instruction.reachesTarget()) {
                        todo.add(instruction.target);
                    }
                    if (instruction.jumpsAnywhere()) {
                        for (long target : targets) {
                            todo.add(target);
                        }
                    }
                    boolean interpreted = instruction.end == Instruction.End.INTERPRET;
                    if (!instruction.reachesNext() && !(interpreted && resumes)) {
                        break;
                    }
                    resumes = machine && !interpreted;
                    pc = instruction.next();
                }
            }
        }
        if (all.isEmpty()) {
            return null;
        }
        var region = new Region(entry);
        for (long target : targets) {
            if (all.containsKey(target) && !region.targets.contains(target)) {
                region.targets.add(target);
            }
        }
        region.instructions = all.size();
        region.split(all);
        return region;
    }

    private static @Nullable Instruction translate(
            Isa isa, int mode, CodeSnapshot code, long pc, Builder builder, boolean machine) {
        int available = code.available(pc);
        if (available < isa.granule()) {
            return null;
        }
        if (machine) {
            builder.beginBeforeInterpreter(pc);
        } else {
            builder.begin(pc);
        }
        int length = isa.translate(code.read(pc), code.read(pc + 8), available, mode, builder);
        return length == 0 ? null : new Instruction(pc, length, builder.nodes(), machine);
    }

    private void split(TreeMap<Long, Instruction> all) {
        Set<Long> leaders = new HashSet<>();
        leaders.add(entry);
        leaders.addAll(targets);
        Instruction previous = null;
        for (Instruction i : all.values()) {
            if (previous == null || !(previous.end == Instruction.End.FALL && previous.next() == i.pc)) {
                leaders.add(i.pc);
            }
            if (i.reachesTarget()) {
                leaders.add(i.target);
            }
            if (i.reachesNext() && i.end != Instruction.End.FALL || i.end == Instruction.End.INTERPRET) {
                leaders.add(i.next());
            }
            previous = i;
        }
        // Instructions may overlap: falling into one that does not stand next is an edge too.
        for (Instruction i : all.values()) {
            if (i.end == Instruction.End.FALL) {
                Map.Entry<Long, Instruction> behind = all.higherEntry(i.pc);
                if (behind == null || behind.getKey() != i.next()) {
                    leaders.add(i.next());
                }
            }
        }
        Block block = null;
        for (Instruction i : all.values()) {
            if (block == null || leaders.contains(i.pc)) {
                block = new Block();
                blocks.add(block);
                byPc.put(i.pc, block);
            }
            block.instructions.add(i);
        }
        for (Block from : blocks) {
            Instruction last = from.last();
            switch (last.end) {
                case CALL, CALL_INDIRECT, INTERPRET, LEAVE -> {
                    Block behind = byPc.get(last.next());
                    if (behind != null) {
                        behind.resumes = true;
                    }
                }
                default -> {}
            }
            if (last.reachesTarget()) {
                edge(from, last.target);
            }
            if (last.reachesNext()) {
                edge(from, last.next());
            }
            if (last.jumpsAnywhere()) {
                for (long target : targets) {
                    edge(from, target);
                }
            }
        }
    }

    private void edge(Block from, long pc) {
        Block to = byPc.get(pc);
        if (to != null) {
            from.successors.add(to);
            // Every cycle has an edge that does not go to a higher address.
            if (Long.compareUnsigned(pc, from.last().pc) <= 0) {
                to.loopHead = true;
                for (Block block : blocks) {
                    block.inLoop |= Long.compareUnsigned(block.pc(), pc) >= 0
                            && Long.compareUnsigned(block.pc(), from.pc()) <= 0;
                }
            }
        }
    }
}
