package dev.rhea.arch.riscv;

/** Which unit that can be switched off an instruction belongs to: unprivileged manual, table "RISC-V base opcode map". */
final class UnitUse {
    private static final int LOAD_FP = 0x07;
    private static final int STORE_FP = 0x27;
    private static final int MADD = 0x43;
    private static final int MSUB = 0x47;
    private static final int NMSUB = 0x4b;
    private static final int NMADD = 0x4f;
    private static final int OP_FP = 0x53;
    private static final int OP_V = 0x57;
    /** Vector cryptography. */
    private static final int OP_VE = 0x77;

    private UnitUse() {}

    /**
     * Whether it needs mstatus.FS to be on.
     *
     * @param doubles whether short instructions for doubles have their encodings, which Zcmp and Zcmt take
     */
    static boolean isFloat(long bits, int xlen, boolean doubles) {
        int funct3 = (int) bits >>> 12 & 7;
        if ((bits & 3) != 3) {
            int compressed = (int) bits >>> 13 & 7;
            boolean wide = doubles && (compressed == 1 || compressed == 5);
            boolean single = xlen == 32 && (compressed == 3 || compressed == 7);
            return (bits & 1) == 0 && (wide || single);
        }
        return switch ((int) bits & 0x7f) {
            case LOAD_FP, STORE_FP -> funct3 >= 1 && funct3 <= 4;
            case MADD, MSUB, NMSUB, NMADD, OP_FP -> true;
            case OP_V -> funct3 == 1 || funct3 == 5; // OPFVV, OPFVF
            default -> false;
        };
    }

    /** Whether it needs mstatus.VS to be on. */
    static boolean isVector(long bits) {
        int funct3 = (int) bits >>> 12 & 7;
        return switch ((int) bits & 0x7f) {
            case LOAD_FP, STORE_FP -> funct3 == 0 || funct3 >= 5;
            case OP_V -> true;
            case OP_VE -> funct3 == 2;
            default -> false;
        };
    }
}
