package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.engine.decode.AssemblyText;
import dev.rhea.engine.decode.Encoding;
import dev.rhea.engine.decode.Field;
import dev.rhea.engine.decode.Insn;
import dev.rhea.engine.decode.Operands;
import org.jspecify.annotations.Nullable;

/**
 * RISC-V's operands as GNU binutils writes them without aliases: registers by their ABI names, offsets in decimal, shift
 * amounts in hexadecimal. By name and style:
 *
 * <ul>
 *   <li>{@code rd}, {@code rs1} and so on: x registers, with {@code :f} f registers, with {@code :v} v registers; those with
 *       a prime have three bits, which in {@code r1s'} and {@code r2s'} count s0 to s7;
 *   <li>{@code frame:push} and {@code frame:pop}: {@code {ra, s0-s1}, -32};
 *   <li>{@code imm}: decimal; {@code imm:pc} an address relative to the instruction's; {@code imm:hi} bits 31 to 12;
 *   <li>{@code rm}: nothing for the dynamic rounding mode, else a comma and its name;
 *   <li>{@code vm}: nothing, or {@code , v0.t} where it is 0; {@code vtype}: {@code e32, m1, ta, ma};
 *       {@code nf}: the number of segments, one more than the field;
 *   <li>{@code order}: nothing, {@code .aq}, {@code .rl} or {@code .aqrl};
 *   <li>{@code csr}, {@code pred}, {@code succ}; any other field is an unsigned number, in hexadecimal where it is {@code shamt},
 *       {@code bs} or {@code rnum}.
 * </ul>
 */
final class RiscvOperands implements Operands {
    private static final String[] X = {
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    };
    private static final String[] F = {
        "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4", "fa5",
        "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10",
                "ft11",
    };
    private static final String[] ROUNDING = {"rne", "rtz", "rdn", "rup", "rmm", "unknown5", "unknown6", "dyn"};
    private static final String[] ORDER = {"", ".rl", ".aq", ".aqrl"};
    /** Highest bit first: device input, device output, memory reads, memory writes. */
    private static final String FENCE = "iorw";

    private final Csrs csrs;
    private final int xlen;

    RiscvOperands(Csrs csrs, int xlen) {
        this.csrs = csrs;
        this.xlen = xlen;
    }

    /** The name that the psABI gives to x0 to x31, f0 to f31; null for another register. */
    static @Nullable String abiName(String register) {
        String[] names = register.startsWith("x") ? X : register.startsWith("f") ? F : null;
        if (names == null || !register.substring(1).matches("[12]?[0-9]|3[01]")) {
            return null;
        }
        return names[Integer.parseInt(register.substring(1))];
    }

    private static Field field(Encoding encoding, String name) {
        Field field = encoding.field(name);
        if (field == null) {
            throw new IllegalArgumentException(
                    "the pattern '" + encoding + "' has no field '" + name + "' that its syntax names");
        }
        return field;
    }

    private static boolean isRegister(String name) {
        return switch (name) {
            case "rd", "rs1", "rs2", "rs3", "rd'", "rs1'", "rs2'", "r1s'", "r2s'", "vd", "vs1", "vs2", "vs3" -> true;
            default -> false;
        };
    }

    /** The register that 0 stands for. */
    private static int base(String name) {
        return name.endsWith("'") ? 8 : 0;
    }

    /** Whether the field counts s0 to s7. */
    private static boolean isSaved(String name) {
        return name.equals("r1s'") || name.equals("r2s'");
    }

    private static long savedIndex(AssemblyText text, int register) throws AssemblyException {
        for (int n = 0; n < 8; n++) {
            if (StackFrame.saved(n) == register) {
                return n;
            }
        }
        throw text.error("only s0 to s7 can be here");
    }

    private static int sign(String style) {
        return style.equals("push") ? -1 : 1;
    }

