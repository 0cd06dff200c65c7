package dev.rhea.difftest;

import dev.rhea.arch.riscv.RiscvBuilder;
import dev.rhea.engine.decode.Encoding;
import dev.rhea.engine.decode.Field;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes random sequences whose every instruction is legal and whose accesses stay in the window. */
final class Generator {
    private static final String[] BRANCHES = {"beq", "bne", "blt", "bge", "bltu", "bgeu"};

    private final Target target;
    private final SplittableRandom random;

    /** Whether this sequence has vector instructions. */
    private boolean vector;

    Generator(Target target, SplittableRandom random) {
        this.target = target;
        this.random = random;
    }

    /** A sequence of about {@code length} items, part of which is a loop. */
    List<Item> sequence(int length) {
        vector = !target.vectorRows.isEmpty() && (target.rows.isEmpty() || random.nextInt(4) == 0);
        List<Item> items = new ArrayList<>();
        int loopStart = random.nextInt(3) == 0 ? length : random.nextInt(length / 3);
        int loopEnd = length - 1 - random.nextInt(length / 3);
        for (int i = 0; i < length; i++) {
            if (i == loopStart) {
                items.add(new Item("addi x" + Layout.COUNTER + ", x0, " + turns()));
            } else if (i == loopEnd && loopStart < loopEnd) {
                // a signed comparison, so that the loop ends even when it was entered from the side
                items.add(new Item(
                        "addi x" + Layout.COUNTER + ", x" + Layout.COUNTER + ", -1\nblt x0, x" + Layout.COUNTER
                                + ", TARGET",
                        loopStart + 1));
            } else {
                items.add(item(i, length));
            }
        }
        return items;
    }

    private int turns() {
        return random.nextInt(40) == 0 ? 1000 + random.nextInt(1000) : 1 + random.nextInt(12);
    }

    private Item item(int index, int length) {
        int kind = random.nextInt(24);
        if (kind == 0) {
            return jump(index + 1 + random.nextInt(Math.min(6, length - index)));
        }
        if (kind == 1) {
            return new Item(csr());
        }
        if (kind == 2) {
            return new Item(reservation());
        }
        if (target.frames && (kind < 5 || target.rows.isEmpty())) {
            return new Item(new FrameText(random, target.isa.xlen()).next());
        }
        if (vector && kind < 8) {
            return new Item(configuration());
        }
        boolean scalar = !vector || !target.rows.isEmpty() && kind < 10;
        List<Row<RiscvBuilder>> rows = scalar ? target.rows : target.vectorRows;
        for (; ; ) {
            String text = instruction(rows.get(random.nextInt(rows.size())));
            if (text != null && text.startsWith("v") && text.contains("), " + STRIDED)) {
                // the stride is small, whatever the register held
                int stride = writable();
                text = "addi x" + stride + ", x0, " + random.nextInt(-16, 17) + "\n"
                        + text.replace("), " + STRIDED, "), x" + stride);
            }
            if (text != null && text.startsWith("fround")) {
                // the reference (11.1.3) leaves out one whose value nobody uses, and with it the flags that it raises
                String rd = text.substring(text.indexOf(' ') + 1, text.indexOf(','));
                return new Item(text + "\nfsd " + rd + ", 0(x" + Layout.BASES[1] + ")");
            }
            if (text != null) {
                return new Item(text);
            }
        }
    }

    /** A register that stands for a stride until one is chosen: no strided instruction can name it. */
    private static final String STRIDED = "tp";

    /** Mostly a vtype that there is; bits above 7 are newer extensions' in the reference. */
    private String configuration() {
        int type = random.nextInt(8) == 0
                ? random.nextInt(256)
                : random.nextInt(4) << 3 | LMULS[random.nextInt(LMULS.length)] | random.nextInt(4) << 6;
        if (random.nextInt(8) == 0) {
            int register = writable();
            return "addi x" + register + ", x0, " + type + "\nvsetvl x" + writable() + ", " + x() + ", x" + register;
        }
        String length = random.nextBoolean()
                ? "vsetivli x" + writable() + ", " + random.nextInt(32)
                : "vsetvli x" + writable() + ", " + x();
        return length + ", " + type;
    }

    private static final int[] LMULS = {0, 0, 0, 1, 2, 3, 5, 6, 7};

    private String x() {
        return "x" + random.nextInt(32);
    }

    /** A register that a sequence may write. */
    private int writable() {
        for (; ; ) {
            int register = random.nextInt(32);
            if (!Layout.reserved(register)) {
                return register;
            }
        }
    }

