package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Executables made to break their loader, and random code: a clear error or the right signal, never a crash or a hang. */
class HostileProgramsTest {
    /** How many random programs a run tries; {@code -Drhea.hostile} says otherwise. */
    private static final int CHILDREN = Integer.getInteger("rhea.hostile", 10_000);

    /** Of the random programs: {@code -Drhea.seed} says otherwise. */
    private static final String SEED = System.getProperty("rhea.seed", "20250101");

    private static final int SIGKILL = 128 + 9;
    private static final int SIGSEGV = 128 + 11;

    private static final int E_TYPE = 16;
    private static final int E_MACHINE = 18;
    private static final int E_ENTRY = 24;
    private static final int E_PHOFF = 32;
    private static final int E_PHENTSIZE = 54;
    private static final int E_PHNUM = 56;
    private static final int PH = 64;
    private static final int P_TYPE = PH;
    private static final int P_OFFSET = PH + 8;
    private static final int P_VADDR = PH + 16;
    private static final int P_FILESZ = PH + 32;
    private static final int P_MEMSZ = PH + 40;
    private static final int P_ALIGN = PH + 48;
    private static final int SECOND = 56;
    private static final int CODE = 0x100;
    private static final long BASE = 0x10000;

    @TempDir
    static Path folder;

    /** A static ELF64 program with two segments that exits with 42. */
    private static ByteBuffer program() {
        ByteBuffer b = ByteBuffer.allocate(0x120).order(ByteOrder.LITTLE_ENDIAN);
        b.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        b.putShort(E_TYPE, (short) 2).putShort(E_MACHINE, (short) 243).putInt(20, 1);
        b.putLong(E_ENTRY, BASE + CODE).putLong(E_PHOFF, PH);
        b.putShort(52, (short) 64).putShort(E_PHENTSIZE, (short) 56).putShort(E_PHNUM, (short) 2);
        for (int i = 0; i < 2; i++) {
            int at = i * SECOND;
            b.putInt(P_TYPE + at, 1).putInt(PH + 4 + at, i == 0 ? 5 : 6).putLong(P_OFFSET + at, 0);
            b.putLong(P_VADDR + at, BASE + i * 0x10000L).putLong(P_VADDR + 8 + at, BASE + i * 0x10000L);
            b.putLong(P_FILESZ + at, 0x120).putLong(P_MEMSZ + at, 0x120).putLong(P_ALIGN + at, 0x1000);
        }
        // li a0, 42; li a7, 93; ecall
        b.putInt(CODE, 0x02a00513).putInt(CODE + 4, 0x05d00893).putInt(CODE + 8, 0x00000073);
        return b;
    }

    private static final Map<String, Consumer<ByteBuffer>> DAMAGE = new LinkedHashMap<>();

    static {
        DAMAGE.put("an empty file", b -> b.limit(0));
        DAMAGE.put("only the magic number", b -> b.limit(4));
        DAMAGE.put("a header cut short", b -> b.limit(40));
        DAMAGE.put("program headers cut short", b -> b.limit(PH + 20));
        DAMAGE.put("code cut off", b -> b.limit(CODE));
        DAMAGE.put("the wrong class", b -> b.put(4, (byte) 1));
        DAMAGE.put("no class at all", b -> b.put(4, (byte) 77));
        DAMAGE.put("the wrong byte order", b -> b.put(5, (byte) 2));
        DAMAGE.put("another machine", b -> b.putShort(E_MACHINE, (short) 62));
        DAMAGE.put("a relocatable file", b -> b.putShort(E_TYPE, (short) 1));
        DAMAGE.put("a core file", b -> b.putShort(E_TYPE, (short) 4));
        DAMAGE.put("program headers far outside", b -> b.putLong(E_PHOFF, Long.MAX_VALUE - 8));
        DAMAGE.put("program headers at a negative offset", b -> b.putLong(E_PHOFF, -64));
        DAMAGE.put("no program headers", b -> b.putShort(E_PHNUM, (short) 0));
        DAMAGE.put("65535 program headers", b -> b.putShort(E_PHNUM, (short) -1));
        DAMAGE.put("program headers of size 1", b -> b.putShort(E_PHENTSIZE, (short) 1));
        DAMAGE.put("a segment larger than memory", b -> b.putLong(P_MEMSZ, 1L << 62));
        DAMAGE.put("a segment of negative size", b -> b.putLong(P_MEMSZ, -1).putLong(P_FILESZ, -1));
        DAMAGE.put("a segment larger in the file than in memory", b -> b.putLong(P_MEMSZ, 16));
        DAMAGE.put("a segment past the end of the file", b -> b.putLong(P_OFFSET + SECOND, 1L << 40));
        DAMAGE.put(
                "a segment that wraps around",
                b -> b.putLong(P_VADDR + SECOND, -0x1000L).putLong(P_MEMSZ + SECOND, 0x3000));
        DAMAGE.put("a segment at a kernel's address", b -> b.putLong(P_VADDR + SECOND, 0xffff_ffc0_0000_0000L));
        DAMAGE.put("a segment at address 0", b -> b.putLong(P_VADDR + SECOND, 0));
        DAMAGE.put("segments that overlap", b -> b.putLong(P_VADDR + SECOND, BASE));
        DAMAGE.put("an alignment of 3", b -> b.putLong(P_ALIGN, 3));
        DAMAGE.put("an offset that does not fit its address", b -> b.putLong(P_OFFSET + SECOND, 0x33));
        DAMAGE.put("a huge zero-filled segment", b -> b.putLong(P_MEMSZ + SECOND, 1L << 36));
        DAMAGE.put("an entry that is not mapped", b -> b.putLong(E_ENTRY, 0x7777_7770L));
        DAMAGE.put("an odd entry", b -> b.putLong(E_ENTRY, BASE + CODE + 1));
        DAMAGE.put("an entry in data", b -> b.putLong(E_ENTRY, BASE + 0x10000 + CODE));
        DAMAGE.put("an entry at the top of memory", b -> b.putLong(E_ENTRY, -2));
        DAMAGE.put("an interpreter without an end", b -> b.putInt(P_TYPE + SECOND, 3));
        DAMAGE.put(
                "an interpreter of a gigabyte",
                b -> b.putInt(P_TYPE + SECOND, 3).putLong(P_FILESZ + SECOND, 1 << 30));
        DAMAGE.put(
                "thread-local storage past everything",
                b -> b.putInt(P_TYPE + SECOND, 7).putLong(P_FILESZ + SECOND, -1));
    }

