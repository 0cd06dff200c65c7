package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Engine;
import dev.rhea.engine.decode.Field;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random instructions of the floating-point and vector extensions, on the reference (qemu-riscv64, or what
 * -Drhea.reference names; built with riscv64-linux-gnu-gcc) and here: registers, CSRs, memory and faults have to be equal.
 * Skipped where one of the two is not installed.
 */
class LockstepTest {
    private static final long SEED = Long.getLong("rhea.seed", System.nanoTime());
    private static final int CASES = Integer.getInteger("rhea.cases", 400);
    private static final int INSTRUCTIONS = Integer.getInteger("rhea.instructions", 12);
    private static final String ONLY = System.getProperty("rhea.only", "");
    private static final String REFERENCE = System.getProperty("rhea.reference", "qemu-riscv64");
    private static final Engine.Tiers TIERS = Engine.Tiers.valueOf(System.getProperty("rhea.tiers", "INTERPRETER"));

    @TempDir
    Path scratch;

    @Test
    void floatingPointDoesWhatTheReferenceDoes() throws IOException, InterruptedException {
        compare(
                List.of("max", "rv64,Zfh=true"),
                Riscv.of(64, Extensions.GC.with(Extension.ZFH)),
                List.of("F", "D", "Zfh", "Zfhmin"),
                INSTRUCTIONS);
    }

    @Test
    void additionalFloatingPointDoesWhatTheReferenceDoes() throws IOException, InterruptedException {
        // one at a time: the reference forgets the flags of a rounding whose result the next instruction overwrites
        compare(List.of("max"), Riscv.of(64, Extensions.GC.with(Extension.ZFH, Extension.ZFA)), List.of("Zfa"), 1);
    }

    @Test
    void vectorsDoWhatTheReferenceDoes() throws IOException, InterruptedException {
        compare(
                List.of("max"),
                Riscv.of(64, Extensions.GC.with(Extension.V, Extension.ZVFH)),
                List.of("V"),
                INSTRUCTIONS);
    }

    @Test
    void vectorBitManipulationAndCiphersDoWhatTheReferenceDoes() throws IOException, InterruptedException {
        Extensions extensions = Extensions.GC.with(
                Extension.V, Extension.ZVBB, Extension.ZVKNC, Extension.ZVKNG, Extension.ZVKNHA, Extension.ZVKS);
        compare(
                List.of("max"),
                Riscv.of(64, extensions),
                List.of("Zvbb", "Zvkb", "Zvbc", "Zvkg", "Zvkned", "Zvknhb", "Zvksed", "Zvksh"),
                INSTRUCTIONS);
    }

