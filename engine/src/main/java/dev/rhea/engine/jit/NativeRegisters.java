package dev.rhea.engine.jit;

import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.x64.Assembler;
import java.util.Arrays;

/**
 * Which guest registers a region keeps in which of the host's: those it uses most, for the whole region, so that nothing has to
 * be moved at its inner edges. The others stay in memory, where x86 instructions reach them as operands.
 */
final class NativeRegisters {
    private static final int[] GENERAL = {
        Assembler.RBX, Assembler.R8, Assembler.R9, Assembler.R10, Assembler.R11, Assembler.R12, Assembler.R13
    };
    private static final int FIRST_XMM = 6;
    private static final int XMM_COUNT = 10;

    /** How much more a use counts for each loop it is in. */
    private static final int LOOP_WEIGHT = 8;

    /** Below this a load at the entry and a store at the exit cost what they save. */
    private static final int WORTH = 3;

    private final int[] register = new int[256];
    private final int[] number = new int[256];
    private final Global[] globals = new Global[GENERAL.length + XMM_COUNT];
    private int count;

    /** Globals that are where somebody put them. */
    NativeRegisters(Global[] placed, int[] hosts) {
        Arrays.fill(register, -1);
        for (int i = 0; i < placed.length; i++) {
            enter(placed[i], hosts[i]);
        }
    }

    NativeRegisters(Region region) {
        Arrays.fill(register, -1);
        int[] weight = new int[256];
        var byslot = new Global[256];
        for (Block block : region.blocks) {
            int w = block.inLoop ? LOOP_WEIGHT : 1;
            for (Instruction i : block.instructions) {
                for (Node n : i.nodes) {
                    if (n.op == Op.GET || n.op == Op.SET) {
                        weight[n.global().slot()] += w;
                        byslot[n.global().slot()] = n.global();
                    }
                }
            }
        }
        int general = 0;
        int floats = 0;
        for (; ; ) {
            int best = -1;
            for (int slot = 0; slot < weight.length; slot++) {
                if (weight[slot] >= WORTH && (best < 0 || weight[slot] > weight[best])) {
                    best = slot;
                }
            }
            if (best < 0) {
                break;
            }
            weight[best] = 0;
            Global global = byslot[best];
            if (global.type() == Type.F64) {
                if (floats < XMM_COUNT) {
                    enter(global, FIRST_XMM + floats++);
                }
            } else if (global.type() != Type.V128 && general < GENERAL.length) {
                enter(global, GENERAL[general++]);
            }
        }
    }

    private void enter(Global global, int host) {
        register[global.slot()] = host;
        number[global.slot()] = count;
        globals[count++] = global;
    }

    /** The host's register of a global, or -1: general, or XMM where the global is a float. */
    int of(int slot) {
        return register[slot];
    }

    /** Bit of a global in masks of registers; 0 where it has none. */
    int bit(int slot) {
        return register[slot] < 0 ? 0 : 1 << number[slot];
    }

    /** How many have registers. */
    int count() {
        return count;
    }

    /** The global with a bit's number. */
    Global global(int number) {
        return globals[number];
    }
}