    private static Stream<String> damages() {
        return DAMAGE.keySet().stream();
    }

    private static Path write(String name, ByteBuffer image) throws IOException {
        Path file = folder.resolve(name.replace(' ', '-'));
        byte[] bytes = new byte[image.limit()];
        image.position(0).get(bytes);
        Files.write(file, bytes);
        file.toFile().setExecutable(true);
        return file;
    }

    private static Outcome run(Path file) {
        Outcome outcome = Rhea.user(Rhea.Tiers.DEFAULT, List.of(file.toString()))
                .in(folder)
                .run();
        assertThat(outcome.error())
                .as("a host's failure shows")
                .doesNotContain("Exception", "\tat ", "SIGSEGV (0xb)", "Internal Error", "OutOfMemory");
        return outcome;
    }

    @Test
    void theUndamagedProgramRuns() throws IOException {
        assertThat(run(write("undamaged", program())).status()).isEqualTo(42);
    }

    @ParameterizedTest(name = "{0} ends in a clear error or a signal")
    @MethodSource("damages")
    void aDamagedProgramEndsInAClearErrorOrASignal(String damage) throws IOException {
        ByteBuffer image = program();
        Objects.requireNonNull(DAMAGE.get(damage)).accept(image);
        Outcome outcome = run(write(damage, image));
        // 42: some damage leaves the program able to run, as it does on Linux.
        assertThat(outcome.status()).isIn(1, 42, SIGSEGV, SIGKILL, 128 + 4, 128 + 7);
        if (outcome.status() == 1) {
            assertThat(outcome.error().strip()).isNotEmpty().hasLineCount(1);
        }
    }

    @Test
    void aProgramThatIsItsOwnInterpreterEnds() throws IOException {
        ByteBuffer image = program();
        Path file = folder.resolve("own-interpreter");
        byte[] name = (file + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        ByteBuffer larger = ByteBuffer.allocate(0x120 + name.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(image.array())
                .put(name);
        larger.putInt(P_TYPE + SECOND, 3).putLong(P_OFFSET + SECOND, 0x120).putLong(P_FILESZ + SECOND, name.length);
        assertThat(run(write("own-interpreter", larger.limit(larger.capacity())))
                        .status())
                .isIn(1, 42, SIGSEGV);
    }

    @Test
    void aDirectoryAndAMissingFileAreNamed() {
        assertThat(run(folder).status()).isEqualTo(1);
        Outcome missing = run(folder.resolve("missing"));
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.error()).contains("missing").contains("No such file or directory");
    }

    @ParameterizedTest(name = "random code ends by its own fault, tiers {0}, whatever code lies around it: {1}")
    @CsvSource({"DEFAULT, -O1", "INTERPRETER, -O2", "NATIVE, -O0", "NATIVE, -O2", "REGIONS, -O1"})
    void randomCodeEndsByItsOwnFault(Rhea.Tiers tiers, String layout) {
        int count = tiers == Rhea.Tiers.DEFAULT ? CHILDREN : CHILDREN / 30;
        Outcome outcome = Rhea.user(tiers, List.of(compile("hostile", layout), SEED, "" + count))
                .in(folder)
                .run();
        assertThat(outcome.output())
                .as("-Drhea.seed=%s: %s", SEED, outcome.error())
                .isEqualTo(count + " children ended, in several ways\n");
        assertThat(outcome.error()).doesNotContain("Exception", "\tat ");
    }

    @Test
    void randomSystemCallsEndInErrorsAndSignals() {
        int count = CHILDREN / 20;
        Outcome outcome = Rhea.user(Rhea.Tiers.DEFAULT, List.of(compile("wildcalls", "-O1"), SEED, "" + count))
                .in(folder)
                .run();
        assertThat(outcome.output())
                .as("-Drhea.seed=%s: %s", SEED, outcome.error())
                .startsWith(count + " children ended");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.error()).doesNotContain("Exception", "\tat ");
    }

    /** A program of {@code guest-c}, compiled. */
    private static String compile(String name, String optimisation) {
        Path program = folder.resolve(name + optimisation);
        Outcome compiled = Command.of(
                        Guests.compiler().toString(),
                        optimisation,
                        "-static",
                        Rhea.HOME
                                .resolve("it/src/test/guest-c")
                                .resolve(name + ".c")
                                .toString(),
                        "-o",
                        program.toString())
                .run();
        assertThat(compiled.status()).as(compiled.error()).isZero();
        return program.toString();
    }
}