    private Item jump(int to) {
        int scratch = 1 + writable();
        while (scratch > 31 || Layout.reserved(scratch)) {
            scratch = 1 + writable();
        }
        int link = writable();
        int kind = random.nextInt(10);
        return new Item(
                switch (target.frames && (kind == 2 || kind == 3) ? 1 : kind) { // over jump tables these do not reach
                    case 0 -> "jal x" + link + ", TARGET";
                    case 1 -> "c.j TARGET";
                    case 2 -> "c.beqz x" + (8 + random.nextInt(8)) + ", TARGET";
                    case 3 -> "c.bnez x" + (8 + random.nextInt(8)) + ", TARGET";
                    // the offset is known only when all is placed: a jump through a table of one word
                    case 4 ->
                        "jal x" + scratch + ", HERE.over\n.word TARGET\nHERE.over: lw x" + scratch + ", 0(x" + scratch
                                + ")\njalr x" + link + ", 0(x" + scratch + ")";
                    case 5 ->
                        "jal x" + scratch + ", HERE.over\n.word TARGET\nHERE.over: lw x" + scratch + ", 0(x" + scratch
                                + ")\nc.jr x" + scratch;
                    case 6 ->
                        "jal x" + scratch + ", HERE.over\n.word TARGET\nHERE.over: lw x" + scratch + ", 0(x" + scratch
                                + ")\nc.jalr x" + scratch;
                    default -> BRANCHES[random.nextInt(BRANCHES.length)] + " " + x() + ", " + x() + ", TARGET";
                },
                to);
    }

    /** Reads and writes the floating-point CSRs; now and then a reserved rounding mode, which makes instructions illegal. */
    private String csr() {
        return switch (random.nextInt(7)) {
            case 0 -> "csrrwi x" + writable() + ", frm, " + random.nextInt(random.nextInt(20) == 0 ? 8 : 5);
            case 1 -> "csrrw x" + writable() + ", fflags, " + x();
            case 2 -> "csrrs x" + writable() + ", fflags, " + x();
            case 3 -> "csrrci x" + writable() + ", fflags, " + random.nextInt(32);
            case 4 -> "csrrs x" + writable() + ", fcsr, x0";
            case 5 -> "csrrc x" + writable() + ", fflags, " + x();
            default -> "csrrs x" + writable() + ", frm, x0";
        };
    }

    private String reservation() {
        String suffix = target.isa.xlen() == 64 && random.nextBoolean() ? ".d" : ".w";
        String base = "(x" + Layout.BASES[random.nextInt(Layout.BASES.length)] + ")";
        return "lr" + suffix + " x" + writable() + ", " + base + "\nsc" + suffix + " x" + writable() + ", " + x() + ", "
                + base;
    }

    /** A random instruction of a row, or null if the first tries were no good. */
    @Nullable
    String instruction(Row<RiscvBuilder> row) {
        Encoding e = row.encoding();
        long all = (1L << e.bits()) - 1;
        for (int tries = 0; tries < 40; tries++) {
            long bits = adjust(row, e.match() | random.nextLong() & all & ~e.mask());
            Insn insn = target.isa.table().decode(bits, e.bits());
            if (insn != null && insn.row() == row && harmless(insn)) {
                return target.disassembler.print(insn, 0);
            }
        }
        return null;
    }

    /** Makes the address of an access be near a base. */
    private long adjust(Row<RiscvBuilder> row, long word) {
        long bits = word;
        Encoding e = row.encoding();
        if (row.syntax().contains("({rs1")) {
            Field base = e.field(row.syntax().contains("({rs1'") ? "rs1'" : "rs1");
            if (base != null) {
                int number = base.width() == 3 ? random.nextInt(2) : Layout.BASES[random.nextInt(Layout.BASES.length)];
                bits = bits & ~base.insert(-1) | base.insert(number);
            }
        }
        // groups of registers start at multiples
        long align = -1L << random.nextInt(4);
        for (Field field : e.fields()) {
            if (field.name().equals("vd")
                    || field.name().equals("vs1")
                    || field.name().equals("vs2")) {
                bits = bits & ~field.insert(-1) | field.insert(field.extract(bits) & align);
            }
        }
        if (row.syntax().contains("({rs1}), {rs2}")) {
            Field stride = java.util.Objects.requireNonNull(e.field("rs2"));
            bits = bits & ~stride.insert(-1) | stride.insert(Layout.TP);
        }
        Field imm = e.field("imm");
        if (imm != null && row.syntax().endsWith(")")) {
            int offset = Layout.WINDOW_LOW + random.nextInt(Layout.WINDOW_HIGH - 8 - Layout.WINDOW_LOW);
            bits = bits & ~imm.insert(-1) | imm.insert(offset);
        }
        return bits;
    }

