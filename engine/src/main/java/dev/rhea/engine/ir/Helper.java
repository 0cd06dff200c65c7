package dev.rhea.engine.ir;

import dev.rhea.engine.cpu.Cpu;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A piece of meaning too large for operations: a Java method with a contract. What must be written back before the call
 * and read again after it follows from {@link #effects} and from nothing else.
 */
public final class Helper {
    /** What a helper may do besides computing its value. */
    public enum Effect {
        /** Throws {@link dev.rhea.engine.cpu.GuestFault}; {@link Cpu#pc} is then this instruction's. */
        MAY_FAULT,
        /** Reads globals in {@link Cpu#r}. */
        READS_STATE,
        /** Writes globals in {@link Cpu#r}. */
        WRITES_STATE,
        /** What comes after must go through the execution loop (mode, mapping or code may have changed). */
        ENDS_BLOCK,
        /** Asks {@link Cpu#count}: is left to the interpreter, which knows. */
        COUNTS,
        /** Has a value or effect of its own that forbids dropping, repeating or moving it (a counter, a CSR, memory). */
        IMPURE
    }

    /** The method. I32 arguments and results are sign-extended, floats are their bits (F32 NaN-boxed), absent arguments 0. */
    @FunctionalInterface
    public interface Code {
        long call(Cpu cpu, long a, long b, long c);
    }

    private final String name;
    private final @Nullable Type result;
    private final EnumSet<Effect> effects;
    private final Code code;

    private Helper(String name, @Nullable Type result, EnumSet<Effect> effects, Code code) {
        this.name = name;
        this.result = result;
        this.effects = effects;
        this.code = code;
    }

    /** A function of its arguments alone. */
    public static Helper pure(String name, Type result, Code code) {
        return new Helper(name, result, EnumSet.noneOf(Effect.class), code);
    }

    /** A helper with effects; {@code result} null means no value. */
    public static Helper of(String name, @Nullable Type result, Code code, Effect first, Effect... rest) {
        return new Helper(name, result, EnumSet.of(first, rest), code);
    }

    public String name() {
        return name;
    }

    public @Nullable Type result() {
        return result;
    }

    public Set<Effect> effects() {
        return effects;
    }

    public boolean has(Effect effect) {
        return effects.contains(effect);
    }

    /** Whether equal arguments always give equal values and nothing else happens. */
    public boolean isPure() {
        return effects.isEmpty();
    }

    public Code code() {
        return code;
    }

    @Override
    public String toString() {
        return name + effects;
    }
}