    private static String program(String name) {
        Path given = Path.of(name);
        if (given.isAbsolute()) {
            return Files.isExecutable(given) ? name : "";
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path file = Path.of(directory, name);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return "";
    }

    private void compare(List<String> models, Riscv isa, List<String> groups, int instructions)
            throws IOException, InterruptedException {
        String reference = program(REFERENCE);
        String compiler = program("riscv64-linux-gnu-gcc");
        Assumptions.assumeFalse(
                reference.isEmpty() || compiler.isEmpty(), "needs qemu-riscv64 and riscv64-linux-gnu-gcc");
        Path source = scratch.resolve("lockstep.c");
        try (InputStream in = LockstepTest.class.getResourceAsStream("lockstep.c")) {
            Files.write(source, Objects.requireNonNull(in).readAllBytes());
        }
        Path driver = scratch.resolve("lockstep");
        Assumptions.assumeTrue(
                execute(
                                List.of(
                                        compiler,
                                        "-O2",
                                        "-static",
                                        "-Wl,--no-relax",
                                        "-fno-stack-protector",
                                        "-o",
                                        driver.toString(),
                                        source.toString()),
                                new byte[0])
                        != null,
                "the cross compiler has no static C library");
        boolean vector = isa.extensions().has(Extension.V);
        var random = new Random(SEED);
        List<byte[]> pages = new ArrayList<>();
        List<int[]> codes = new ArrayList<>();
        var generator = new Generator(isa, groups, random);
        for (int n = 0; n < CASES; n++) {
            pages.add(generator.page());
            codes.add(generator.instructions(instructions));
        }
        List<String> command = List.of();
        for (int n = 0; n < models.size() && command.isEmpty(); n++) {
            List<String> attempt = List.of(reference, "-cpu", models.get(n), driver.toString());
            command = execute(attempt, new byte[0]) == null ? List.of() : attempt;
        }
        Assumptions.assumeFalse(command.isEmpty(), reference + " knows none of " + models);
        byte[] theirs = execute(command, input(pages, codes, vector, CASES));
        if (theirs == null) {
            throw new AssertionError(
                    "the reference gave up: " + Files.readString(scratch.resolve("errors")) + "; -Drhea.seed=" + SEED);
        }
        int stride = 4096 + 24;
        assertThat(theirs.length).isEqualTo(CASES * stride);
        int wrong = mismatch(isa, pages, codes, vector, theirs);
        if (wrong >= 0) {
            throw new AssertionError(shrink(isa, pages, codes, vector, command, wrong));
        }
    }

    /** The first case that differs, or -1. */
    private static int mismatch(Riscv isa, List<byte[]> pages, List<int[]> codes, boolean vector, byte[] theirs) {
        try (var ours = new Lockstep(isa, TIERS)) {
            for (int n = 0; n < pages.size(); n++) {
                byte[] mine = ours.run(pages.get(n), Lockstep.code(codes.get(n), vector));
                if (difference(mine, theirs, n) >= 0) {
                    return n;
                }
            }
        }
        return -1;
    }

    private static final int COMPARED_FROM = 2048 + Lockstep.OUT;

    /** The first byte that differs among the stored registers and the hashes, or -1. */
    private static int difference(byte[] mine, byte[] theirs, int n) {
        int base = n * mine.length;
        for (int i = COMPARED_FROM; i < COMPARED_FROM + Lockstep.LENGTH; i++) {
            if (mine[i] != theirs[base + i]) {
                return i;
            }
        }
        for (int i = 4096; i < mine.length; i++) {
            if (mine[i] != theirs[base + i]) {
                return i;
            }
        }
        return -1;
    }

    /** Cuts the wrong case to the first instruction that shows the difference, and describes it. */
    private String shrink(
            Riscv isa, List<byte[]> pages, List<int[]> codes, boolean vector, List<String> command, int wrong)
            throws IOException, InterruptedException {
        int[] all = codes.get(wrong);
        List<byte[]> p = new ArrayList<>(pages.subList(0, wrong));
        List<int[]> c = new ArrayList<>(codes.subList(0, wrong));
        for (int length = 1; length <= all.length; length++) {
            List<byte[]> pp = new ArrayList<>(p);
            List<int[]> cc = new ArrayList<>(c);
            pp.add(pages.get(wrong));
            cc.add(java.util.Arrays.copyOf(all, length));
            byte[] theirs = Objects.requireNonNull(execute(command, input(pp, cc, vector, wrong + 1)));
            byte[] mine = new byte[0];
            try (var ours = new Lockstep(isa, TIERS)) {
                for (int n = 0; n <= wrong; n++) {
                    mine = ours.run(pp.get(n), Lockstep.code(cc.get(n), vector));
                }
            }
            if (difference(mine, theirs, wrong) >= 0) {
                return describe(isa, pages.get(wrong), all, length, mine, theirs, wrong);
            }
        }
        return "case " + wrong + " differs, but not when cut; -Drhea.seed=" + SEED + " -Drhea.cases=" + CASES;
    }

    private static String describe(
            Riscv isa, byte[] page, int[] code, int length, byte[] mine, byte[] theirs, int wrong) {
        var out = new StringBuilder("-Drhea.seed=" + SEED + "L case " + wrong + ":\n");
        for (int i = 0; i < length; i++) {
            Insn insn = isa.table().decode(code[i] & 0xffffffffL, 32);
            out.append(String.format(
                    "  %08x %s%n", code[i], insn == null ? "?" : insn.row().syntax()));
        }
        var before = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        var a = ByteBuffer.wrap(mine).order(ByteOrder.LITTLE_ENDIAN);
        var b = ByteBuffer.wrap(theirs, wrong * mine.length, mine.length)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN);
        int in = 2048 + Lockstep.IN;
        for (int i = 0; i < Lockstep.LENGTH; i += 8) {
            long x = before.getLong(in + i);
            long y = a.getLong(COMPARED_FROM + i);
            long z = b.getLong(COMPARED_FROM + i);
            if (y != z || i >= Lockstep.VTYPE || Boolean.getBoolean("rhea.verbose")) {
                out.append(y != z ? "! " : "  ")
                        .append(name(i))
                        .append(String.format(" before %016x ours %016x theirs %016x%n", x, y, z));
            }
        }
        out.append(String.format(
                "faults %x %x buffer %x %x last address %x %x",
                a.getLong(4096), b.getLong(4096), a.getLong(4104), b.getLong(4104), a.getLong(4112), b.getLong(4112)));
        return out.toString();
    }