    @Override
    public void print(StringBuilder out, String operand, Insn insn, long pc) {
        int colon = operand.indexOf(':');
        String name = colon < 0 ? operand : operand.substring(0, colon);
        String style = colon < 0 ? "" : operand.substring(colon + 1);
        long value = field(insn.row().encoding(), name).extract(insn.bits());
        if (isRegister(name)) {
            out.append(register(isSaved(name) ? StackFrame.saved((int) value) : (int) value + base(name), style));
            return;
        }
        switch (name) {
            case "imm" -> {
                switch (style) {
                    case "pc" ->
                        out.append("0x").append(Long.toHexString(xlen == 32 ? pc + value & 0xffffffffL : pc + value));
                    case "hi" -> out.append("0x").append(Long.toHexString(value >> 12 & 0xfffff));
                    default -> out.append(value);
                }
            }
            case "rm" -> out.append(value == 7 ? "" : ", " + ROUNDING[(int) value]);
            case "order" -> out.append(ORDER[(int) value]);
            case "csr" -> {
                String csr = csrs.name((int) value);
                out.append(csr == null ? "0x" + Long.toHexString(value) : csr);
            }
            case "pred", "succ" -> {
                for (int i = 0; i < 4; i++) {
                    if ((value & 8 >> i) != 0) {
                        out.append(FENCE.charAt(i));
                    }
                }
                if (value == 0) {
                    out.append('0');
                }
            }
            case "frame" -> out.append(StackFrame.of((int) value, xlen).text(sign(style)));
            case "vm" -> out.append(value == 0 ? ", v0.t" : "");
            case "nf" -> out.append(value + 1);
            case "vtype" -> printVtype(out, (int) value);
            case "shamt", "bs", "rnum" -> out.append("0x").append(Long.toHexString(value));
            default -> out.append(value);
        }
    }

    private static final String[] LMUL = {"m1", "m2", "m4", "m8", "", "mf8", "mf4", "mf2"};

    /** {@code e32, m1, ta, ma}; reserved values as a number. Vector manual, "vtype register". */
    private static void printVtype(StringBuilder out, int value) {
        if (value > 0xff || (value >> 3 & 7) > 3 || (value & 7) == 4) {
            out.append(value);
            return;
        }
        out.append('e').append(8 << (value >> 3 & 7)).append(", ").append(LMUL[value & 7]);
        out.append((value & 0x40) != 0 ? ", ta" : ", tu").append((value & 0x80) != 0 ? ", ma" : ", mu");
    }

    private static long vtype(AssemblyText text) throws AssemblyException {
        int mark = text.mark();
        String sew = text.word();
        if (sew.charAt(0) != 'e') {
            text.back(mark);
            return text.number();
        }
        long value = -1;
        for (int i = 0; i < 4; i++) {
            value = sew.equals("e" + (8 << i)) ? i << 3 : value;
        }
        if (value < 0 || !text.accept(",")) {
            throw text.error("'" + sew + "' is not the start of a vtype like 'e32, m1, ta, ma'");
        }
        value |= find(text, LMUL, "LMUL");
        return value | flag(text, "ta", "tu") << 6 | flag(text, "ma", "mu") << 7;
    }

    private static long flag(AssemblyText text, String set, String clear) throws AssemblyException {
        if (text.accept(",")) {
            String word = text.word();
            if (word.equals(set)) {
                return 1;
            }
            if (word.equals(clear)) {
                return 0;
            }
        }
        throw text.error("'" + set + "' or '" + clear + "' is missing");
    }

    /** The number in {@code vlseg3e8.v}. */
    private static int segments(AssemblyText text) throws AssemblyException {
        for (int i = 1; i <= 8; i++) {
            if (text.acceptSuffix(Integer.toString(i))) {
                return i;
            }
        }
        throw text.error("a number of segments is missing");
    }

    /** The field {@code vm}: 0 where {@code , v0.t} follows, and 1 where nothing does. */
    private static long unmasked(AssemblyText text) throws AssemblyException {
        if (!text.accept(",")) {
            return 1;
        }
        if (!text.accept("v0.t")) {
            throw text.error("only 'v0.t' can be a mask");
        }
        return 0;
    }

