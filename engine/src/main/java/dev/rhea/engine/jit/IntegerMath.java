package dev.rhea.engine.jit;

/** Integer operations that have no bytecode of their own. Generated code calls them; they are small so that C1 inlines them. */
final class IntegerMath {
    private IntegerMath() {}

    static int divs(int a, int b) {
        return b == 0 ? 0 : a / b;
    }

    static long divs(long a, long b) {
        return b == 0 ? 0 : a / b;
    }

    static int divu(int a, int b) {
        return b == 0 ? 0 : Integer.divideUnsigned(a, b);
    }

    static long divu(long a, long b) {
        return b == 0 ? 0 : Long.divideUnsigned(a, b);
    }

    static int rems(int a, int b) {
        return b == 0 ? a : a % b;
    }

    static long rems(long a, long b) {
        return b == 0 ? a : a % b;
    }

    static int remu(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }

    static long remu(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    static int minu(int a, int b) {
        return Integer.compareUnsigned(a, b) < 0 ? a : b;
    }

    static long minu(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? a : b;
    }

    static int maxu(int a, int b) {
        return Integer.compareUnsigned(a, b) > 0 ? a : b;
    }

    static long maxu(long a, long b) {
        return Long.compareUnsigned(a, b) > 0 ? a : b;
    }

    static int mulhs(int a, int b) {
        return (int) ((long) a * b >> 32);
    }

    static int mulhu(int a, int b) {
        return (int) ((a & 0xffffffffL) * (b & 0xffffffffL) >>> 32);
    }
}