    /** Whether it writes no register with a purpose, and no memory outside the window. */
    private static boolean harmless(Insn insn) {
        String syntax = insn.row().syntax();
        boolean usesMask = syntax.endsWith(", v0") || syntax.endsWith("{vm}") && insn.get("vm") == 0;
        if (usesMask
                && (isZero(insn, "vs1")
                        || isZero(insn, "vs2")
                        || isZero(insn, "vd") && (insn.bits() & 0x7f) == STORE)) {
            // v0 both as mask and as data is reserved (manual, section "Vector Operands"), and taken by some and not by
            // others
            return false;
        }
        if (syntax.startsWith("vcompress") && insn.get("vs1") >> 3 == insn.get("vs2") >> 3) {
            return false; // the same: vs1 is a mask
        }
        for (Field field : insn.row().encoding().fields()) {
            String name = field.name();
            long value = field.extract(insn.bits());
            if (name.equals("rd")
                    && syntax.contains("{rd}")
                    && (Layout.reserved((int) value) || Layout.reserved((int) value + 1) && isPair(syntax))) {
                return false;
            }
            if (name.equals("rd") && value == 0 && isPair(syntax)) {
                // the reference (11.1.3) corrupts its own state with x0 there
                return false;
            }
            if (name.equals("rd'") && syntax.contains("{rd'}") && Layout.reserved(8 + (int) value)) {
                return false;
            }
            if (name.equals("imm")
                    && syntax.endsWith(")")
                    && (value < Layout.WINDOW_LOW || value > Layout.WINDOW_HIGH - 8)) {
                return false;
            }
        }
        return true;
    }

    /** The major opcode of vector stores, whose data is in the field {@code vd}. */
    private static final int STORE = 0x27;

    private static boolean isZero(Insn insn, String name) {
        Field field = insn.row().encoding().field(name);
        return field != null && field.extract(insn.bits()) == 0;
    }

    private static boolean isPair(String syntax) {
        return syntax.startsWith("amocas");
    }

    // ---- values

    private static final long[] INTERESTING = {
        0,
        1,
        -1,
        2,
        -2,
        31,
        32,
        63,
        64,
        0x7f,
        0x80,
        0xff,
        0x7fff,
        0x8000,
        0xffff,
        0x7fffffffL,
        0x80000000L,
        0xffffffffL,
        -0x80000000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        0x0123456789abcdefL,
        0x00ff00ff00ff00ffL,
        0xaaaaaaaa55555555L,
    };

    long integer() {
        return switch (random.nextInt(4)) {
            case 0 -> INTERESTING[random.nextInt(INTERESTING.length)];
            case 1 -> (int) random.nextLong();
            case 2 -> random.nextInt(-300, 300);
            default -> random.nextLong();
        };
    }

    private static final double[] DOUBLES = {
        0,
        1,
        2,
        0.5,
        3,
        10,
        1e-300,
        1e300,
        Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NaN,
        0x1p31,
        0x1p32,
        0x1p53,
        0x1p63,
        0x1p64,
        0x1.fffffffffffffp30,
        0.1,
        0x1p-1030,
        2147483647.5,
        65504,
        0x1p-24,
    };

    /** The bits of a float of any format: boxed, badly boxed, NaNs of both kinds. */
    long floating() {
        long sign = random.nextBoolean() ? Long.MIN_VALUE : 0;
        double value = DOUBLES[random.nextInt(DOUBLES.length)];
        return switch (random.nextInt(12)) {
            case 0, 1 -> Double.doubleToRawLongBits(value) ^ sign;
            case 2, 3 -> box32(Float.floatToRawIntBits((float) value) ^ (int) (sign >>> 32));
            case 4 -> box16(Float.floatToFloat16((float) value) ^ (int) (sign >>> 48));
            case 5 -> random.nextLong();
            case 6 -> box32(random.nextInt());
            case 7 -> box16(random.nextInt());
            // signalling NaNs
            case 8 -> random.nextBoolean() ? 0x7ff0000000000001L ^ sign : box32(0x7f800001 ^ (int) (sign >>> 32));
            // numbers near each other, so that sums cancel
            case 9 -> 0x3ff0000000000000L + random.nextInt(-8, 8) ^ sign;
            case 10 -> box32(0x3f800000 + random.nextInt(-8, 8) ^ (int) (sign >>> 32));
            default -> Double.doubleToRawLongBits(random.nextInt(-1000, 1000) / 8.0);
        };
    }

    private static long box32(int bits) {
        return 0xffffffff00000000L | bits & 0xffffffffL;
    }

    private static long box16(int bits) {
        return 0xffffffffffff0000L | bits & 0xffffL;
    }
}
