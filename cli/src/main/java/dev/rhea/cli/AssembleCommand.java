package dev.rhea.cli;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.abi.ElfExecutable;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code rhea assemble}: a small program or guest, without a cross compiler. */
final class AssembleCommand {
    /** Where Linux programs usually begin on most architectures. */
    private static final long USUAL_ORIGIN = 0x10000;

    private static final String ENTRY = "_start";

    private static final String HELP = """
            usage: rhea assemble ARCH FILE [options]
            Makes an executable of one file of assembly: for 'rhea user', or a guest for 'rhea system -kernel'.
              -o FILE            where to write it; without it a.out
              --origin ADDRESS   of its first byte, a multiple of 4096; without it 0x10000
              --cpu MODEL        assemble only what this model knows, as -cpu has it
              --binary           the bytes alone, not in an ELF file
            It begins at the label _start, or at its first byte where there is none. The syntax is that of GNU as: instructions
            and pseudo-instructions, labels, expressions, and .byte .half .word .dword .ascii .asciz .string .zero .skip
            .balign .equ .set; there are no sections.
            """;

    private @Nullable String architecture;
    private @Nullable Path source;
    private Path output = Path.of("a.out");
    private long origin = USUAL_ORIGIN;
    private @Nullable String cpu;
    private boolean binary;

    /** Runs the command. @return the process's exit status */
    int run(List<String> words) {
        if (words.isEmpty() || List.of("-h", "-help", "--help").contains(words.getFirst())) {
            Messages.output().print(HELP);
            return words.isEmpty() ? 1 : 0;
        }
        try {
            parse(words);
            assemble();
            return 0;
        } catch (UsageError e) {
            Messages.error().println("rhea: assemble: " + e.getMessage());
            return 1;
        }
    }

    private void parse(List<String> words) throws UsageError {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String argument = i + 1 < words.size() ? words.get(i + 1) : null;
            switch (word) {
                case "-o" -> output = Path.of(needed(word, argument));
                case "--origin" -> origin = address(needed(word, argument));
                case "--cpu" -> cpu = needed(word, argument);
                case "--binary" -> {
                    binary = true;
                    continue;
                }
                default -> {
                    positional(word);
                    continue;
                }
            }
            i++;
        }
        if (architecture == null || source == null) {
            throw new UsageError("an architecture and a file are needed; 'rhea assemble -h' says more");
        }
    }

    private void positional(String word) throws UsageError {
        if (word.startsWith("-")) {
            throw new UsageError("there is no option '" + word + "'; 'rhea assemble -h' lists them");
        }
        if (architecture == null) {
            architecture = word;
        } else if (source == null) {
            source = Path.of(word);
        } else {
            throw new UsageError("only one file can be assembled; '" + word + "' is a second one");
        }
    }

    private static String needed(String option, @Nullable String argument) throws UsageError {
        if (argument == null) {
            throw new UsageError("option '" + option + "' needs a value");
        }
        return argument;
    }

    private static long address(String word) throws UsageError {
        try {
            return word.startsWith("0x")
                    ? Long.parseUnsignedLong(word, 2, word.length(), 16)
                    : Long.parseUnsignedLong(word);
        } catch (NumberFormatException e) {
            throw new UsageError("'" + word + "' is no address");
        }
    }

    private void assemble() throws UsageError {
        String name = java.util.Objects.requireNonNull(architecture);
        Path file = java.util.Objects.requireNonNull(source);
        if (!binary && origin % ElfExecutable.PAGE != 0) {
            throw new UsageError("0x" + Long.toHexString(origin) + " is no multiple of " + ElfExecutable.PAGE
                    + ", as an executable's origin must be");
        }
        try {
            Architecture family = new Architectures().find(name);
            Assembler.Program program =
                    family.assembler(name, cpu).assemble(Files.readString(file, StandardCharsets.UTF_8), origin);
            LinuxAbi abi = family.guest(name, null).linux();
            byte[] bytes = program.code();
            if (!binary) {
                long entry = program.labels().getOrDefault(ENTRY, origin);
                bytes = new ElfExecutable(abi.elfMachine(), 0, abi.wordSize(), origin, bytes, entry, program.labels())
                        .bytes();
            }
            Files.write(output, bytes);
            if (!binary && !output.toFile().setExecutable(true)) {
                throw new UsageError("'" + output + "' is written, but could not be made executable");
            }
        } catch (AssemblyException e) {
            throw new UsageError(file + ": " + e.getMessage());
        } catch (Architecture.BadCpu e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            throw new UsageError("there is no file or folder '" + e.getFile() + "'");
        } catch (CharacterCodingException e) {
            throw new UsageError("'" + file + "' is no text in UTF-8");
        } catch (IOException e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        }
    }
}
