package dev.rhea.arch.riscv;

import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;

/** Zknd, Zkne, Zknh, Zksed and Zksh: unprivileged manual, chapter "Scalar Cryptography". */
final class CryptoRows {
    private CryptoRows() {}

    static void addTo(Table<RiscvBuilder> table, int xlen, Extensions on) {
        boolean decrypt = on.has(Extension.ZKND);
        boolean encrypt = on.has(Extension.ZKNE);
        if (xlen == 64) {
            addAes64(table, decrypt, encrypt);
        } else {
            addAes32(table, decrypt, encrypt);
        }
        if (on.has(Extension.ZKNH)) {
            addSha2(table.group("Zknh"), xlen);
        }
        if (on.has(Extension.ZKSED)) {
            table.group("Zksed");
            byteStep(
                    table,
                    "11000",
                    "sm4ed",
                    Helper.pure(
                            "sm4ed",
                            Type.I32,
                            (cpu, a, b, bs) -> (int) a ^ Integer.reverseBytes(Sm4.linear(sm4Sbox(b, bs)))));
            byteStep(
                    table,
                    "11010",
                    "sm4ks",
                    Helper.pure(
                            "sm4ks",
                            Type.I32,
                            (cpu, a, b, bs) -> (int) a ^ Integer.reverseBytes(Sm4.keyLinear(sm4Sbox(b, bs)))));
        }
        if (on.has(Extension.ZKSH)) {
            table.group("Zksh");
            word(table, "000100001000", "sm3p0", (t, a) -> t.xor(a, t.xor(left(t, a, 9), left(t, a, 17))));
            word(table, "000100001001", "sm3p1", (t, a) -> t.xor(a, t.xor(left(t, a, 15), left(t, a, 23))));
        }
    }

    /** Byte {@code bs} of {@code b} through the S-box, in place in a word whose bytes are reversed: SM4's words are big-endian. */
    private static int sm4Sbox(long b, long bs) {
        return Sm4.sbox((int) (b >>> 8 * bs)) << (int) (24 - 8 * bs);
    }

    private static void addAes64(Table<RiscvBuilder> table, boolean decrypt, boolean encrypt) {
        if (decrypt) {
            table.group("Zknd");
            BitRows.helped(
                    table,
                    "0011101 rs2:5 rs1:5 000",
                    "aes64ds",
                    Helper.pure("aes64ds", Type.I64, (cpu, a, b, c) -> Aes.inverseShiftRowsAndSubBytes(a, b)));
            BitRows.helped(
                    table,
                    "0011111 rs2:5 rs1:5 000",
                    "aes64dsm",
                    Helper.pure(
                            "aes64dsm",
                            Type.I64,
                            (cpu, a, b, c) -> Aes.inverseMixColumns(Aes.inverseShiftRowsAndSubBytes(a, b))));
            Helper mix = Helper.pure("aes64im", Type.I64, (cpu, a, b, c) -> Aes.inverseMixColumns(a));
            table.insn(
                    "001100000000 rs1:5 001 rd:5 0010011",
                    "aes64im {rd}, {rs1}",
                    (t, i) -> t.x(i.rd(), t.value(mix, t.x(i.rs1()))));
        }
        if (encrypt) {
            table.group("Zkne");
            BitRows.helped(
                    table,
                    "0011001 rs2:5 rs1:5 000",
                    "aes64es",
                    Helper.pure("aes64es", Type.I64, (cpu, a, b, c) -> Aes.shiftRowsAndSubBytes(a, b)));
            BitRows.helped(
                    table,
                    "0011011 rs2:5 rs1:5 000",
                    "aes64esm",
                    Helper.pure(
                            "aes64esm", Type.I64, (cpu, a, b, c) -> Aes.mixColumns(Aes.shiftRowsAndSubBytes(a, b))));
        }
        if (decrypt || encrypt) {
            table.group(encrypt ? "Zkne" : "Zknd");
            Helper schedule = Helper.pure("aes64ks1i", Type.I64, (cpu, a, round, c) -> {
                int word = (int) (a >>> 32);
                int next = Aes.subWord(round == 10 ? word : Integer.rotateRight(word, 8)) ^ Aes.rcon((int) round);
                return next & 0xffffffffL | (long) next << 32;
            });
            table.insn(
                            "0011000 1 rnum:4 rs1:5 001 rd:5 0010011",
                            "aes64ks1i {rd}, {rs1}, {rnum}",
                            i -> i.get("rnum") <= 10,
                            (t, i) -> t.x(i.rd(), t.value(schedule, t.x(i.rs1()), t.i64(i.get("rnum")))))
                    .insn("0111111 rs2:5 rs1:5 000 rd:5 0110011", "aes64ks2 {rd}, {rs1}, {rs2}", (t, i) -> {
                        Node b = t.x(i.rs2());
                        Node low = t.xor(t.shr(t.x(i.rs1()), t.imm(32)), t.zext32(t.trunc(b)));
                        Node high = t.xor(low, t.shr(b, t.imm(32)));
                        t.x(i.rd(), t.or(low, t.shl(high, t.imm(32))));
                    });
        }
    }

