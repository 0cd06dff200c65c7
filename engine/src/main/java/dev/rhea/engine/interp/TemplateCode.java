package dev.rhea.engine.interp;

import static dev.rhea.engine.jit.NativeTemplate.D_REGISTER;
import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.jit.NativeFrame;
import dev.rhea.engine.jit.NativeState;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;

/**
 * What the pieces of {@link TemplateLoop} have in common: how they take words apart, go on to others, and end. Between them RBX
 * is the word, R12 its address, R15 the instructions left in the slice, R11 the table of pieces; and as in regions RBP is {@link
 * NativeState} with the guest's registers, R14 the soft TLB.
 */
abstract class TemplateCode {
    /** Bits of a word above its immediate. */
    static final int ABOVE = 12;

    final Assembler asm;
    final boolean narrow;
    final int shift;
    /** Of the guest instruction, in bytes of words. */
    int length;

    TemplateCode(Assembler asm, Isa isa) {
        this.asm = asm;
        narrow = isa.addressType() == Type.I32;
        shift = CodeStore.shift(isa);
    }

    // ---- state, and out

    final void out(int exit) {
        store(R12, NativeState.WORD);
        asm.store(R15, NativeState.at(NativeState.LEFT), 2);
        asm.movImm(RAX, exit);
        NativeFrame.leave(asm);
    }

    final void load(int r, int slot) {
        asm.load(r, NativeState.at(slot), 3, false, true);
    }

    final void store(int r, int slot) {
        asm.store(r, NativeState.at(slot), 3);
    }

    // ---- fields of the word

    final void slotA(int r) {
        asm.secondByte(RAX, RBX);
        asm.load(r, Mem.element(RBP, RAX), 3, false, true);
    }

    final void slot(int r, int bit) {
        if (bit == 0) {
            asm.extend(RAX, RBX, 0, false, false);
        } else {
            asm.mov(RAX, RBX, false);
            asm.shift(SHR, RAX, bit, false);
            if (bit < 24) {
                asm.extend(RAX, RAX, 0, false, false);
            }
        }
        asm.load(r, Mem.element(RBP, RAX), 3, false, true);
    }

    final void immediate(int r, int bits) {
        asm.mov(r, RBX, true);
        asm.shift(SHL, r, ABOVE, true);
        asm.shift(SAR, r, 64 - bits, true);
    }

    /** Writes slot d. */
    final void result() {
        asm.extend(RAX, RBX, 0, false, false);
        asm.store(D_REGISTER, Mem.element(RBP, RAX), 3);
    }

    /** The address of this instruction. */
    final void pc(int r) {
        asm.mov(r, R12, true);
        asm.shift(SAR, r, shift, true);
        asm.alu(ADD, r, NativeState.at(NativeState.BIAS), true);
    }

    /** Leaves the next instruction's address in slot d. */
    final void link() {
        asm.lea(D_REGISTER, Mem.at(R12, length), true);
        asm.shift(SAR, D_REGISTER, shift, true);
        asm.alu(ADD, D_REGISTER, NativeState.at(NativeState.BIAS), true);
        if (narrow) {
            asm.movsxd(D_REGISTER, D_REGISTER);
        }
        asm.extend(RCX, RBX, 0, false, false);
        asm.store(D_REGISTER, Mem.element(RBP, RCX), 3);
    }

    // ---- on to another word

    final void next() {
        asm.aluImm(ADD, R12, length, true);
        asm.aluImm(SUB, R15, 1, false);
        dispatch();
    }

    final void dispatch() {
        asm.load(RBX, Mem.at(R12, 0), 3, false, true);
        asm.mov(RAX, RBX, true);
        asm.shift(SHR, RAX, 64 - ABOVE, true);
        asm.jmpMemory(Mem.element(R11, RAX));
    }

    /** Goes to the word for the address in RAX, if the fetch cache has its page: see {@link InterpreterState#entry}. */
    final void place(Label elsewhere) {
        asm.mov(RCX, RAX, true);
        asm.shift(SHR, RCX, InterpreterState.INDEX_SHIFT, true);
        asm.aluImm(AND, RCX, (int) InterpreterState.INDEX_MASK, false);
        asm.alu(ADD, RCX, NativeState.at(NativeState.FETCH), true);
        asm.mov(RDX, RAX, true);
        asm.aluImm(AND, RDX, (int) Mmu.PAGE_MASK, true);
        asm.alu(OR, RDX, NativeState.at(NativeState.MODE), true);
        asm.alu(CMP, RDX, Mem.at(RCX, 0), true);
        asm.jcc(NOT_EQUAL, elsewhere);
        asm.mov(R12, RAX, false);
        asm.aluImm(AND, R12, (int) ~Mmu.PAGE_MASK, false);
        asm.shift(SHL, R12, shift, false);
        asm.aluImm(AND, R12, -8, false);
        asm.alu(ADD, R12, Mem.at(RCX, InterpreterState.WORDS), true);
        asm.mov(RCX, R12, true);
        asm.shift(SAR, RCX, shift, true);
        asm.alu(SUB, RAX, RCX, true);
        store(RAX, NativeState.BIAS);
    }
}
