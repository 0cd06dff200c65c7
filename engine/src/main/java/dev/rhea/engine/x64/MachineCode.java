package dev.rhea.engine.x64;

import java.util.Arrays;

/**
 * Bytes of x86-64 code as they come: the labels in them, jumps to those, and the parts that instructions are encoded of (prefixes, opcode, ModRM,
 * SIB, displacement, immediate), as volume 2, chapter 2 of Intel's manual has them.
 */
public abstract sealed class MachineCode permits Assembler {
    private byte[] code = new byte[4096];
    private int size;

    /** Bytes so far. */
    public final int size() {
        return size;
    }

    /** A copy of the code. */
    public final byte[] code() {
        return Arrays.copyOf(code, size);
    }

    /** Forgets all code, to begin anew. */
    public final void clear() {
        size = 0;
    }

    // ---- labels

    /** The label stands here. */
    public final void bind(Label label) {
        if (label.isBound()) {
            throw new IllegalStateException("the label is bound twice");
        }
        label.at = size;
        for (int i = 0; i < label.count; i++) {
            patch(label.uses[i], size);
        }
    }

    private void patch(int use, int target) {
        int distance = target - (use + 4);
        for (int i = 0; i < 4; i++) {
            code[use + i] = (byte) (distance >> 8 * i);
        }
    }

    /** The way to a label from behind these four bytes, now or once it is bound. */
    final void distance(Label label) {
        if (label.isBound()) {
            imm32(label.at - (size + 4));
        } else {
            label.use(size);
            imm32(0);
        }
    }

    // ---- jumps

    public final void jmp(Label to) {
        put(0xe9);
        distance(to);
    }

    public final void jcc(int condition, Label to) {
        put(0x0f);
        put(0x80 | condition);
        distance(to);
    }

    /** Out of this code, to a place {@code offset} bytes from its start. */
    public final void jmp(int offset) {
        put(0xe9);
        imm32(offset - (size + 4));
    }

    /** Out of this code, to a place {@code offset} bytes from its start. */
    public final void jcc(int condition, int offset) {
        put(0x0f);
        put(0x80 | condition);
        imm32(offset - (size + 4));
    }

    // ---- encoding

    final void register(boolean wide, int opcode, int reg, int rm) {
        rex(wide, reg, 0, rm, false);
        put(opcode);
        put(0xc0 | (reg & 7) << 3 | rm & 7);
    }

    final void register2(boolean wide, int index, int opcode, int reg, int rm) {
        rex(wide, reg, index, rm, false);
        put(0x0f);
        put(opcode);
        put(0xc0 | (reg & 7) << 3 | rm & 7);
    }

    final void memory(boolean wide, int opcode, int reg, Mem m) {
        rex(wide, reg, Math.max(m.index(), 0), m.base(), false);
        put(opcode);
        modrm(reg, m);
    }

    final void memory2(boolean wide, int opcode, int reg, Mem m) {
        rex(wide, reg, Math.max(m.index(), 0), m.base(), false);
        put(0x0f);
        put(opcode);
        modrm(reg, m);
    }

    /** @param forced because a byte register is meant that only exists with the prefix */
    final void rex(boolean wide, int reg, int index, int base, boolean forced) {
        int prefix = (wide ? 8 : 0) | reg >> 3 << 2 | index >> 3 << 1 | base >> 3;
        if (prefix != 0 || forced) {
            put(0x40 | prefix);
        }
    }

    final void modrm(int reg, Mem m) {
        int base = m.base() & 7;
        int disp = m.displacement();
        // RBP and R13 as a base have no form without displacement.
        int mode = disp == 0 && base != 5 ? 0 : disp == (byte) disp ? 1 : 2;
        boolean sib = m.index() >= 0 || base == 4;
        put(mode << 6 | (reg & 7) << 3 | (sib ? 4 : base));
        if (sib) {
            put((m.index() >= 0 ? m.scale() << 6 | (m.index() & 7) << 3 : 4 << 3) | base);
        }
        if (mode == 1) {
            put(disp);
        } else if (mode == 2) {
            imm32(disp);
        }
    }

    final void imm32(int value) {
        put(value);
        put(value >> 8);
        put(value >> 16);
        put(value >> 24);
    }

    final void put(int b) {
        if (size == code.length) {
            code = Arrays.copyOf(code, size * 2);
        }
        code[size++] = (byte) b;
    }
}