    private static String name(int offset) {
        return switch (offset) {
            case Lockstep.VTYPE -> "vtype";
            case Lockstep.VL -> "vl";
            case Lockstep.FCSR -> "fcsr";
            case Lockstep.VCSR -> "vcsr";
            case Lockstep.VSTART -> "vstart";
            default ->
                offset < 256
                        ? "x" + offset / 8
                        : offset < 512 ? "f" + (offset - 256) / 8 : "v" + (offset - 512) / 16 + "." + (offset / 8 & 1);
        };
    }

    private static byte[] input(List<byte[]> pages, List<int[]> codes, boolean vector, int count) throws IOException {
        var out = new ByteArrayOutputStream();
        for (int n = 0; n < count; n++) {
            byte[] code = Lockstep.code(codes.get(n), vector);
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(4096)
                    .putInt(code.length)
                    .array());
            out.write(pages.get(n));
            out.write(code);
        }
        return out.toByteArray();
    }

    /** A program's output, or null if it fails. */
    private byte[] execute(List<String> command, byte[] input) throws IOException, InterruptedException {
        Path in = scratch.resolve("input");
        Path out = scratch.resolve("output");
        Files.write(in, input);
        Process process = new ProcessBuilder(command)
                .redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(scratch.resolve("errors").toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(command + " does not end");
        }
        return process.exitValue() == 0 ? Files.readAllBytes(out) : null;
    }

    /** Random states and instructions. */
    private static final class Generator {
        private final Random random;
        private final List<Row<RiscvBuilder>> rows = new ArrayList<>();
        private final boolean vector;
        /** Of these, the reference moves 64 bits at a time, which shows in vstart at the edge of the buffer. */
        private static final Pattern WHOLE_REGISTERS = Pattern.compile("v[ls]\\dr.*");

        private static final int CLEAR_VSTART = 0x00805073;

        Generator(Riscv isa, List<String> groups, Random random) {
            this.random = random;
            this.vector = isa.extensions().has(Extension.V);
            for (Row<RiscvBuilder> row : isa.table().rows()) {
                if (groups.contains(row.group())
                        && row.length() == 4
                        && row.mnemonic().startsWith(ONLY)
                        && !row.mnemonic()
                                .equals("vsetvl")) { // a random vtype has bits of extensions that the reference has
                    rows.add(row);
                }
            }
        }

        byte[] page() {
            var b = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
            int in = 2048 + Lockstep.IN;
            for (int x = 1; x < 29; x++) {
                b.putLong(in + 8 * x, random.nextInt(3) == 0 ? random.nextInt(40) - 8 : value());
            }
            b.putLong(in + 8 * 29, Lockstep.BUFFER + Lockstep.BUFFER_SIZE - random.nextInt(300));
            b.putLong(in + 8 * 30, Lockstep.BUFFER + 0x8000 + random.nextInt(64));
            for (int f = 0; f < 32; f++) {
                b.putLong(in + Lockstep.F + 8 * f, value());
            }
            for (int i = 0; i < 512; i += 8) {
                b.putLong(in + Lockstep.V + i, value());
            }
            b.putLong(in + Lockstep.VTYPE, vtype());
            b.putLong(in + Lockstep.VL, random.nextInt(4) == 0 ? -1 : random.nextInt(40));
            int frm = random.nextInt(40) == 0 ? 5 + random.nextInt(3) : random.nextInt(3) == 0 ? random.nextInt(5) : 0;
            b.putLong(in + Lockstep.FCSR, frm << 5 | (random.nextBoolean() ? 1 : 0));
            b.putLong(in + Lockstep.VCSR, random.nextInt(8));
            return b.array();
        }

        private int vtype() {
            if (random.nextInt(30) == 0) {
                return random.nextInt(256);
            }
            int sew = random.nextInt(4);
            int lmul = random.nextInt(7) - 3;
            return random.nextInt(4) << 6 | sew << 3 | Math.max(lmul, sew - 3) & 7;
        }

        /** 64 bits that may be one double, two floats, four halves or integers, special more often than not. */
        private long value() {
            return switch (random.nextInt(8)) {
                case 0 -> random.nextLong();
                case 1 -> 0xffffffff00000000L | f32();
                case 2 -> f64();
                case 3 -> (long) f32() << 32 | f32() & 0xffffffffL;
                case 4 -> -0x10000L | f16();
                case 5 -> (long) f16() << 48 | (long) f16() << 32 | f16() << 16 | f16();
                case 6 -> random.nextLong() >> random.nextInt(64);
                default ->
                    new long[] {
                                0,
                                -1,
                                1,
                                Long.MIN_VALUE,
                                Long.MAX_VALUE,
                                0x8080808080808080L,
                                0x7f7f7f7f7f7f7f7fL,
                                0x0001000100010001L
                            }
                            [random.nextInt(8)];
            };
        }

        private long f64() {
            int exponent = random.nextInt(3) == 0
                    ? random.nextInt(2048)
                    : random.nextInt(3) == 0
                            ? new int[] {0, 1, 2046, 2047}[random.nextInt(4)]
                            : 1019 + random.nextInt(70);
            return (random.nextBoolean() ? 1L << 63 : 0)
                    | (long) exponent << 52
                    | random.nextLong() >>> 12 & -1L << random.nextInt(53);
        }

        private int f32() {
            int exponent = random.nextInt(3) == 0
                    ? random.nextInt(256)
                    : random.nextInt(3) == 0 ? new int[] {0, 1, 254, 255}[random.nextInt(4)] : 123 + random.nextInt(40);
            return (random.nextBoolean() ? 1 << 31 : 0)
                    | exponent << 23
                    | random.nextInt() >>> 9 & -1 << random.nextInt(24);
        }

        private int f16() {
            return (random.nextBoolean() ? 1 << 15 : 0)
                    | random.nextInt(32) << 10
                    | random.nextInt(1024) & -1 << random.nextInt(11);
        }

        int[] instructions(int count) {
            var code = new int[count];
            for (int n = 0; n < code.length; n++) {
                code[n] = vector && random.nextInt(8) == 0
                        ? 0xc0007057 | vtype() << 20 | random.nextInt(32) << 15 | (1 + random.nextInt(28)) << 7
                        : instruction();
                if (vector && n > 0 && (code[n] & 0x5f) == 0x07) {
                    code[n - 1] = CLEAR_VSTART; // the reference dies of a failed assertion where vstart is beyond vl
                }
            }
            return code;
        }

        private int instruction() {
            while (true) {
                Row<RiscvBuilder> row = rows.get(random.nextInt(rows.size()));
                long bits = row.encoding().match();
                boolean memory = (bits & 0x5f) == 0x07;
                // groups of registers are aligned more often than chance would have it
                int alignment = random.nextInt(3) == 0 ? -1 : -(1 << random.nextInt(4));
                boolean reduceBias = random.nextInt(3) == 0;
                for (Field field : row.encoding().fields()) {
                    bits |= field.insert(operand(row, field, memory, alignment, reduceBias));
                }
                if (row.legal().test(new Insn(row, bits)) || random.nextInt(20) == 0) {
                    return (int) bits;
                }
            }
        }

        private long operand(Row<RiscvBuilder> row, Field field, boolean memory, int alignment, boolean masked) {
            String name = field.name();
            boolean x = !row.syntax().contains("{" + name + ":");
            return switch (name) {
                case "rd" -> x ? random.nextInt(29) : random.nextInt(32);
                case "rs1" ->
                    memory
                            ? random.nextInt(6) == 0
                                            && !WHOLE_REGISTERS
                                                    .matcher(row.mnemonic())
                                                    .matches()
                                    ? 29
                                    : 30
                            : x ? random.nextInt(29) : random.nextInt(32);
                case "rs2" -> x ? random.nextInt(29) : random.nextInt(32);
                case "vd", "vs1", "vs2" -> random.nextInt(32) & alignment;
                case "vm" -> masked ? 0 : 1;
                case "vtype" -> vtype(); // bit 8 is an extension that the reference has
                case "nf" -> random.nextInt(1 << field.width());
                default -> random.nextLong();
            };
        }
    }
}
