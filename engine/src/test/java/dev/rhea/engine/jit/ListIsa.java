package dev.rhea.engine.jit;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.fp.FpRules;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.mmu.Mmu;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * An architecture without encodings: an instruction is four bytes that number an entry of a list of meanings, which tests
 * write as they need them.
 */
final class ListIsa implements Isa {
    static final int ILLEGAL = 2;

    private final Globals globals = new Globals();
    /** 64-bit integers. */
    final Global[] x = globals.addFile("x", 16, Type.I64);
    /** 32-bit integers. */
    final Global[] w = globals.addFile("w", 8, Type.I32);

    final Global[] d = globals.addFile("d", 8, Type.F64);

    private final List<Consumer<Builder>> meanings = new ArrayList<>();

    /** Adds an instruction. @return its bits */
    int add(Consumer<Builder> meaning) {
        meanings.add(meaning);
        return meanings.size();
    }

    /** The code of a program: adds each meaning in turn. */
    @SafeVarargs
    final byte[] program(Consumer<Builder>... program) {
        var code = new byte[program.length * 4];
        for (int i = 0; i < program.length; i++) {
            int bits = add(program[i]);
            for (int k = 0; k < 4; k++) {
                code[i * 4 + k] = (byte) (bits >>> 8 * k);
            }
        }
        return code;
    }

    @Override
    public String name() {
        return "list";
    }

    @Override
    public Globals globals() {
        return globals;
    }

    @Override
    public int granule() {
        return 4;
    }

    @Override
    public int maxLength() {
        return 4;
    }

    @Override
    public Type addressType() {
        return Type.I64;
    }

    @Override
    public Builder newBuilder() {
        return new Builder();
    }

    @Override
    public int translate(long lo, long hi, int available, int mode, Builder builder) {
        int bits = (int) lo;
        if (bits <= 0 || bits > meanings.size()) {
            builder.trap(ILLEGAL, builder.i64(bits));
        } else {
            meanings.get(bits - 1).accept(builder);
        }
        return 4;
    }

    @Override
    public int misalignedTrap(boolean store) {
        return store ? 6 : 4;
    }

    @Override
    public String disassemble(long lo, long hi, int available, int mode, long pc) {
        return "insn " + (int) lo;
    }

    @Override
    public Cpu newCpu(Mmu mmu) {
        return new Cpu(this, mmu, new FpState(FpRules.DEFAULT_NAN_AFTER_ROUNDING)) {};
    }

    @Override
    public void copyState(Cpu from, Cpu to) {
        to.copyRegisters(from);
        to.pc = from.pc;
    }
}
