package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Mem;
import java.util.Arrays;

/** Machine code for guest addresses, and for loads and stores that were checked. */
final class NativeMemory {
    private final NativeValues values;
    private final Assembler asm;
    /** Register with the host address of each checked access, by index; -1 for none. */
    private int[] host = new int[16];
    /** What to add to it. */
    private int[] hostOffset = new int[16];

    NativeMemory(NativeValues values) {
        this.values = values;
        this.asm = values.asm;
    }

    void begin(int count) {
        if (host.length < count) {
            host = new int[count * 2];
            hostOffset = new int[count * 2];
        }
        Arrays.fill(host, -1);
    }

    /** The guest address of an access into a register. */
    void address(Node n, int d) {
        Node a = NativeValues.a(n);
        if (a.type == Type.I32) {
            values.eval(a, d);
            if (n.imm != 0) {
                asm.aluImm(ADD, d, (int) n.imm, false);
            } else {
                asm.mov(d, d, false);
            }
        } else if (a.isConst()) {
            asm.movImm(d, a.imm + n.imm);
        } else if (n.imm == (int) n.imm) {
            int p = values.place(a, false);
            if (p >= 0) {
                asm.lea(d, Mem.at(p, (int) n.imm), true);
            } else {
                values.eval(a, d);
                if (n.imm != 0) {
                    asm.aluImm(ADD, d, (int) n.imm, true);
                }
            }
        } else {
            int t = values.use(a);
            asm.movImm(d, n.imm);
            asm.alu(ADD, d, t, true);
            values.give(t);
        }
    }

    /** The host address of a checked access is {@code offset} bytes behind what is in a register that was taken for it. */
    void checked(Node n, int r, int offset) {
        host[Schedule.index(n)] = r;
        hostOffset[Schedule.index(n)] = offset;
    }

    int hostOf(Node n) {
        int r = host[Schedule.index(n)];
        if (r < 0) {
            throw new NativeValues.TooComplex();
        }
        return r;
    }

    private Mem hostMemory(Node n) {
        return Mem.at(hostOf(n), hostOffset[Schedule.index(n)]);
    }

    /** A checked load's value; its address is given back. */
    void loaded(Node n, int d, boolean wide) {
        int r = hostOf(n);
        Mem from = hostMemory(n);
        int log2 = n.mem().sizeLog2();
        if (!n.mem().bigEndian() || log2 == 0) {
            asm.load(d, from, log2, n.mem().signed(), wide);
        } else {
            asm.load(d, from, log2, false, true);
            asm.bswap(d, true);
            asm.shift(n.mem().signed() ? SAR : SHR, d, 64 - (8 << log2), true);
        }
        values.give(r);
        host[Schedule.index(n)] = -1;
    }

    /** A checked store. */
    void store(Node n) {
        int r = hostOf(n);
        Mem to = hostMemory(n);
        int log2 = n.mem().sizeLog2();
        Node value = NativeValues.b(n);
        if (n.mem().bigEndian() && log2 > 0) {
            int t = values.take();
            values.bits(value, t, Type.I64);
            asm.bswap(t, true);
            if (log2 < 3) {
                asm.shift(SHR, t, 64 - (8 << log2), true);
            }
            asm.store(t, to, log2);
            values.give(t);
        } else if (value.isConst() && log2 >= 2 && NativeValues.isImmediate(value)) {
            asm.storeImm(to, (int) value.imm, log2 == 3);
        } else {
            boolean low = log2 < 3;
            int p = value.isConst() || NativeValues.isFloat(value) ? NativeValues.NONE : values.place(value, low);
            if (p >= 0 && (low || value.type == Type.I64)) {
                asm.store(p, to, log2);
            } else {
                int t = values.take();
                values.bits(value, t, low ? Type.I32 : Type.I64);
                asm.store(t, to, log2);
                values.give(t);
            }
        }
        values.give(r);
    }
}
