package dev.rhea.engine.decode;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an architecture's assembly language has beside its instructions. Immutable. */
public interface Dialect {
    /** Nothing. */
    Dialect PLAIN = new Dialect() {
        @Override
        public @Nullable Long modify(String modifier, long value) {
            return null;
        }

        @Override
        public @Nullable List<String> expand(String mnemonic, AssemblyText operands) {
            return null;
        }
    };

    /**
     * The part of a value that {@code %modifier(value)} stands for: {@code %hi(x)}. Null where there is no such modifier.
     *
     * @throws AssemblyException if it has no such part
     */
    @Nullable
    Long modify(String modifier, long value) throws AssemblyException;

    /**
     * The instructions that a pseudo-instruction stands for. How many they are must not depend on symbols that come later.
     *
     * @param mnemonic its first word
     * @param operands stands before its operands
     * @return lines of assembly, each at an address of its own; null where this is no pseudo-instruction
     * @throws AssemblyException if it is one, with operands that it does not take
     */
    @Nullable
    List<String> expand(String mnemonic, AssemblyText operands) throws AssemblyException;
}
