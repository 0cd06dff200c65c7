package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.x64.Assembler;
import dev.rhea.engine.x64.Label;
import dev.rhea.engine.x64.Mem;
import dev.rhea.host.HostProcessor;
import dev.rhea.host.MachineCode;
import java.util.List;

/**
 * How machine code of ours begins and ends: called from Java by {@link MachineCode}, with {@link NativeState} in RBP and the soft
 * TLB in R14.
 */
public final class NativeFrame {
    /** What the code uses beyond the basic set: all processors since about 2013 have it. {@code bin/jvm.sh} looks for the same. */
    private static final List<String> FEATURES = List.of("popcnt", "abm", "bmi1", "fma");

    /** What calls preserve (System V ABI); even in number, with RBP. */
    private static final int[] SAVED = {RBX, RBP, R12, R13, R14, R15};

    private NativeFrame() {}

    /** Whether this host runs machine code of ours. */
    public static boolean available() {
        return HostProcessor.has(FEATURES) && MachineCode.available();
    }

    /** RDI is the state; RSI stays. */
    public static void enter(Assembler asm) {
        for (int r : SAVED) {
            asm.push(r);
        }
        asm.mov(RBP, RDI, true);
        asm.load(R14, NativeState.at(NativeState.TLB), 3, false, true);
    }

    /** To whatever region begins at the guest address in RAX, or where {@link NativeState#GO_ON} says. Uses RCX and RDX. */
    public static void lookup(Assembler asm) {
        index(asm);
        jump(asm);
    }

    /** The same for what had to go to its second place. */
    public static void lookupSecond(Assembler asm) {
        index(asm); // UnitTable.secondIndex
        asm.mov(RCX, RAX, true);
        asm.shift(SHR, RCX, 1, true);
        asm.movImm(RSI, UnitTable.SPREAD & 0xffffffffL);
        asm.imul(RCX, RSI, false);
        asm.shift(SHR, RCX, 32 - UnitTable.BITS, false);
        asm.aluImm(OR, RCX, 1, false);
        asm.alu(XOR, RDX, RCX, false);
        jump(asm);
    }

    /** RDX becomes UnitTable.index of RAX. */
    private static void index(Assembler asm) {
        asm.mov(RDX, RAX, true);
        asm.shift(SHR, RDX, UnitTable.FOLD, true);
        asm.alu(XOR, RDX, RAX, false);
        asm.shift(SHR, RDX, 1, false);
        asm.aluImm(AND, RDX, (1 << UnitTable.BITS) - 1, false);
    }

    private static void jump(Assembler asm) {
        asm.load(RCX, NativeState.at(NativeState.TABLE), 3, false, true);
        asm.jmpMemory(Mem.element(RCX, RDX));
    }

    /** Back to Java; RAX is the result. */
    public static void leave(Assembler asm) {
        var plain = new Label();
        asm.aluImm(CMP, NativeState.at(NativeState.FLOATS), 0, false);
        asm.jcc(EQUAL, plain);
        asm.stmxcsr(NativeState.at(NativeState.MXCSR));
        asm.bind(plain);
        for (int i = SAVED.length - 1; i >= 0; i--) {
            asm.pop(SAVED[i]);
        }
        asm.ret();
    }
}
