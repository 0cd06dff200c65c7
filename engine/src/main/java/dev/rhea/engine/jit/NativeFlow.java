package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which host registers may be newer than memory at a block's start, and which must hold their global's value there: masks of
 * {@link NativeRegisters#bit}. Any instruction may leave the region, in the state at its start.
 */
final class NativeFlow {
    private final NativeRegisters registers;
    private final Region region;
    private final Map<Block, int[]> masks = new HashMap<>();

    private static final int DIRTY = 0;
    private static final int LIVE = 1;

    NativeFlow(Region region, NativeRegisters registers) {
        this.region = region;
        this.registers = registers;
        for (Block block : region.blocks) {
            masks.put(block, new int[2]);
        }
        for (boolean changed = true; changed; ) {
            changed = false;
            for (Block block : region.blocks) {
                int out = leavesClean(block) ? 0 : dirtyAfter(block);
                for (Block to : block.successors) {
                    int[] mask = of(to);
                    changed |= (out & ~mask[DIRTY]) != 0;
                    mask[DIRTY] |= out;
                }
            }
        }
        List<Block> blocks = region.blocks;
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int b = blocks.size() - 1; b >= 0; b--) {
                int[] mask = of(blocks.get(b));
                int live = liveBefore(blocks.get(b));
                changed |= (live & ~mask[LIVE]) != 0;
                mask[LIVE] |= live;
            }
        }
    }

    private int[] of(Block block) {
        return Objects.requireNonNull(masks.get(block));
    }

    int dirty(Block block) {
        return of(block)[DIRTY];
    }

    int live(Block block) {
        return of(block)[LIVE];
    }

    /** Whether the block's end writes everything back: guest calls, which come back through an entry. */
    static boolean leavesClean(Block block) {
        return switch (block.last().end) {
            case CALL, CALL_INDIRECT, INTERPRET, LEAVE -> true;
            default -> false;
        };
    }

    private int dirtyAfter(Block block) {
        int dirty = dirty(block);
        for (Instruction i : block.instructions) {
            dirty |= sets(i);
        }
        return dirty;
    }

    int sets(Instruction i) {
        int set = 0;
        for (Node n : i.nodes) {
            if (n.op == Op.SET) {
                set |= registers.bit(n.global().slot());
            }
        }
        return set;
    }

    private int liveBefore(Block block) {
        int[] dirtyBefore = new int[block.instructions.size()];
        int dirty = dirty(block);
        for (int i = 0; i < dirtyBefore.length; i++) {
            dirtyBefore[i] = dirty;
            dirty |= sets(block.instructions.get(i));
        }
        int live = dirty;
        if (!leavesClean(block)) {
            for (Block to : block.successors) {
                live |= live(to);
            }
        }
        for (int i = dirtyBefore.length - 1; i >= 0; i--) {
            Node[] nodes = block.instructions.get(i).nodes;
            for (int n = nodes.length - 1; n >= 0; n--) {
                Node node = nodes[n];
                if (node.op == Op.SET) {
                    live &= ~registers.bit(node.global().slot());
                } else if (node.op == Op.GET) {
                    live |= registers.bit(node.global().slot());
                }
            }
            live |= dirtyBefore[i];
        }
        return live;
    }
}
