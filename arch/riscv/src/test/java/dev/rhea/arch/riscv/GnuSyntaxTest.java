package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rhea.engine.decode.Disassembler;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows' bits and syntax against GNU binutils, where they are installed (Debian: binutils-riscv64-linux-gnu). */
class GnuSyntaxTest {
    private static final String AS = "riscv64-linux-gnu-as";
    private static final String OBJDUMP = "riscv64-linux-gnu-objdump";

    /** Groups that binutils 2.40 does not know. */
    private static final List<String> UNKNOWN = List.of(
            "Zicond", "Zacas", "Zcb", "Zfa", "Zvbb", "Zvkb", "Zvbc", "Zvkg", "Zvkned", "Zvknhb", "Zvksed", "Zvksh");

    /** Conversions that never round: binutils 2.40 knows them with the mode 0 only, and does not write it. */
    private static final List<String> EXACT = List.of("fcvt.d.w", "fcvt.d.wu", "fcvt.d.s", "fcvt.s.h", "fcvt.d.h");

    private static final String EXTENSIONS =
            "imafdcv_zicbom_zicbop_zicboz_zicsr_zifencei_zihintpause_zawrs_zfh_zba_zbb_zbc_zbkb_zbkc_zbkx_zbs"
                    + "_zknd_zkne_zknh_zksed_zksh";

    private static final Pattern LINE = Pattern.compile("^\\s*([0-9a-f]+):\\s+([0-9a-f]+)\\s+(.*)$");

    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void everyRowIsWrittenAsGnuWritesIt(int xlen, @TempDir Path directory) throws IOException, InterruptedException {
        assumeTrue(run(directory, OBJDUMP, "--version") == 0, OBJDUMP + " is not installed");
        Riscv isa = RandomWords.everything(xlen);
        List<Insn> insns = new ArrayList<>();
        var random = new SplittableRandom(5);
        for (Row<RiscvBuilder> row : isa.table().rows()) {
            // c.nop is an alias to binutils
            if (!UNKNOWN.contains(row.group()) && !row.mnemonic().equals("c.nop")) {
                for (Insn insn : RandomWords.of(isa, row, 12, random)) {
                    // reserved bits of fences are instructions to the manual, not to binutils
                    Insn plain = new Insn(row, insn.bits() & ~RandomWords.unwrittenBits(row));
                    if (!isNamedOtherwise(plain) && (!EXACT.contains(row.mnemonic()) || plain.get("rm") == 0)) {
                        insns.add(plain);
                    }
                }
            }
        }
        var source = new StringBuilder();
        for (Insn insn : insns) {
            source.append(".insn ")
                    .append(insn.length())
                    .append(", 0x")
                    .append(Long.toHexString(insn.bits()))
                    .append('\n');
        }
        Files.writeString(directory.resolve("rows.s"), source);
        assertThat(run(directory, AS, "-march=rv" + xlen + EXTENSIONS, "-o", "rows.o", "rows.s"))
                .isZero();
        assertThat(run(directory, OBJDUMP, "-d", "-M", "no-aliases", "rows.o")).isZero();
        List<String> wrong = new ArrayList<>();
        int next = 0;
        var disassembler = new Disassembler(isa.operands());
        for (String line : Files.readAllLines(directory.resolve("output"))) {
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                Insn insn = insns.get(next++);
                long pc = Long.parseLong(m.group(1), 16);
                assertThat(Long.parseLong(m.group(2), 16)).isEqualTo(insn.bits());
                String theirs = gnu(m.group(3));
                String ours = ours(disassembler.print(insn, pc).replace(" ", ""), insn);
                if (insn.row().group().equals("Zicsr") && ours.contains(",0x")) {
                    // registers that user-level code cannot reach have no names here
                    ours = ours.replaceFirst(",[^,]+", ",csr");
                    theirs = theirs.replaceFirst(",[^,]+", ",csr");
                }
                if (!ours.equals(theirs)) {
                    wrong.add(String.format(
                            "%08x %s: ours %s, GNU's %s",
                            insn.bits(), insn.row().group(), ours, theirs));
                }
            }
        }
        assertThat(next).isEqualTo(insns.size());
        assertThat(wrong).isEmpty();
    }

    /** Hints with names of their own to binutils: {@code pause}, and compressed shifts by nothing. */
    private static boolean isNamedOtherwise(Insn insn) {
        return switch (insn.row().mnemonic()) {
            case "fence" -> insn.bits() == 0x0100000f;
            case "c.slli", "c.srli", "c.srai" -> insn.get("shamt") == 0;
            default -> false;
        };
    }

    /** Where the two differ on purpose, as GNU has it. */
    private static String ours(String text, Insn insn) {
        if (insn.row().syntax().endsWith(":pc}")) {
            return text.replaceFirst("0x([0-9a-f]+)$", "$1");
        }
        if (insn.row().mnemonic().equals("fence")) {
            return text.replace("fence0,", "fenceunknown,").replaceFirst(",0$", ",unknown");
        }
        return EXACT.contains(insn.row().mnemonic()) ? text.replace(",rne", "") : text;
    }

    /** Without spaces, comments and names of symbols. */
    private static String gnu(String text) {
        return text.replaceAll("\\s+#.*$", "").replaceAll("\\s+<.*>$", "").replaceAll("\\s+", "");
    }

    private static int run(Path directory, String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 127;
        }
    }
}
