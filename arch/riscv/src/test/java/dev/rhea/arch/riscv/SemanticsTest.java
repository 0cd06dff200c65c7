package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.decode.Assembler;
import dev.rhea.engine.decode.AssemblyException;
import dev.rhea.engine.decode.Insn;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.SplittableRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Meanings against independent definitions: the manual's tables, the JDK's ciphers, arithmetic done the slow way. */
class SemanticsTest {
    private final Riscv wide = RandomWords.everything(64);
    private final Riscv narrow = RandomWords.everything(32);

    /** a0 after {@code instruction}, which reads a1 and a2. */
    private static long run(Riscv isa, String instruction, long a1, long a2) throws AssemblyException {
        Cpu cpu = isa.newCpu((c, address, access) -> 0);
        cpu.r[11] = a1;
        cpu.r[12] = a2;
        Insn insn = new Assembler(isa.table(), isa.operands()).instruction(instruction, 0);
        var builder = (RiscvBuilder) isa.newBuilder();
        builder.begin(0);
        isa.table().emit(builder, insn);
        IrEvaluator.run(builder.nodes(), cpu);
        return cpu.r[10];
    }

    private long run(String mnemonic, long a1, long a2) throws AssemblyException {
        return run(wide, mnemonic + " a0, a1, a2", a1, a2);
    }

    @ParameterizedTest
    @CsvSource({
        "div, 7, 0, -1",
        "divu, 7, 0, -1",
        "rem, 7, 0, 7",
        "remu, -7, 0, -7",
        "div, -9223372036854775808, -1, -9223372036854775808",
        "rem, -9223372036854775808, -1, 0",
        "divw, -2147483648, -1, -2147483648",
        "remw, -2147483648, -1, 0",
        "divw, 7, 4294967296, -1",
        "divuw, -1, 2, 2147483647",
        "mulhsu, -1, -1, -1",
        "mulhsu, -1, 1, -1",
        "mulhu, -1, -1, -2",
        "mulh, -1, -1, 0",
        "sllw, 1, 31, -2147483648",
        "sll, 1, 64, 1",
        "sraw, 2147483648, 31, -1",
        "sltu, 0, -1, 1",
        "slt, 0, -1, 0",
        "add.uw, -1, 1, 4294967296",
        "sh3add, 1, 2, 10",
        "rolw, 2147483648, 1, 1",
        "minu, -1, 0, 0",
        "max, -1, 0, 0",
        "bext, -9223372036854775808, 127, 1",
        "czero.eqz, 5, 0, 0",
        "czero.nez, 5, 0, 5",
        "xperm8, 506097522914230528, 2314885530818453536, 0",
        "packh, 257, 2, 513",
    })
    void theManualsCornersHold(String mnemonic, long a, long b, long expected) throws AssemblyException {
        assertThat(run(mnemonic, a, b)).isEqualTo(expected);
    }

    @Test
    void productsWithoutCarryAreThoseOfLongHand() throws AssemblyException {
        var random = new SplittableRandom(6);
        for (int n = 0; n < 200; n++) {
            long a = random.nextLong();
            long b = random.nextLong();
            BigInteger product = BigInteger.ZERO;
            BigInteger unsigned = new BigInteger(Long.toUnsignedString(a));
            for (int i = 0; i < 64; i++) {
                product = (b >>> i & 1) == 0 ? product : product.xor(unsigned.shiftLeft(i));
            }
            assertThat(run("clmul", a, b)).isEqualTo(product.longValue());
            assertThat(run("clmulh", a, b)).isEqualTo(product.shiftRight(64).longValue());
            assertThat(run("clmulr", a, b)).isEqualTo(product.shiftRight(63).longValue());
        }
    }

    @Test
    void orcAndBrevWorkOnBytes() throws AssemblyException {
        assertThat(run(wide, "orc.b a0, a1", 0x0001_8000_1000_00ffL, 0)).isEqualTo(0x00ff_ff00_ff00_00ffL);
        assertThat(run(wide, "brev8 a0, a1", 0x0180_0000_0000_0003L, 0)).isEqualTo(0x8001_0000_0000_00c0L);
        assertThat(run(wide, "rev8 a0, a1", 0x0123456789abcdefL, 0)).isEqualTo(0xefcdab8967452301L);
        assertThat(run(narrow, "unzip a0, a1", run(narrow, "zip a0, a1", 0x12345678, 0), 0))
                .isEqualTo(0x12345678);
        assertThat(run(narrow, "zip a0, a1", 0xffff, 0)).isEqualTo(0x55555555);
    }