    private static void addAes32(Table<RiscvBuilder> table, boolean decrypt, boolean encrypt) {
        if (decrypt) {
            table.group("Zknd");
            byteStep(
                    table,
                    "10101",
                    "aes32dsi",
                    Helper.pure(
                            "aes32dsi",
                            Type.I32,
                            (cpu, a, b, bs) -> (int) a ^ Aes.inverseSbox((int) (b >>> 8 * bs)) << (int) (8 * bs)));
            byteStep(
                    table,
                    "10111",
                    "aes32dsmi",
                    Helper.pure(
                            "aes32dsmi",
                            Type.I32,
                            (cpu, a, b, bs) -> (int) a
                                    ^ Integer.rotateLeft(
                                            Aes.inverseMixColumn(Aes.inverseSbox((int) (b >>> 8 * bs))),
                                            (int) (8 * bs))));
        }
        if (encrypt) {
            table.group("Zkne");
            byteStep(
                    table,
                    "10001",
                    "aes32esi",
                    Helper.pure(
                            "aes32esi",
                            Type.I32,
                            (cpu, a, b, bs) -> (int) a ^ Aes.sbox((int) (b >>> 8 * bs)) << (int) (8 * bs)));
            byteStep(
                    table,
                    "10011",
                    "aes32esmi",
                    Helper.pure(
                            "aes32esmi",
                            Type.I32,
                            (cpu, a, b, bs) -> (int) a
                                    ^ Integer.rotateLeft(
                                            Aes.mixColumn(Aes.sbox((int) (b >>> 8 * bs))), (int) (8 * bs))));
        }
    }

    /** {@code rd = helper(rs1, rs2, bs)} in 32 bits. */
    private static void byteStep(Table<RiscvBuilder> table, String funct5, String name, Helper helper) {
        table.insn(
                "bs:2 " + funct5 + " rs2:5 rs1:5 000 rd:5 0110011",
                name + " {rd}, {rs1}, {rs2}, {bs}",
                (t, i) -> t.x(i.rd(), t.value(helper, t.w(i.rs1()), t.w(i.rs2()), t.i32(i.get("bs")))));
    }

