package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.arch.riscv.vector.VectorState;
import dev.rhea.engine.cpu.GuestFault;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The standards' own examples through the instructions, as programs use these. */
class VectorCryptoTest {
    private static final int E32 = 2 << 3;
    private static final int E64 = 3 << 3;
    private static final int M2 = 1;

    private final Riscv isa = RandomWords.everything(64);
    private final RiscvCpu cpu = (RiscvCpu) isa.newCpu((c, address, access) -> 0);
    private final Assembler assembler = new Assembler(isa.table(), isa.operands());
    /** v0 to v31, of 128 bits each. */
    private final byte[] registers = new byte[32 * 16];

    /** Runs one instruction. @param vtype element width, number of registers in a group */
    private void run(String instruction, int vl, int vtype) throws AssemblyException {
        run(instruction, 0, vl, vtype);
    }

    private void run(String instruction, int vstart, int vl, int vtype) throws AssemblyException {
        cpu.vector().restore(vstart, vl, vtype, 0, registers);
        var builder = (RiscvBuilder) isa.newBuilder();
        builder.begin(0);
        isa.table().emit(builder, assembler.instruction(instruction, 0));
        IrEvaluator.run(builder.nodes(), cpu);
        System.arraycopy(cpu.vector().registers(), 0, registers, 0, registers.length);
    }

    private void set(int register, byte[] value) {
        System.arraycopy(value, 0, registers, 16 * register, value.length);
    }

    private void set(int register, String hex) {
        set(register, HexFormat.of().parseHex(hex));
    }

    private byte[] get(int register, int bytes) {
        return Arrays.copyOfRange(registers, 16 * register, 16 * register + bytes);
    }

    private String hex(int register) {
        return HexFormat.of().formatHex(get(register, 16));
    }

    // ---- AES

    private static final String PLAIN = "00112233445566778899aabbccddeeff";

    /** FIPS 197, appendices C.1 and C.3; round keys from v16 on. */
    @ParameterizedTest
    @CsvSource({
        "000102030405060708090a0b0c0d0e0f, 69c4e0d86a7b0430d8cdb78070b4c55a",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f, 8ea2b7ca516745bfeafc49904b496089"
    })
    void aesDoesTheStandardsExamples(String key, String cipher) throws AssemblyException {
        boolean is256 = key.length() == 64;
        int rounds = is256 ? 14 : 10;
        set(16, key);
        for (int round = is256 ? 2 : 1; round <= rounds; round++) {
            int at = 16 + round;
            if (is256) {
                set(at, get(at - 2, 16));
                run("vaeskf2.vi v" + at + ", v" + (at - 1) + ", " + round, 4, E32);
            } else {
                run("vaeskf1.vi v" + at + ", v" + (at - 1) + ", " + round, 4, E32);
            }
        }
        for (String form : new String[] {".vv", ".vs"}) {
            set(1, PLAIN);
            run("vaesz.vs v1, v16", 4, E32);
            for (int round = 1; round < rounds; round++) {
                run("vaesem" + form + " v1, v" + (16 + round), 4, E32);
            }
            run("vaesef" + form + " v1, v" + (16 + rounds), 4, E32);
            assertThat(hex(1)).isEqualTo(cipher);
            run("vaesz.vs v1, v" + (16 + rounds), 4, E32);
            for (int round = rounds - 1; round > 0; round--) {
                run("vaesdm" + form + " v1, v" + (16 + round), 4, E32);
            }
            run("vaesdf" + form + " v1, v16", 4, E32);
            assertThat(hex(1)).isEqualTo(PLAIN);
        }
    }

    @Test
    void aScalarRoundKeyIsThatOfAllBlocksAndEachBlockHasItsOwnOtherwise() throws AssemblyException {
        set(2, "00000000000000000000000000000000ffffffffffffffffffffffffffffffff");
        set(8, PLAIN + PLAIN);
        run("vaesef.vs v2, v9", 8, E32 | M2);
        byte[] scalar = get(2, 32);
        set(2, "00000000000000000000000000000000ffffffffffffffffffffffffffffffff");
        run("vaesef.vv v2, v8", 8, E32 | M2);
        assertThat(get(2, 32)).isEqualTo(scalar);
        set(2, PLAIN + PLAIN);
        run("vaesz.vs v2, v9", 4, 8, E32 | M2);
        assertThat(hex(2)).isEqualTo(PLAIN);
        assertThat(hex(3)).isEqualTo("0".repeat(32));
    }