    /** Encrypts a block with the instructions as the manual's example does, key schedule included. */
    @Test
    void theAesInstructionsAreTheJdksAes() throws AssemblyException, GeneralSecurityException {
        var random = new SplittableRandom(7);
        for (int n = 0; n < 5; n++) {
            byte[] key = new byte[16];
            byte[] block = new byte[16];
            random.nextBytes(key);
            random.nextBytes(block);
            long[] low = new long[11];
            long[] high = new long[11];
            low[0] = word(key, 0);
            high[0] = word(key, 8);
            for (int i = 0; i < 10; i++) {
                long t = run(wide, "aes64ks1i a0, a1, " + i, high[i], 0);
                low[i + 1] = run("aes64ks2", t, low[i]);
                high[i + 1] = run("aes64ks2", low[i + 1], high[i]);
            }
            long a = word(block, 0) ^ low[0];
            long b = word(block, 8) ^ high[0];
            for (int i = 1; i <= 10; i++) {
                String step = i == 10 ? "aes64es" : "aes64esm";
                long next = run(step, a, b) ^ low[i];
                b = run(step, b, a) ^ high[i];
                a = next;
            }
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            byte[] expected = cipher.doFinal(block);
            assertThat(a).isEqualTo(word(expected, 0));
            assertThat(b).isEqualTo(word(expected, 8));
            // and back: the equivalent inverse cipher with mixed round keys
            a ^= low[10];
            b ^= high[10];
            for (int i = 9; i >= 0; i--) {
                String step = i == 0 ? "aes64ds" : "aes64dsm";
                long l = i == 0 ? low[0] : run(wide, "aes64im a0, a1", low[i], 0);
                long h = i == 0 ? high[0] : run(wide, "aes64im a0, a1", high[i], 0);
                long next = run(step, a, b) ^ l;
                b = run(step, b, a) ^ h;
                a = next;
            }
            assertThat(a).isEqualTo(word(block, 0));
            assertThat(b).isEqualTo(word(block, 8));
        }
    }

    private static long word(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
    }

    /** The first example of the standard: GB/T 32907-2016, appendix A.1. */
    @Test
    void theSm4InstructionsAreTheStandardsSm4() throws AssemblyException {
        int[] text = {0x01234567, 0x89abcdef, 0xfedcba98, 0x76543210};
        int[] k = new int[36];
        int[] x = new int[36];
        int[] system = {0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc};
        for (int i = 0; i < 4; i++) {
            k[i] = text[i] ^ system[i];
            x[i] = text[i];
        }
        for (int i = 0; i < 32; i++) {
            int constant = 0;
            for (int j = 0; j < 4; j++) {
                constant = constant << 8 | (4 * i + j) * 7 & 0xff;
            }
            k[i + 4] = step("sm4ks", k[i], k[i + 1] ^ k[i + 2] ^ k[i + 3] ^ constant);
        }
        for (int i = 0; i < 32; i++) {
            x[i + 4] = step("sm4ed", x[i], x[i + 1] ^ x[i + 2] ^ x[i + 3] ^ k[i + 4]);
        }
        assertThat(new int[] {x[35], x[34], x[33], x[32]})
                .containsExactly(0x681edf34, 0xd206965e, 0x86b3e94f, 0x536e4246);
    }

    /** Four byte steps on words whose bytes are reversed, as the instructions have them. */
    private int step(String mnemonic, int start, int word) throws AssemblyException {
        long sum = Integer.reverseBytes(start);
        for (int bs = 0; bs < 4; bs++) {
            sum = run(wide, mnemonic + " a0, a1, a2, " + bs, sum, Integer.reverseBytes(word));
        }
        return Integer.reverseBytes((int) sum);
    }

    @Test
    void aHalfOfSha512OnRv32IsThatOfRv64() throws AssemblyException {
        var random = new SplittableRandom(8);
        for (int n = 0; n < 100; n++) {
            long value = random.nextLong();
            long lo = (int) value;
            long hi = (int) (value >>> 32);
            for (String sum : new String[] {"sha512sum0", "sha512sum1"}) {
                long expected = run(wide, sum + " a0, a1", value, 0);
                assertThat(run(narrow, sum + "r a0, a1, a2", lo, hi)).isEqualTo((int) expected);
                assertThat(run(narrow, sum + "r a0, a1, a2", hi, lo)).isEqualTo((int) (expected >>> 32));
            }
            for (String sig : new String[] {"sha512sig0", "sha512sig1"}) {
                long expected = run(wide, sig + " a0, a1", value, 0);
                assertThat(run(narrow, sig + "l a0, a1, a2", lo, hi)).isEqualTo((int) expected);
                assertThat(run(narrow, sig + "h a0, a1, a2", hi, lo)).isEqualTo((int) (expected >>> 32));
            }
        }
    }
}
