package dev.rhea.engine.ir;

import org.jspecify.annotations.Nullable;

/** What integer operations give on constants: also the definition the two tiers are tested against. */
public final class Fold {
    private Fold() {}

    /** The value of a two-operand operation; I32 values come and go sign-extended. */
    public static long binary(Op op, Type type, long a, long b) {
        return type == Type.I32 ? binary32(op, (int) a, (int) b) : binary64(op, a, b);
    }

    private static int binary32(Op op, int a, int b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case SHL -> a << b;
            case SHR -> a >>> b;
            case SAR -> a >> b;
            case ROTL -> Integer.rotateLeft(a, b);
            case ROTR -> Integer.rotateRight(a, b);
            case MULHS -> (int) ((long) a * b >> 32);
            case MULHU -> (int) ((a & 0xffffffffL) * (b & 0xffffffffL) >>> 32);
            case DIVS -> b == 0 ? 0 : a / b;
            case DIVU -> b == 0 ? 0 : Integer.divideUnsigned(a, b);
            case REMS -> b == 0 ? a : a % b;
            case REMU -> b == 0 ? a : Integer.remainderUnsigned(a, b);
            case MINS -> Math.min(a, b);
            case MAXS -> Math.max(a, b);
            case MINU -> Integer.compareUnsigned(a, b) < 0 ? a : b;
            case MAXU -> Integer.compareUnsigned(a, b) > 0 ? a : b;
            default -> throw new IllegalArgumentException(op + " is not a two-operand integer operation");
        };
    }

    private static long binary64(Op op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case SHL -> a << b;
            case SHR -> a >>> b;
            case SAR -> a >> b;
            case ROTL -> Long.rotateLeft(a, (int) b);
            case ROTR -> Long.rotateRight(a, (int) b);
            case MULHS -> Math.multiplyHigh(a, b);
            case MULHU -> Math.unsignedMultiplyHigh(a, b);
            case DIVS -> b == 0 ? 0 : a / b;
            case DIVU -> b == 0 ? 0 : Long.divideUnsigned(a, b);
            case REMS -> b == 0 ? a : a % b;
            case REMU -> b == 0 ? a : Long.remainderUnsigned(a, b);
            case MINS -> Math.min(a, b);
            case MAXS -> Math.max(a, b);
            case MINU -> Long.compareUnsigned(a, b) < 0 ? a : b;
            case MAXU -> Long.compareUnsigned(a, b) > 0 ? a : b;
            default -> throw new IllegalArgumentException(op + " is not a two-operand integer operation");
        };
    }

    /** The value of a one-operand operation of equal type. */
    public static long unary(Op op, Type type, long a) {
        boolean wide = type == Type.I64;
        return switch (op) {
            case NEG -> wide ? -a : -(int) a;
            case NOT -> ~a;
            case CLZ -> wide ? Long.numberOfLeadingZeros(a) : Integer.numberOfLeadingZeros((int) a);
            case CTZ -> wide ? Long.numberOfTrailingZeros(a) : Integer.numberOfTrailingZeros((int) a);
            case POPCNT -> wide ? Long.bitCount(a) : Integer.bitCount((int) a);
            case BSWAP -> wide ? Long.reverseBytes(a) : Integer.reverseBytes((int) a);
            case BITREV -> wide ? Long.reverse(a) : Integer.reverse((int) a);
            case SEXT8 -> (byte) a;
            case SEXT16 -> (short) a;
            case ZEXT8 -> a & 0xff;
            case ZEXT16 -> a & 0xffff;
            default -> throw new IllegalArgumentException(op + " is not a one-operand integer operation");
        };
    }

    /** The value of a comparison; I32 operands come sign-extended, which keeps unsigned order too. */
    public static boolean compare(Op op, long a, long b) {
        return switch (op) {
            case EQ -> a == b;
            case NE -> a != b;
            case LTS -> a < b;
            case GES -> a >= b;
            case LTU -> Long.compareUnsigned(a, b) < 0;
            case GEU -> Long.compareUnsigned(a, b) >= 0;
            default -> throw new IllegalArgumentException(op + " is not a comparison");
        };
    }

    /** A simpler value for {@code a op constant}, or null. */
    static @Nullable Node identity(Op op, Node a, Node b, Builder builder) {
        boolean zero = b.imm == 0;
        return switch (op) {
            case ADD, SUB, OR, XOR, SHL, SHR, SAR, ROTL, ROTR -> zero ? a : op == Op.OR && b.imm == -1 ? b : null;
            case AND -> zero ? b : b.imm == -1 ? a : null;
            case MUL -> zero ? b : b.imm == 1 ? a : null;
            default -> null;
        };
    }
}