    @Test
    void roundNumbersThatAreNoneAreTakenToSomeThatAre() throws AssemblyException {
        for (int[] pair : new int[][] {{0, 8}, {11, 3}, {15, 7}, {16 + 5, 5}}) {
            assertThat(expanded("vaeskf1.vi", pair[0])).isEqualTo(expanded("vaeskf1.vi", pair[1]));
        }
        for (int[] pair : new int[][] {{0, 8}, {1, 9}, {15, 7}, {16 + 6, 6}}) {
            assertThat(expanded("vaeskf2.vi", pair[0])).isEqualTo(expanded("vaeskf2.vi", pair[1]));
        }
        assertThat(expanded("vaeskf1.vi", 9)).isNotEqualTo(expanded("vaeskf1.vi", 10));
    }

    private String expanded(String mnemonic, int round) throws AssemblyException {
        set(1, PLAIN);
        set(2, "000102030405060708090a0b0c0d0e0f");
        run(mnemonic + " v1, v2, " + round, 4, E32);
        return hex(1);
    }

    // ---- hashes

    private static final byte[] MESSAGE = "abc".getBytes(StandardCharsets.US_ASCII);

    /** The message's only block: a one bit after it, and its length in bits at the end. */
    private static ByteBuffer block(int bytes) {
        ByteBuffer block = ByteBuffer.allocate(bytes).order(ByteOrder.BIG_ENDIAN);
        block.put(MESSAGE)
                .put((byte) 0x80)
                .putInt(bytes - 4, 8 * MESSAGE.length)
                .rewind();
        return block;
    }

    /** The first 64 bits of the fractions of the cube or square roots of the first primes: FIPS 180-4, sections 4.2 and 5.3. */
    private static long[] fractions(int count, int power) {
        var found = new long[count];
        BigInteger prime = BigInteger.ONE;
        for (int i = 0; i < count; i++) {
            prime = prime.nextProbablePrime();
            BigInteger scaled = prime.shiftLeft(64 * power);
            BigInteger root = BigInteger.ZERO;
            for (int bit = 72; bit >= 0; bit--) {
                BigInteger more = root.setBit(bit);
                root = more.pow(power).compareTo(scaled) <= 0 ? more : root;
            }
            found[i] = root.longValue();
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "4, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "8, ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
    })
    void sha2DoesTheStandardsExamples(int wordBytes, String digest) throws AssemblyException {
        boolean wide = wordBytes == 8;
        int rounds = wide ? 80 : 64;
        int vtype = wide ? E64 | M2 : E32;
        int excess = 64 - 8 * wordBytes;
        ByteBuffer message = block(16 * wordBytes);
        var w = new long[rounds];
        for (int t = 0; t < 16; t++) {
            w[t] = wide ? message.getLong() : message.getInt();
        }
        for (int t = 16; t < rounds; t += 4) {
            words(2, wide, w[t - 16], w[t - 15], w[t - 14], w[t - 13]);
            words(4, wide, w[t - 12], w[t - 7], w[t - 6], w[t - 5]);
            words(6, wide, w[t - 4], -1, w[t - 2], w[t - 1]);
            run("vsha2ms.vv v2, v4, v6", 4, vtype);
            for (int i = 0; i < 4; i++) {
                w[t + i] = word(2, i, wide);
            }
        }
        long[] k = fractions(rounds, 3);
        long[] h = fractions(8, 2);
        for (int i = 0; i < 8; i++) {
            h[i] >>>= excess;
        }
        words(2, wide, h[7], h[6], h[3], h[2]);
        words(4, wide, h[5], h[4], h[1], h[0]);
        for (int t = 0; t < rounds; t += 4) {
            words(
                    6,
                    wide,
                    w[t] + (k[t] >>> excess),
                    w[t + 1] + (k[t + 1] >>> excess),
                    w[t + 2] + (k[t + 2] >>> excess),
                    w[t + 3] + (k[t + 3] >>> excess));
            run("vsha2cl.vv v2, v4, v6", 4, vtype);
            run("vsha2ch.vv v4, v2, v6", 4, vtype);
        }
        var out = new StringBuilder();
        int[][] places = {{4, 3}, {4, 2}, {2, 3}, {2, 2}, {4, 1}, {4, 0}, {2, 1}, {2, 0}};
        for (int i = 0; i < 8; i++) {
            long sum = h[i] + word(places[i][0], places[i][1], wide);
            out.append(HexFormat.of().toHexDigits(sum, 2 * wordBytes));
        }
        assertThat(out.toString()).isEqualTo(digest);
    }