    private static void addSha2(Table<RiscvBuilder> table, int xlen) {
        word(
                table,
                "000100000000",
                "sha256sum0",
                (t, a) -> t.xor(right(t, a, 2), t.xor(right(t, a, 13), right(t, a, 22))));
        word(
                table,
                "000100000001",
                "sha256sum1",
                (t, a) -> t.xor(right(t, a, 6), t.xor(right(t, a, 11), right(t, a, 25))));
        word(
                table,
                "000100000010",
                "sha256sig0",
                (t, a) -> t.xor(right(t, a, 7), t.xor(right(t, a, 18), t.shr(a, t.i32(3)))));
        word(
                table,
                "000100000011",
                "sha256sig1",
                (t, a) -> t.xor(right(t, a, 17), t.xor(right(t, a, 19), t.shr(a, t.i32(10)))));
        if (xlen == 64) {
            doubleword(
                    table,
                    "000100000100",
                    "sha512sum0",
                    (t, a) -> t.xor(right(t, a, 28), t.xor(right(t, a, 34), right(t, a, 39))));
            doubleword(
                    table,
                    "000100000101",
                    "sha512sum1",
                    (t, a) -> t.xor(right(t, a, 14), t.xor(right(t, a, 18), right(t, a, 41))));
            doubleword(
                    table,
                    "000100000110",
                    "sha512sig0",
                    (t, a) -> t.xor(right(t, a, 1), t.xor(right(t, a, 8), t.shr(a, t.i64(7)))));
            doubleword(
                    table,
                    "000100000111",
                    "sha512sig1",
                    (t, a) -> t.xor(right(t, a, 19), t.xor(right(t, a, 61), t.shr(a, t.i64(6)))));
        } else {
            // one half of the 64-bit function, of which rs1 is the same half and rs2 the other: shifts of rs1 to the
            // right are
            // negative numbers, to the left positive ones, and so for rs2
            half(table, "0101000", "sha512sum0r", new int[] {25, 30, -28}, new int[] {-7, -2, 4});
            half(table, "0101001", "sha512sum1r", new int[] {23, -14, -18}, new int[] {-9, 18, 14});
            half(table, "0101010", "sha512sig0l", new int[] {-1, -7, -8}, new int[] {31, 25, 24});
            half(table, "0101011", "sha512sig1l", new int[] {3, -6, -19}, new int[] {-29, 26, 13});
            half(table, "0101110", "sha512sig0h", new int[] {-1, -7, -8}, new int[] {31, 24});
            half(table, "0101111", "sha512sig1h", new int[] {3, -6, -19}, new int[] {-29, 13});
        }
    }

    private static void half(Table<RiscvBuilder> table, String funct7, String name, int[] first, int[] second) {
        table.insn(
                funct7 + " rs2:5 rs1:5 000 rd:5 0110011",
                name + " {rd}, {rs1}, {rs2}",
                (t, i) -> t.x(i.rd(), t.xor(shifts(t, t.x(i.rs1()), first), shifts(t, t.x(i.rs2()), second))));
    }

    private static Node shifts(RiscvBuilder t, Node a, int[] amounts) {
        Node sum = t.i32(0);
        for (int amount : amounts) {
            sum = t.xor(amount < 0 ? t.shr(a, t.i32(-amount)) : t.shl(a, t.i32(amount)), sum);
        }
        return sum;
    }

    /** A function of one value. */
    private interface Mix {
        Node emit(RiscvBuilder t, Node a);
    }

    private static void word(Table<RiscvBuilder> table, String top, String name, Mix mix) {
        table.insn(
                top + " rs1:5 001 rd:5 0010011",
                name + " {rd}, {rs1}",
                (t, i) -> t.x(i.rd(), mix.emit(t, t.w(i.rs1()))));
    }

    private static void doubleword(Table<RiscvBuilder> table, String top, String name, Mix mix) {
        table.insn(
                top + " rs1:5 001 rd:5 0010011",
                name + " {rd}, {rs1}",
                (t, i) -> t.x(i.rd(), mix.emit(t, t.x(i.rs1()))));
    }

    private static Node right(RiscvBuilder t, Node a, int amount) {
        return t.binary(Op.ROTR, a, t.integer(java.util.Objects.requireNonNull(a.type), amount));
    }

    private static Node left(RiscvBuilder t, Node a, int amount) {
        return t.binary(Op.ROTL, a, t.integer(java.util.Objects.requireNonNull(a.type), amount));
    }
}
