package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rhea.engine.abi.ElfExecutable;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pseudo-instructions: against GNU binutils where they are installed, and what li leaves in a register. */
class DialectTest {
    private static final String TEXT = """
            start:
                nop
                li a0, 5
                li a1, -2048
                li a2, 0x12345678
                li a3, 0x7ffff800
                mv a0, a1
                not a0, a1
                neg a0, a1
                seqz a0, a1
                snez a0, a1
                sltz a0, a1
                sgtz a0, a1
            1:  beqz a0, 1b
                bnez a0, 1f
                blez a0, 1b
                bgez a0, start
                bltz a0, end
                bgtz a0, end
            1:  bgt a0, a1, 1b
                ble a0, a1, end
                bgtu a0, a1, end
                bleu a0, a1, end
                j end
                jal end
                jr a0
                jalr a0
                ret
                call start
                tail end
                la a0, data
                lla a1, start
                fence
                sfence.vma
                sfence.vma a0
                csrr a0, sstatus
                csrw stvec, a0
                csrs sie, a0
                csrc sip, a0
                csrwi sscratch, 3
                csrsi sstatus, 2
                csrci sstatus, 2
                rdcycle a0
                rdtime a0
                rdinstret a0
                fmv.s fa0, fa1
                fabs.d fa0, fa1
                fneg.d fa0, fa1
                negw a0, a1
                sext.w a0, a1
                lui a0, %hi(0x12345fff)
                addi a0, a0, %lo(0x12345fff)
                lw a0, (1 + 2) * 4(sp)
            end:
                .balign 8
            data:
                .dword start, end - start, 'x'
                .ascii "a\\tb"
            """;

    private static Assembler assembler(int xlen) throws Exception {
        return new RiscvArchitecture().assembler("riscv" + xlen, null);
    }

    @Test
    void theyBecomeWhatGnuMakesOfThem(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("x.s"), ".globl start\n.option norvc\n.option norelax\n" + TEXT);
        assumeTrue(run(folder, "riscv64-linux-gnu-as", "-march=rv64gc", "-o", "x.o", "x.s") == 0, "no binutils");
        assertThat(run(
                        folder,
                        "riscv64-linux-gnu-ld",
                        "--no-relax",
                        "-Ttext=0x10000",
                        "-e",
                        "start",
                        "-o",
                        "x.elf",
                        "x.o"))
                .isZero();
        assertThat(run(folder, "riscv64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", "x.elf", "x"))
                .isZero();
        byte[] theirs = Files.readAllBytes(folder.resolve("x"));
        byte[] ours = assembler(64).assemble(TEXT, 0x10000).code();
        for (int at = 0; at < ours.length; at += 4) {
            assertThat(java.util.Arrays.copyOfRange(ours, at, at + 4))
                    .as("0x%x", at)
                    .isEqualTo(java.util.Arrays.copyOfRange(theirs, at, at + 4));
        }
    }

    private static int run(Path folder, String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return 127;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void liLoadsEveryConstant(int xlen) throws Exception {
        Assembler assembler = assembler(xlen);
        var random = new SplittableRandom(7);
        for (int i = 0; i < 2000; i++) {
            long value = random.nextLong() >> random.nextInt(64) << random.nextInt(64);
            value = i == 0 ? Long.MAX_VALUE : i == 1 ? Long.MIN_VALUE : i == 2 ? 0 : value;
            value = xlen == 32 ? (int) value : value;
            byte[] code = assembler.assemble("li a0, " + value, 0).code();
            assertThat(loaded(code)).as("li a0, %d", value).isEqualTo(value);
        }
    }

    /** What lui, addi, addiw and slli leave in their one register. */
    private static long loaded(byte[] code) {
        long value = 0;
        for (int at = 0; at < code.length; at += 4) {
            int word = java.nio.ByteBuffer.wrap(code)
                    .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                    .getInt(at);
            value = switch (word & 0x707f) {
                case 0x13 -> ((word >> 15 & 31) == 0 ? 0 : value) + (word >> 20);
                case 0x1b -> (int) (value + (word >> 20));
                case 0x1013 -> value << (word >> 20 & 63);
                default -> {
                    assertThat(word & 0x7f).isEqualTo(0x37);
                    yield word & 0xfffff000;
                }
            };
        }
        return value;
    }

    @Test
    void addressesThatAreTooFarAndConstantsThatAreUnknownAreRefused() throws Exception {
        Assembler assembler = assembler(64);
        assertThatThrownBy(() -> assembler.assemble("la a0, 0x100000000", 0)).hasMessageContaining("more than 32 bits");
        assertThatThrownBy(() -> assembler.assemble("li a0, later\nlater:", 0)).hasMessageContaining("known here");
        assertThatThrownBy(() -> assembler.assemble("lui a0, 0x100000", 0))
                .hasMessageContaining("does not fit 20 bits");
        Assembler narrow = assembler(32);
        assertThatThrownBy(() -> narrow.assemble("li a0, 0x100000000", 0)).hasMessageContaining("more than 32 bits");
        assertThatThrownBy(() -> narrow.assemble("sext.w a0, a1", 0)).isInstanceOf(AssemblyException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 64})
    void binutilsReadTheExecutable(int xlen, @TempDir Path folder) throws Exception {
        Assembler.Program program = assembler(xlen).assemble("nop\n_start: ret", 0x10000);
        byte[] file = new ElfExecutable(243, 0, xlen / 8, 0x10000, program.code(), 0x10004, program.labels()).bytes();
        Files.write(folder.resolve("x"), file);
        Path output = folder.resolve("output");
        int status;
        try {
            status = new ProcessBuilder("readelf", "-h", "-l", "-s", "-W", "x")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            status = 127;
        }
        assumeTrue(status == 0, "no readelf");
        assertThat(Files.readString(output))
                .containsPattern("Entry point address: +0x10004")
                .containsPattern("LOAD +0x001000 0x0*10000 0x0*10000 0x0*8 0x0*8 RWE 0x1000")
                .containsPattern("0*10004 .* GLOBAL .* _start")
                .doesNotContain("Warning")
                .doesNotContain("Error");
    }
}
