package dev.rhea.user.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Offsets are those of {@code asm-generic/siginfo.h}. */
final class SignalInfoTest {
    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void aFaultHasItsAddressBehindThreeIntsAndAGapIn64Bits() {
        ByteBuffer b =
                little(SignalInfo.fault(Signal.SIGSEGV, 2, 0x1122334455667788L).encode(8, false));
        assertThat(b.capacity()).isEqualTo(128);
        assertThat(b.getInt(0)).isEqualTo(Signal.SIGSEGV);
        assertThat(b.getInt(4)).isZero();
        assertThat(b.getInt(8)).isEqualTo(2);
        assertThat(b.getLong(16)).isEqualTo(0x1122334455667788L);
    }

    @Test
    void aFaultHasItsAddressRightBehindTheIntsIn32Bits() {
        ByteBuffer b = little(SignalInfo.fault(Signal.SIGBUS, 1, 0xdeadbeefL).encode(4, false));
        assertThat(b.getInt(12)).isEqualTo(0xdeadbeef);
    }

    @Test
    void aChildsEndSaysWhoAndHow() {
        ByteBuffer b = little(new SignalInfo(Signal.SIGCHLD, SignalInfo.CLD_EXITED, 77, 1000, 0, 42).encode(8, false));
        assertThat(b.getInt(16)).isEqualTo(77);
        assertThat(b.getInt(20)).isEqualTo(1000);
        assertThat(b.getInt(24)).isEqualTo(42);
    }

    @Test
    void aBigEndianGuestReadsItsOwnOrder() {
        ByteBuffer b = ByteBuffer.wrap(SignalInfo.user(Signal.SIGTERM, 3, 4).encode(4, true));
        assertThat(b.getInt(0)).isEqualTo(Signal.SIGTERM);
        assertThat(b.getInt(12)).isEqualTo(3);
        assertThat(b.getInt(16)).isEqualTo(4);
    }

    @Test
    void whatAProgramQueuesComesBackAsItWas() {
        SignalInfo sent = new SignalInfo(40, SignalInfo.SI_QUEUE, 12, 34, 0x5566778899L, 0);
        assertThat(SignalInfo.decode(40, sent.encode(8, false), 8, false)).isEqualTo(sent);
    }
}
