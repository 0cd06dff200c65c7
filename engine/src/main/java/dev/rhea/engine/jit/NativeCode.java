package dev.rhea.engine.jit;

import static dev.rhea.engine.x64.Assembler.*;

import dev.rhea.engine.x64.Assembler;
import dev.rhea.host.CodeMemory;
import dev.rhea.host.MachineCode;
import dev.rhea.host.RawMemory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The machine code of an engine: where it is, how it is entered and left. Code is only added; what is dropped is no longer
 * found, and its bytes stay, since somebody may be in them, until there is no room and {@link #clear} begins anew.
 */
final class NativeCode implements AutoCloseable {
    /** Some 20,000 regions; costs what is used. */
    private static final long BYTES = 64L << 20;

    /** No region is larger. */
    static final int MOST = 1 << 18;

    /**
     * Offsets of code that all regions share, from the start of the code that jumps there.
     *
     * @param out where {@link NativeState#GO_ON} says, with the next guest address in RAX
     * @param lookup to whatever is translated for the guest address in RAX
     */
    record Stubs(int out, int lookup) {}

    private final CodeMemory memory;
    private final Assembler asm = new Assembler();
    private final long enter;
    private final int out;
    private final int java;
    private final int lookup;
    /** Where regions begin. */
    private final int regions;

    private int used;

    private NativeCode(CodeMemory memory) {
        this.memory = memory;
        enter = memory.executable();
        enter();
        out = asm.size();
        asm.jmpMemory(NativeState.at(NativeState.GO_ON));
        java = asm.size();
        leave();
        lookup = asm.size();
        NativeFrame.lookup(asm);
        place();
        regions = used;
    }

    /** Null where this host runs no machine code of ours. */
    static @Nullable NativeCode create() {
        return create(BYTES);
    }

    /** The same with {@code bytes} of memory, a multiple of 4096 and more than one region needs. */
    static @Nullable NativeCode create(long bytes) {
        if (!NativeFrame.available()) {
            return null;
        }
        CodeMemory memory = CodeMemory.reserve(bytes);
        return memory == null ? null : new NativeCode(memory);
    }

    // ---- shared code

    /** Called from Java: RDI is the state, RSI the code to run. */
    private void enter() {
        NativeFrame.enter(asm);
        asm.load(R15, NativeState.at(NativeState.BUDGET), 2, false, false);
        asm.load(RAX, NativeState.at(NativeState.PC), 3, false, true);
        asm.jmpRegister(RSI);
    }

    private void leave() {
        asm.store(R15, NativeState.at(NativeState.BUDGET), 2);
        NativeFrame.leave(asm);
    }

    /** Puts what was assembled behind the code that is there. @return its offset */
    private int place() {
        int at = used;
        byte[] code = asm.code();
        RawMemory.copyIn(code, 0, memory.writable() + at, code.length);
        used = at + code.length + 15 & -16;
        return at;
    }

    /** Where a {@link UnitTable} leads what it does not know. */
    long outAddress() {
        return memory.executable() + out;
    }

    // ---- regions

    /** Forgets all regions. Nobody can find one any more, nor is in one. */
    void clear() {
        used = regions;
    }

    /** Whether there is room for one more region. */
    boolean hasRoom() {
        return used + MOST < memory.bytes();
    }

    /** Code of a region. @param units by entry, the region's own first @param size bytes of machine code */
    record Made(List<Unit> units, int size) {}

    /**
     * Makes machine code. On the translator's thread.
     *
     * @param apart whether accesses share no checks
     */
    Made compile(Region region, boolean apart) {
        Set<Long> tooComplex = new HashSet<>();
        while (true) {
            asm.clear();
            var emitter = new NativeEmitter(asm, region, new Stubs(out - used, lookup - used), tooComplex, apart);
            try {
                emitter.emit();
                return install(emitter, region);
            } catch (NativeValues.TooComplex e) {
                tooComplex.add(emitter.current);
            }
        }
    }

    private Made install(NativeEmitter emitter, Region region) {
        int at = place();
        List<Unit> made = new ArrayList<>();
        for (NativeEmitter.Entry entry : emitter.entries) {
            var unit = new NativeUnit(
                    entry.pc(), this, memory.executable() + at + entry.label().offset());
            if (entry.pc() == region.entry) {
                made.addFirst(unit);
            } else {
                made.add(unit);
            }
        }
        return new Made(made, used - at);
    }

    // ---- running

    /** Runs regions only. */
    long call(long[] state, long code) {
        state[NativeState.GO_ON] = memory.executable() + java;
        return MachineCode.call(enter, state, code);
    }

    /** No processor runs any more. */
    @Override
    public void close() {
        memory.close();
    }
}
