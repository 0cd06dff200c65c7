package dev.rhea.engine.log;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.cpu.Exit;
import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Type;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@code -d exec} and {@code -d cpu}: runs stretch by stretch, and tells before each where it begins. */
public final class ExecutionLog {
    private static final int IN_A_LINE = 4;

    private final Log log;
    private final Engine engine;
    private final UnaryOperator<String> names;
    private final int wordSize;

    /**
     * @param names what a register is called, by its name in the manual
     * @param wordSize bytes of an address
     */
    public ExecutionLog(Log log, Engine engine, UnaryOperator<String> names, int wordSize) {
        this.log = log;
        this.engine = engine;
        this.names = names;
        this.wordSize = wordSize;
    }

    /**
     * As {@link Engine#run}.
     *
     * @param thread the number of the thread in its process, or of the processor in its machine; 0 for the first
     */
    public Exit run(Cpu cpu, int thread) {
        while (true) {
            if (log.covers(cpu.pc)) {
                log.write(before(cpu, thread));
            }
            Exit exit = engine.runStretch(cpu);
            if (exit != null) {
                return exit;
            }
        }
    }

    private StringBuilder before(Cpu cpu, int thread) {
        StringBuilder s = new StringBuilder();
        if (log.has(LogItem.EXEC)) {
            // The reference's line; what it says of its own memory and flags has no counterpart here.
            s.append("Trace ").append(thread).append(": 0x0 [");
            Log.hex16(s, 0).append('/');
            Log.hex16(s, cpu.pc).append("/00000000/00000000] \n");
        }
        if (log.has(LogItem.CPU)) {
            word(s.append(" pc       "), cpu.pc).append('\n');
            registers(s, cpu, null);
            if (log.has(LogItem.FPU)) {
                registers(s, cpu, Type.F64);
            }
        }
        return s;
    }

    /** @param type floating-point registers, or null for those that hold integers */
    private void registers(StringBuilder s, Cpu cpu, @Nullable Type type) {
        int n = 0;
        for (Global register : cpu.isa.globals().all()) {
            boolean integer = register.type() == Type.I64 || register.type() == Type.I32;
            if (type == null ? !integer : register.type() != type) {
                continue;
            }
            String name = names.apply(register.name());
            s.append(' ').append(name).append(" ".repeat(Math.max(1, 9 - name.length())));
            if (type == null) {
                word(s, cpu.r[register.slot()]);
            } else {
                Log.hex16(s, cpu.r[register.slot()]);
            }
            if (++n % IN_A_LINE == 0) {
                s.append('\n');
            }
        }
        if (n % IN_A_LINE != 0) {
            s.append('\n');
        }
    }

    /** As many digits as an address has. */
    private StringBuilder word(StringBuilder s, long value) {
        if (wordSize == 8) {
            return Log.hex16(s, value);
        }
        int from = s.length() + 8;
        Log.hex16(s, value & 0xFFFF_FFFFL);
        return s.delete(from - 8, from);
    }
}