    private static String register(int number, String style) {
        return switch (style) {
            case "f" -> F[number];
            case "v" -> "v" + number;
            default -> X[number];
        };
    }

    @Override
    public long parse(AssemblyText text, String operand, Encoding encoding) throws AssemblyException {
        int colon = operand.indexOf(':');
        String name = colon < 0 ? operand : operand.substring(0, colon);
        String style = colon < 0 ? "" : operand.substring(colon + 1);
        Field field = field(encoding, name);
        if (isRegister(name)) {
            int number = register(text, style);
            return text.insert(field, isSaved(name) ? savedIndex(text, number) : number - base(name));
        }
        return switch (name) {
            case "imm" ->
                text.insert(
                        field,
                        switch (style) {
                            case "pc" -> offset(text);
                            case "hi" -> upper(text);
                            default -> text.number();
                        });
            case "rm" -> text.insert(field, text.accept(",") ? find(text, ROUNDING, "rounding mode") : 7);
            case "order" -> text.insert(field, order(text));
            case "csr" -> text.insert(field, csr(text));
            case "frame" ->
                text.insert(field, StackFrame.parse(text, sign(style), xlen).bits());
            case "vm" -> text.insert(field, unmasked(text));
            case "vtype" -> text.insert(field, vtype(text));
            case "nf" -> text.insert(field, segments(text) - 1);
            case "pred", "succ" -> text.insert(field, fence(text));
            default -> text.insert(field, text.number());
        };
    }

    /** The upper 20 bits of a word, as a number that may be signed. */
    private static long upper(AssemblyText text) throws AssemblyException {
        long value = text.number();
        if (text.isResolved() && (value < -0x80000 || value > 0xfffff)) {
            throw text.error(value + " does not fit 20 bits");
        }
        return (int) (value << 12);
    }

    private long offset(AssemblyText text) throws AssemblyException {
        long offset = text.number() - text.pc();
        return xlen == 32 ? (int) offset : offset;
    }

    private static int register(AssemblyText text, String style) throws AssemblyException {
        String word = text.word();
        String[] names = style.equals("f") ? F : X;
        if (!style.equals("v")) {
            for (int i = 0; i < 32; i++) {
                if (names[i].equals(word)) {
                    return i;
                }
            }
        }
        char letter = style.isEmpty() ? 'x' : style.charAt(0);
        if (word.charAt(0) == letter && word.length() >= 2 && word.length() <= 3) {
            try {
                int number = Integer.parseInt(word, 1, word.length(), 10);
                if (number >= 0 && number < 32) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw text.error("'" + word + "' is no register");
            }
        }
        throw text.error("'" + word + "' is no " + letter + " register");
    }

    private static int find(AssemblyText text, String[] names, String what) throws AssemblyException {
        String word = text.word();
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(word)) {
                return i;
            }
        }
        throw text.error("'" + word + "' is no " + what);
    }

    private static int order(AssemblyText text) {
        for (int i = ORDER.length - 1; i > 0; i--) {
            if (text.acceptSuffix(ORDER[i])) {
                return i;
            }
        }
        return 0;
    }

    private long csr(AssemblyText text) throws AssemblyException {
        int mark = text.mark();
        int number = csrs.number(text.word());
        if (number >= 0) {
            return number;
        }
        text.back(mark);
        return text.number();
    }

    private static long fence(AssemblyText text) throws AssemblyException {
        String word = text.word();
        long value = 0;
        if (word.equals("0")) {
            return 0;
        }
        for (int i = 0; i < word.length(); i++) {
            int bit = FENCE.indexOf(word.charAt(i));
            if (bit < 0) {
                throw text.error("'" + word + "' is not made of i, o, r and w");
            }
            value |= 8 >> bit;
        }
        return value;
    }
}
