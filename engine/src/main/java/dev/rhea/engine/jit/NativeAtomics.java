package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;
import java.util.Objects;

/**
 * Machine code for atomic accesses of 4 and 8 bytes, whose page and alignment were checked: the host's locked instructions,
 * sequentially consistent whatever less was asked for. See {@link dev.rhea.engine.interp} for what a reservation is.
 */
final class NativeAtomics {
    private final NativeValues values;
    private final Assembler asm;

    NativeAtomics(NativeValues values) {
        this.values = values;
        this.asm = values.asm;
    }

    /** An access whose page was checked; keeps its value. */
    void access(Node n) {
        boolean wide = n.mem().size() == 8;
        int h = values.memory.hostOf(n);
        switch (n.op) {
            case CAS -> compareAndSwap(n, h, wide);
            case LOAD_EXCLUSIVE -> loadExclusive(n, h, wide);
            case STORE_EXCLUSIVE -> storeExclusive(n, h, wide);
            default -> modify(n, h, wide);
        }
    }

    private void loadExclusive(Node n, int h, boolean wide) {
        int address = values.take();
        values.memory.address(n, address);
        asm.load(h, Mem.at(h, 0), wide ? 3 : 2, true, true);
        asm.store(address, NativeState.at(NativeState.RESERVED_ADDRESS), 3);
        asm.store(h, NativeState.at(NativeState.RESERVED_VALUE), 3);
        asm.storeImm(NativeState.at(NativeState.RESERVED_SIZE), n.mem().size(), true);
        values.give(address);
        values.keepIn(n, h);
        values.give(h);
    }

    private void storeExclusive(Node n, int h, boolean wide) {
        var done = new Label();
        int at = outOfRax(h);
        int value = values.take();
        values.bits(NativeValues.b(n), value, wide ? Type.I64 : Type.I32);
        int address = values.take();
        values.memory.address(n, address);
        asm.movImm(RCX, 1);
        asm.alu(CMP, address, NativeState.at(NativeState.RESERVED_ADDRESS), true);
        asm.jcc(NOT_EQUAL, done);
        asm.aluImm(CMP, NativeState.at(NativeState.RESERVED_SIZE), n.mem().size(), true);
        asm.jcc(NOT_EQUAL, done);
        asm.load(RAX, NativeState.at(NativeState.RESERVED_VALUE), 3, false, true);
        asm.lockCmpxchg(Mem.at(at, 0), value, wide);
        asm.setcc(NOT_EQUAL, RCX);
        asm.bind(done);
        asm.storeImm(NativeState.at(NativeState.RESERVED_SIZE), 0, true);
        values.give(address);
        values.give(value);
        values.give(at);
        values.keepIn(n, RCX);
        values.give(h);
    }

    private void modify(Node n, int h, boolean wide) {
        Mem at = Mem.at(h, 0);
        int v = values.take();
        values.eval(NativeValues.b(n), v);
        switch (n.mem().atomic()) {
            case ADD -> {
                asm.lockXadd(at, v, wide);
                result(n, v, wide);
            }
            case SWAP -> {
                asm.xchg(at, v, wide);
                result(n, v, wide);
            }
            default -> loop(n, h, v, wide);
        }
        values.give(v);
        values.give(h);
    }

    /** The address out of RAX, which is where {@code cmpxchg} compares; whoever has RAX otherwise is too complex. */
    private int outOfRax(int h) {
        if (h != RAX) {
            throw new NativeValues.TooComplex();
        }
        int other = values.take();
        asm.mov(other, RAX, true);
        return other;
    }

    private void compareAndSwap(Node n, int h, boolean wide) {
        int at = outOfRax(h);
        int expected = values.take();
        int value = values.take();
        values.eval(NativeValues.b(n), expected);
        values.eval(Objects.requireNonNull(n.c), value);
        asm.mov(RAX, expected, wide);
        asm.lockCmpxchg(Mem.at(at, 0), value, wide);
        result(n, RAX, wide);
        values.give(value);
        values.give(expected);
        values.give(at);
        values.give(h);
    }

    /** Reads, computes and swaps until nobody came in between. */
    private void loop(Node n, int h, int v, boolean wide) {
        int address = outOfRax(h);
        Mem at = Mem.at(address, 0);
        var again = new Label();
        asm.load(RAX, at, wide ? 3 : 2, false, wide);
        asm.bind(again);
        asm.mov(RCX, RAX, wide);
        switch (n.mem().atomic()) {
            case AND -> asm.alu(AND, RCX, v, wide);
            case OR -> asm.alu(OR, RCX, v, wide);
            case XOR -> asm.alu(XOR, RCX, v, wide);
            default -> {
                asm.alu(CMP, v, RCX, wide);
                asm.cmov(
                        switch (n.mem().atomic()) {
                            case MINS -> LESS;
                            case MAXS -> NOT_LESS;
                            case MINU -> BELOW;
                            default -> NOT_BELOW;
                        },
                        RCX,
                        v,
                        wide);
            }
        }
        asm.lockCmpxchg(at, RCX, wide);
        asm.jcc(NOT_EQUAL, again);
        result(n, RAX, wide);
        values.give(address);
    }

    /** What was found, sign-extended where the value is wider. */
    private void result(Node n, int r, boolean wide) {
        if (!wide && n.type == Type.I64) {
            asm.movsxd(r, r);
        }
        values.keepIn(n, r);
    }
}
