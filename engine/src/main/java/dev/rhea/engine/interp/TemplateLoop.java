package dev.rhea.engine.interp;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.jit.NativeFlags;
import dev.rhea.engine.jit.NativeFrame;
import dev.rhea.engine.jit.NativeState;
import dev.rhea.engine.jit.Unit;
import dev.rhea.engine.x64.Assembler;
import dev.rhea.host.CodeMemory;
import dev.rhea.host.MachineCode;
import dev.rhea.host.RawMemory;
import org.jspecify.annotations.Nullable;

/**
 * The loop over micro-operations as machine code: a piece of code for each operation and length, made by {@link Templates} when
 * it is first met. Each ends by loading the next word and jumping through a table of such pieces, so that the host's processor
 * predicts what follows each of them by itself, and need not have decoded the length to know where the next word is.
 */
final class TemplateLoop implements Loop, AutoCloseable {
    /** Room for every piece of the usual lengths; costs what is used. */
    private static final long BYTES = 1 << 20;

    /** No piece is larger. */
    private static final int MOST = 1024;

    private static final int FORMS = 1 << 12;

    /** What the machine code returns besides {@link Loop}'s answers: the word at {@link NativeState#WORD} has no piece yet. */
    private static final int MISSING = 5;

    private final CodeMemory memory;
    private final Templates templates;
    private final long enter;
    private final long enterRegion;
    private final long leaveRegion;
    private final long missing;
    private final long rare;
    private int used = FORMS * 8;

    private TemplateLoop(Isa isa, CodeMemory memory) {
        this.memory = memory;
        var asm = new Assembler();
        templates = new Templates(asm, isa);
        templates.enter();
        enter = memory.executable() + place(asm);
        templates.enterRegion();
        enterRegion = memory.executable() + place(asm);
        templates.leaveRegion();
        leaveRegion = memory.executable() + place(asm);
        templates.leave(MISSING);
        missing = memory.executable() + place(asm);
        templates.leave(RARE);
        rare = memory.executable() + place(asm);
        for (int form = 0; form < FORMS; form++) {
            put(form, missing);
        }
    }

    /** Null where this host runs no machine code of ours. */
    static @Nullable TemplateLoop create(Isa isa) {
        if (!NativeFrame.available()) {
            return null;
        }
        CodeMemory memory = CodeMemory.reserve(BYTES);
        return memory == null ? null : new TemplateLoop(isa, memory);
    }

    @Override
    public int run(Cpu cpu, InterpreterState s, long stop) {
        return run(cpu, s, stop, enter, 0);
    }

    /** The same from a region on, whose machine code is for {@link InterpreterState#target}. */
    int enter(Cpu cpu, InterpreterState s, long stop, long code) {
        return run(cpu, s, stop, enterRegion, code);
    }

    private int run(Cpu cpu, InterpreterState s, long stop, long from, long argument) {
        long[] state = cpu.r;
        state[NativeState.WORD] = s.cp;
        state[NativeState.BIAS] = s.bias;
        state[NativeState.LEFT] = s.left;
        state[NativeState.STOP] = stop;
        state[NativeState.FETCH] = s.fetch;
        state[NativeState.MODE] = cpu.mode;
        state[NativeState.TARGET] = s.target;
        state[NativeState.BASE] = s.base;
        state[NativeState.PIECES] = memory.executable();
        state[NativeState.TABLE] = cpu.units.codeAddresses();
        state[NativeState.GO_ON] = leaveRegion;
        int exit = call(cpu, from, argument);
        while (exit == MISSING) {
            make(MicroOp.form(RawMemory.getLong(state[NativeState.WORD])));
            exit = call(cpu, enter, 0);
        }
        s.cp = state[NativeState.WORD];
        s.bias = state[NativeState.BIAS];
        s.left = (int) state[NativeState.LEFT];
        s.target = state[NativeState.TARGET];
        s.base = (int) state[NativeState.BASE];
        Unit.countStraddle(cpu);
        return exit;
    }

    private static int call(Cpu cpu, long from, long argument) {
        NativeFlags.give(cpu);
        int exit = (int) MachineCode.call(from, cpu.r, argument);
        NativeFlags.take(cpu);
        return exit;
    }

    /** Makes the piece for an operation of a length, unless somebody has. */
    private synchronized void make(int form) {
        if (RawMemory.getLong(memory.writable() + form * 8L) == missing) {
            put(
                    form,
                    used + MOST < memory.bytes() && templates.make(form)
                            ? memory.executable() + place(templates.asm)
                            : rare);
        }
    }

    private void put(int form, long code) {
        RawMemory.putLong(memory.writable() + form * 8L, code);
    }

    /** Puts what was assembled behind the code that is there. @return its offset */
    private int place(Assembler asm) {
        int at = used;
        byte[] code = asm.code();
        RawMemory.copyIn(code, 0, memory.writable() + at, code.length);
        used = at + code.length + 15 & -16;
        return at;
    }

    /** No processor runs any more. */
    @Override
    public void close() {
        memory.close();
    }
}
