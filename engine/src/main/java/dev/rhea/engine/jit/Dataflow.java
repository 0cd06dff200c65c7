package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import java.util.List;

/**
 * What a region's JVM locals hold where: which globals may have been written since they were last written back (forward),
 * and which locals must hold their global's value (backward; an exit needs what it writes back). So entries and returns
 * load only what is used, and exits and calls write only what changed.
 *
 * <p>All exits of an instruction see the globals as they were at its start: see {@link Instruction}.
 */
final class Dataflow {
    private Dataflow() {}

    static void analyse(Region region) {
        dirty(region);
        live(region);
        narrow(region);
    }

    // ---- dirty globals, forward

    private static void dirty(Region region) {
        for (boolean changed = true; changed; ) {
            changed = false;
            for (Block block : region.blocks) {
                SlotSet state = dirtyAfter(block);
                for (Block to : block.successors) {
                    changed |= to.dirtyIn.addAll(state);
                }
            }
        }
    }

    private static SlotSet dirtyAfter(Block block) {
        var state = new SlotSet(block.dirtyIn);
        for (Instruction i : block.instructions) {
            dirty(i, state);
        }
        Instruction.End end = block.last().end;
        if (end == Instruction.End.CALL || end == Instruction.End.CALL_INDIRECT) {
            state.clear();
        }
        return state;
    }

    /** Goes over one instruction, up to and without a call of other guest code. */
    static void dirty(Instruction i, SlotSet state) {
        for (Node node : i.nodes) {
            if (node.op == Op.SET) {
                state.add(node.global().slot());
            } else if (node.op == Op.CALL && writesBack(node.helper())) {
                state.clear();
            }
        }
    }

    /** Whether all dirty globals are written back before the helper runs. */
    static boolean writesBack(Helper helper) {
        return helper.has(Helper.Effect.READS_STATE)
                || helper.has(Helper.Effect.WRITES_STATE)
                || helper.has(Helper.Effect.MAY_FAULT);
    }

    // ---- live locals, backward

    private static void live(Region region) {
        List<Block> blocks = region.blocks;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int b = blocks.size() - 1; b >= 0; b--) {
                changed |= blocks.get(b).liveIn.addAll(liveBefore(region, blocks.get(b)));
            }
        }
    }

    private static SlotSet liveBefore(Region region, Block block) {
        var dirty = new SlotSet[block.instructions.size() + 1];
        var state = new SlotSet(block.dirtyIn);
        for (int i = 0; i < block.instructions.size(); i++) {
            dirty[i] = new SlotSet(state);
            dirty(block.instructions.get(i), state);
        }
        dirty[block.instructions.size()] = state;
        var live = new SlotSet();
        Instruction last = block.last();
        boolean call = last.end == Instruction.End.CALL || last.end == Instruction.End.CALL_INDIRECT;
        if (!call) {
            for (Block to : block.successors) {
                live.addAll(to.liveIn);
            }
        }
        if (call || exits(region, last)) {
            live.addAll(state);
        }
        for (int i = block.instructions.size() - 1; i >= 0; i--) {
            live(block.instructions.get(i), dirty[i], live);
        }
        if (block.loopHead) {
            live.addAll(block.dirtyIn);
        }
        return live;
    }

    /** Whether control can leave the region behind the instruction, other than by a call. */
    private static boolean exits(Region region, Instruction last) {
        return !last.reachesNext() && !last.reachesTarget()
                || last.reachesNext() && !region.byPc.containsKey(last.next())
                || last.reachesTarget() && !region.byPc.containsKey(last.target);
    }

    private static void live(Instruction instruction, SlotSet dirtyBefore, SlotSet live) {
        for (int n = instruction.nodes.length - 1; n >= 0; n--) {
            Node node = instruction.nodes[n];
            switch (node.op) {
                case SET -> live.remove(node.global().slot());
                case GET -> live.add(node.global().slot());
                case CALL -> {
                    if (node.helper().has(Helper.Effect.WRITES_STATE)) {
                        live.clear(); // all are read again
                    }
                    if (writesBack(node.helper())) {
                        live.addAll(dirtyBefore);
                    }
                }
                default -> {
                    if (Instruction.mayLeave(node)) {
                        live.addAll(dirtyBefore);
                    }
                }
            }
        }
        if (instruction.end == Instruction.End.INTERPRET) {
            live.addAll(dirtyBefore);
        }
    }

    // ---- 32-bit values in 64-bit globals, forward

    private static void narrow(Region region) {
        Block entry = java.util.Objects.requireNonNull(region.byPc.get(region.entry));
        entry.narrowKnown = true;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (Block block : region.blocks) {
                if (!block.narrowKnown) {
                    continue;
                }
                var state = new SlotSet(block.narrowIn);
                for (Instruction i : block.instructions) {
                    narrow(i, state);
                }
                Instruction.End end = block.last().end;
                if (end == Instruction.End.CALL || end == Instruction.End.CALL_INDIRECT) {
                    state.clear();
                }
                for (Block to : block.successors) {
                    if (!to.narrowKnown) {
                        to.narrowKnown = true;
                        to.narrowIn.addAll(state);
                        changed = true;
                    } else {
                        changed |= to.narrowIn.retainAll(state);
                    }
                }
            }
        }
    }

    private static void narrow(Instruction instruction, SlotSet state) {
        for (Node node : instruction.nodes) {
            narrow(node, state);
        }
    }

    /** Goes over one node of an instruction. */
    static void narrow(Node node, SlotSet state) {
        if (node.op == Op.GET) {
            Narrow.mark(node, state);
        } else if (node.op == Op.SET) {
            int slot = node.global().slot();
            if (Narrow.isNarrow(java.util.Objects.requireNonNull(node.a))) {
                state.add(slot);
            } else {
                state.remove(slot);
            }
        } else if (node.op == Op.CALL && node.helper().has(Helper.Effect.WRITES_STATE)) {
            state.clear();
        }
    }
}