    private void words(int register, boolean wide, long... values) {
        var buffer = ByteBuffer.wrap(registers).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            if (wide) {
                buffer.putLong(16 * register + 8 * i, values[i]);
            } else {
                buffer.putInt(16 * register + 4 * i, (int) values[i]);
            }
        }
    }

    private long word(int register, int i, boolean wide) {
        var buffer = ByteBuffer.wrap(registers).order(ByteOrder.LITTLE_ENDIAN);
        return wide ? buffer.getLong(16 * register + 8 * i) : buffer.getInt(16 * register + 4 * i) & 0xffffffffL;
    }

    /** GB/T 32905, appendix A.1. */
    @Test
    void sm3DoesTheStandardsExample() throws AssemblyException {
        ByteBuffer w = ByteBuffer.allocate(4 * 80).order(ByteOrder.BIG_ENDIAN);
        w.put(block(64));
        for (int t = 16; t < 72; t += 8) {
            set(4, Arrays.copyOfRange(w.array(), 4 * (t - 16), 4 * (t - 8)));
            set(6, Arrays.copyOfRange(w.array(), 4 * (t - 8), 4 * t));
            run("vsm3me.vv v2, v6, v4", 8, E32 | M2);
            w.put(get(2, 32));
        }
        byte[] start = HexFormat.of().parseHex("7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e");
        set(2, start);
        for (int half = 0; half < 32; half++) {
            set(4, Arrays.copyOfRange(w.array(), 8 * half, 8 * half + 32));
            run("vsm3c.vi v2, v4, " + half, 8, E32 | M2);
        }
        byte[] digest = get(2, 32);
        for (int i = 0; i < digest.length; i++) {
            digest[i] ^= start[i];
        }
        assertThat(HexFormat.of().formatHex(digest))
                .isEqualTo("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    }

    // ---- products without carries

    /** The GCM specification's second test case. */
    @Test
    void ghashDoesTheSpecificationsExample() throws AssemblyException {
        String key = "66e94bd4ef8a2c3b884cfa59ca342b2e";
        set(1, "0388dace60b6a392f328c2b971b2fe78");
        set(2, key);
        run("vgmul.vv v1, v2", 4, E32);
        assertThat(hex(1)).isEqualTo("5e2ec746917062882c85b0685353deb7");
        set(3, "00000000000000000000000000000080");
        run("vghsh.vv v1, v2, v3", 4, E32);
        assertThat(hex(1)).isEqualTo("f38cbb1ad69223dcc3457ae5b6b0f885");
    }

    @Test
    void fieldProductsAreThoseOfLongHand() throws AssemblyException {
        var random = new SplittableRandom(3);
        for (int n = 0; n < 50; n++) {
            var x = new byte[16];
            var y = new byte[16];
            random.nextBytes(x);
            random.nextBytes(y);
            set(1, x);
            set(2, y);
            run("vgmul.vv v1, v2", 4, E32);
            assertThat(polynomial(get(1, 16))).isEqualTo(product(polynomial(x), polynomial(y)));
        }
    }

    /** NIST SP 800-38D, section 6.3: the first bit, the highest of the first byte, is the coefficient of 1. */
    private static BigInteger polynomial(byte[] block) {
        BigInteger polynomial = BigInteger.ZERO;
        for (int i = 0; i < 128; i++) {
            polynomial = (block[i / 8] >> 7 - i % 8 & 1) != 0 ? polynomial.setBit(i) : polynomial;
        }
        return polynomial;
    }

    private static BigInteger product(BigInteger x, BigInteger y) {
        BigInteger product = carryless(x, y);
        BigInteger modulus = BigInteger.valueOf(0x87).setBit(128);
        for (int i = product.bitLength() - 1; i >= 128; i--) {
            product = product.testBit(i) ? product.xor(modulus.shiftLeft(i - 128)) : product;
        }
        return product;
    }

    private static BigInteger carryless(BigInteger x, BigInteger y) {
        BigInteger product = BigInteger.ZERO;
        for (int i = 0; i < x.bitLength(); i++) {
            product = x.testBit(i) ? product.xor(y.shiftLeft(i)) : product;
        }
        return product;
    }

    @Test
    void productsWithoutCarriesHaveTwoHalves() throws AssemblyException {
        var random = new SplittableRandom(4);
        for (int n = 0; n < 50; n++) {
            long a = random.nextLong();
            long b = random.nextLong();
            BigInteger expected = carryless(unsigned(a), unsigned(b));
            words(1, true, a, 1);
            words(2, true, b, a);
            cpu.r[10] = a;
            run("vclmul.vv v3, v2, v1", 2, E64);
            run("vclmulh.vv v4, v2, v1", 2, E64);
            run("vclmul.vx v5, v2, a0", 2, E64);
            run("vclmulh.vx v6, v2, a0", 2, E64);
            assertThat(word(3, 0, true)).isEqualTo(expected.longValue());
            assertThat(word(3, 1, true)).isEqualTo(a);
            assertThat(word(4, 0, true)).isEqualTo(expected.shiftRight(64).longValue());
            assertThat(word(4, 1, true)).isZero();
            assertThat(word(5, 0, true)).isEqualTo(expected.longValue());
            assertThat(word(6, 0, true)).isEqualTo(expected.shiftRight(64).longValue());
        }
    }

    private static BigInteger unsigned(long x) {
        return new BigInteger(Long.toUnsignedString(x));
    }

    // ---- what is reserved

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vaesem.vv v1, v2       | 4 | 0x18 | another element width
            vaesem.vv v2, v4       | 6 | 0x11 | no whole element groups
            vaesem.vv v1, v2       | 0 | 0x17 | half a register has no element group
            vaesem.vv v1, v2       | 4 | 0x11 | vd is no group
            vaesem.vv v2, v3       | 4 | 0x11 | vs2 is no group
            vaesem.vs v2, v3       | 4 | 0x11 | the key is in vd
            vaesz.vs v1, v1        | 4 | 0x10 | the key is in vd
            vaeskf1.vi v1, v2, 1   | 4 | 0x18 | another element width
            vaeskf2.vi v2, v3, 2   | 4 | 0x11 | vs2 is no group
            vghsh.vv v2, v4, v3    | 4 | 0x11 | vs1 is no group
            vgmul.vv v1, v2        | 4 | 0x18 | another element width
            vsha2ms.vv v1, v2, v1  | 4 | 0x10 | vs1 is vd
            vsha2cl.vv v1, v1, v2  | 4 | 0x10 | vs2 is vd
            vsha2ch.vv v1, v2, v3  | 0 | 0x18 | one register of 64-bit elements has no element group
            vsha2ch.vv v1, v2, v3  | 4 | 0x08 | another element width
            vsm3me.vv v1, v2, v3   | 0 | 0x10 | one register has no element group
            vsm3me.vv v2, v2, v4   | 8 | 0x11 | vs2 is vd
            vsm3me.vv v2, v4, v6   | 4 | 0x11 | no whole element groups
            vsm3c.vi v2, v2, 0     | 8 | 0x11 | vs2 is vd
            vclmul.vv v1, v2, v3   | 4 | 0x10 | another element width
            vclmulh.vx v1, v2, a0  | 4 | 0x10 | another element width
            """)
    void whatIsReservedIsIllegal(String instruction, int vl, String vtype, String why) {
        assertThatThrownBy(() -> run(instruction, vl, Integer.decode(vtype)))
                .as(why)
                .isInstanceOf(GuestFault.class);
    }

    @Test
    void aStartWithinAnElementGroupIsIllegal() {
        assertThatThrownBy(() -> run("vaesem.vv v2, v4", 2, 8, E32 | M2)).isInstanceOf(GuestFault.class);
    }

    @Test
    void whatAnInstructionDidBeginsAtTheFirstElementAgain() throws AssemblyException {
        run("vgmul.vv v2, v4", 4, 8, E32 | M2);
        assertThat(cpu.vector().csr(VectorState.VSTART, 64)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rv64,v=on,zvknha=on", "rv64,v=on,zvknhb=on"})
    void onlyZvknhbHasTheWideWords(String model) throws Exception {
        var one = (Riscv) new RiscvArchitecture().guest("riscv64", model).isa();
        var hart = (RiscvCpu) one.newCpu((c, address, access) -> 0);
        var builder = (RiscvBuilder) one.newBuilder();
        builder.begin(0);
        one.table().emit(builder, new Assembler(one.table(), one.operands()).instruction("vsha2cl.vv v2, v4, v6", 0));
        hart.vector().restore(0, 4, E32, 0, registers);
        IrEvaluator.run(builder.nodes(), hart);
        hart.vector().restore(0, 4, E64 | M2, 0, registers);
        if (model.endsWith("zvknhb=on")) {
            IrEvaluator.run(builder.nodes(), hart);
        } else {
            assertThatThrownBy(() -> IrEvaluator.run(builder.nodes(), hart)).isInstanceOf(GuestFault.class);
        }
    }

    @Test
    void halfALongRegisterHoldsAnElementGroup() throws AssemblyException {
        var hart = (RiscvCpu) isa.withVlen(256).newCpu((c, address, access) -> 0);
        hart.vector().restore(0, 4, E32 | 7, 0, new byte[32 * 32]);
        var builder = (RiscvBuilder) isa.newBuilder();
        builder.begin(0);
        isa.table().emit(builder, assembler.instruction("vaesef.vs v1, v2", 0));
        IrEvaluator.run(builder.nodes(), hart);
        assertThat(hart.vector().piece(1, 1)).isEqualTo(0x6363636363636363L);
        assertThat(hart.vector().piece(1, 2)).isZero();
    }
}
