package dev.rhea.engine.abi;

import dev.rhea.engine.cpu.Isa;
import dev.rhea.engine.decode.Assembler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An architecture family as those see it who only know a name that a user gave: the command line, tests, embedders. Its
 * module {@code provides} an implementation with a public constructor; {@link java.util.ServiceLoader} finds it.
 */
public interface Architecture {
    /** The names this family answers to: {@code riscv64}, {@code riscv32}. */
    List<String> names();

    /** The CPU models of {@code name}, in the order in which {@code -cpu help} lists them. */
    List<String> cpuModels(String name);

    /**
     * A CPU model with its features chosen.
     *
     * @param name one of {@link #names}
     * @param cpu what {@code -cpu} says: {@code model[,+feature][,-feature][,feature=on|off]...}; null for the default
     * @throws BadCpu whose message is a sentence in the reference's words: {@code unable to find CPU model 'x'}
     */
    Guest guest(String name, @Nullable String cpu) throws BadCpu;

    /**
     * An assembler of the instructions of all privilege levels.
     *
     * @param name one of {@link #names}
     * @param cpu as in {@link #guest}: what it cannot do is not assembled; null for every extension there is
     */
    Assembler assembler(String name, @Nullable String cpu) throws BadCpu;

    /**
     * What user mode needs to run programs.
     *
     * @param isa the CPU model
     * @param linux its Linux ABI
     */
    record Guest(Isa isa, LinuxAbi linux) {}

    /** The user asked for a CPU model or a feature that there is not. */
    final class BadCpu extends Exception {
        private static final long serialVersionUID = 1;

        public BadCpu(String message) {
            super(message);
        }
    }
}
