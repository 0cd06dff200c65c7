package dev.rhea.engine.interp;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.fp.FpRules;
import dev.rhea.engine.fp.FpState;
import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Globals;
import dev.rhea.engine.ir.Type;
import dev.rhea.engine.ir.Verifier;
import dev.rhea.engine.mmu.Mmu;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * An architecture for tests: an instruction's first byte is the number of a meaning that the test wrote, and its length is
 * what the test wants. Number 0 is illegal.
 */
final class ToyIsa implements Isa {
    static final int ILLEGAL = 2;
    static final int MISALIGNED_READ = 4;
    static final int MISALIGNED_WRITE = 6;

    private record Instruction(int length, Consumer<Builder> meaning) {}

    private final int granule;
    private final Type addressType;
    private final Globals globals = new Globals();
    final Global[] x = globals.addFile("x", 16, Type.I64);
    final Global[] w = globals.addFile("w", 16, Type.I32);
    final Global[] d = globals.addFile("d", 8, Type.F64);
    private final List<Instruction> instructions = new ArrayList<>();

    ToyIsa(int granule, Type addressType) {
        this.granule = granule;
        this.addressType = addressType;
    }

    static ToyIsa wide() {
        return new ToyIsa(4, Type.I64);
    }

    /** Adds an instruction; returns its code, of which only the first byte counts. */
    byte[] insn(int length, Consumer<Builder> meaning) {
        instructions.add(new Instruction(length, meaning));
        var code = new byte[length];
        code[0] = (byte) instructions.size();
        for (int i = 1; i < length; i++) {
            code[i] = (byte) (i * 37);
        }
        return code;
    }

    /** An instruction of the shortest length. */
    byte[] insn(Consumer<Builder> meaning) {
        return insn(granule, meaning);
    }

    byte[] trap(int code) {
        return insn(t -> t.trap(code, null));
    }

    static byte[] join(byte[]... parts) {
        int size = 0;
        for (byte[] part : parts) {
            size += part.length;
        }
        var all = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Override
    public String name() {
        return "toy";
    }

    @Override
    public Globals globals() {
        return globals;
    }

    @Override
    public int granule() {
        return granule;
    }

    @Override
    public int maxLength() {
        return granule == 1 ? 15 : granule == 2 ? 6 : 4;
    }

    @Override
    public Type addressType() {
        return addressType;
    }

    @Override
    public Builder newBuilder() {
        return new Builder();
    }

    @Override
    public int translate(long lo, long hi, int available, int mode, Builder builder) {
        int number = (int) lo & 255;
        if (number == 0 || number > instructions.size()) {
            builder.trap(ILLEGAL, builder.i64(lo & 255));
            return granule;
        }
        Instruction instruction = instructions.get(number - 1);
        if (instruction.length > available) {
            return 0;
        }
        instruction.meaning.accept(builder);
        Verifier.verify(builder.nodes());
        return instruction.length;
    }

    @Override
    public String disassemble(long lo, long hi, int available, int mode, long pc) {
        return "toy " + (lo & 255);
    }

    @Override
    public int misalignedTrap(boolean write) {
        return write ? MISALIGNED_WRITE : MISALIGNED_READ;
    }

    @Override
    public Cpu newCpu(Mmu mmu) {
        return new ToyCpu(this, mmu);
    }

    @Override
    public void copyState(Cpu from, Cpu to) {
        to.copyRegisters(from);
        to.pc = from.pc;
    }

    private static final class ToyCpu extends Cpu {
        ToyCpu(ToyIsa isa, Mmu mmu) {
            super(isa, mmu, new FpState(FpRules.DEFAULT_NAN_AFTER_ROUNDING));
        }
    }
}
