package dev.rhea.device.serial;

import static dev.rhea.device.serial.Uart16550A.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Ns16550aTest {
    private static final int IDLE = LSR_THRE | LSR_TEMT;

    private final DeviceBench bench = new DeviceBench();
    private final DeviceBench.Probe irq = new DeviceBench.Probe();
    private final FakeWire wire = new FakeWire();
    private final Ns16550a uart = new Ns16550a(0, 230_400, bench.clock, irq, wire);

    @BeforeEach
    void place() {
        bench.place(0, uart.region());
        bench.locked(uart::reset);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private int get(int register) {
        return (int) bench.read(register, 1);
    }

    private void put(int register, int value) {
        bench.write(register, value, 1);
    }

    private void type(String text) {
        bench.locked(() -> wire.type(text));
    }

    @Test
    void whatIsWrittenIsSentAtOnceAndTheTransmitterIsEmptyAgain() {
        for (char c : "Hi".toCharArray()) {
            assertThat(get(LSR)).isEqualTo(IDLE);
            put(RBR_THR_DLL, c);
        }
        assertThat(wire.sent).hasToString("Hi");
    }

    @Test
    void linuxRecognisesIt() {
        // The steps of Linux's autoconfig: interrupt enables, modem loopback, FIFOs.
        put(IER_DLM, 0);
        assertThat(get(IER_DLM)).isZero();
        put(IER_DLM, 0xff);
        assertThat(get(IER_DLM) & 0x0f).isEqualTo(0x0f);
        put(IER_DLM, 0);
        put(MCR, MCR_LOOP | MCR_OUT2 | MCR_RTS);
        assertThat(get(MSR) & 0xf0).isEqualTo(MSR_DCD | MSR_CTS);
        put(MCR, 0);
        put(IIR_FCR, FCR_ENABLE);
        assertThat(get(IIR_FCR) >> 6).isEqualTo(3);
        put(SCR, 0xa5);
        assertThat(get(SCR)).isEqualTo(0xa5);
        // The bit that a 64-byte FIFO would show.
        put(LCR, LCR_DLAB);
        put(IIR_FCR, FCR_ENABLE | 0x20);
        assertThat(get(IIR_FCR) >> 5).isEqualTo(6);
    }

    @Test
    void enablingTheTransmitterInterruptAsksAtOnceAndReadingIirAnswers() {
        put(IER_DLM, IER_ETBEI);
        assertThat(irq.high).isTrue();
        assertThat(get(IIR_FCR)).isEqualTo(IIR_THR_EMPTY);
        assertThat(irq.high).isFalse();
        assertThat(get(IIR_FCR)).isEqualTo(IIR_NONE);
        put(IER_DLM, 0);
        put(IER_DLM, IER_ETBEI);
        assertThat(irq.high).isTrue();
        put(RBR_THR_DLL, 'x');
        assertThat(irq.high).isTrue();
        assertThat(irq.edges).isEqualTo(3);
    }

    @Test
    void theTransmitterKeepsWhatTheOtherEndHasNoRoomFor() {
        put(IIR_FCR, FCR_ENABLE);
        put(IER_DLM, IER_ETBEI);
        get(IIR_FCR);
        wire.capacity = 1;
        put(RBR_THR_DLL, 'a');
        get(IIR_FCR);
        put(RBR_THR_DLL, 'b');
        put(RBR_THR_DLL, 'c');
        assertThat(get(LSR)).isZero();
        assertThat(irq.high).isFalse();
        wire.capacity = 1;
        bench.locked(() -> wire.port.writable());
        assertThat(get(LSR)).isZero();
        wire.capacity = 99;
        bench.locked(() -> wire.port.writable());
        assertThat(get(LSR)).isEqualTo(IDLE);
        assertThat(irq.high).isTrue();
        assertThat(wire.sent).hasToString("abc");
    }

    @Test
    void aFullTransmitterLosesWhatComesOnTop() {
        put(IIR_FCR, FCR_ENABLE);
        wire.capacity = 0;
        for (int i = 0; i < 40; i++) {
            put(RBR_THR_DLL, 'a' + i % 26);
        }
        wire.capacity = 99;
        bench.locked(() -> wire.port.writable());
        assertThat(wire.sent).hasToString("abcdefghijklmnop");
    }

    @Test
    void withoutFifoOneCharacterIsReceivedAtATime() {
        put(IER_DLM, IER_ERBFI);
        assertThat(wire.port.room()).isEqualTo(1);
        type("a");
        assertThat(wire.port.room()).isZero();
        assertThat(irq.high).isTrue();
        assertThat(get(IIR_FCR)).isEqualTo(IIR_DATA_AVAILABLE);
        assertThat(get(LSR)).isEqualTo(IDLE | LSR_DR);
        int before = wire.accepts;
        assertThat(get(RBR_THR_DLL)).isEqualTo('a');
        assertThat(wire.accepts).isEqualTo(before + 1);
        assertThat(irq.high).isFalse();
        assertThat(get(RBR_THR_DLL)).isZero();
    }

    @Test
    void anOverrunReplacesTheCharacterWithoutFifoAndIsToldOnce() {
        put(IER_DLM, IER_ELSI);
        type("ab");
        assertThat(get(IIR_FCR)).isEqualTo(IIR_LINE_STATUS);
        assertThat(get(LSR)).isEqualTo(IDLE | LSR_DR | LSR_OE);
        assertThat(irq.high).isFalse();
        assertThat(get(LSR)).isEqualTo(IDLE | LSR_DR);
        assertThat(get(RBR_THR_DLL)).isEqualTo('b');
    }

    @Test
    void anOverrunOfTheFifoKeepsWhatIsInIt() {
        put(IIR_FCR, FCR_ENABLE);
        type("0123456789abcdefgh");
        assertThat(get(LSR) & LSR_OE).isEqualTo(LSR_OE);
        StringBuilder read = new StringBuilder();
        while ((get(LSR) & LSR_DR) != 0) {
            read.append((char) get(RBR_THR_DLL));
        }
        assertThat(read).hasToString("0123456789abcdef");
    }

    @Test
    void theFifoInterruptsAtItsTriggerLevelOrAfterAPause() {
        put(LCR, 3);
        put(IIR_FCR, FCR_ENABLE | 0x80);
        put(IER_DLM, IER_ERBFI);
        type("1234567");
        assertThat(irq.high).isFalse();
        type("8");
        assertThat(get(IIR_FCR)).isEqualTo(IIR_FIFOS_ENABLED | IIR_DATA_AVAILABLE);
        get(RBR_THR_DLL);
        assertThat(irq.high).isFalse();
        // 10 bits a character at 230400 / 12 baud: four of them take 2.083 ms.
        bench.advance(2_080_000);
        assertThat(irq.high).isFalse();
        bench.advance(10_000);
        assertThat(get(IIR_FCR)).isEqualTo(IIR_FIFOS_ENABLED | IIR_CHARACTER_TIMEOUT);
        get(RBR_THR_DLL);
        assertThat(irq.high).isFalse();
        bench.advance(3_000_000);
        assertThat(irq.high).isTrue();
        put(IIR_FCR, FCR_ENABLE | FCR_RESET_RECEIVER | 0x80);
        assertThat(irq.high).isFalse();
        assertThat(get(LSR)).isEqualTo(IDLE);
    }

    @Test
    void aBreakBelongsToItsPlaceInTheFifo() {
        put(IIR_FCR, FCR_ENABLE);
        type("a");
        bench.locked(() -> wire.port.receiveBreak());
        type("b");
        assertThat(get(LSR)).isEqualTo(IDLE | LSR_DR | LSR_FIFO_ERROR);
        assertThat(get(RBR_THR_DLL)).isEqualTo('a');
        assertThat(get(LSR)).isEqualTo(IDLE | LSR_DR | LSR_BI | LSR_FIFO_ERROR);
        assertThat(get(LSR)).isEqualTo(IDLE | LSR_DR);
        assertThat(get(RBR_THR_DLL)).isZero();
        assertThat(get(RBR_THR_DLL)).isEqualTo('b');
    }

    @Test
    void loopbackReceivesWhatIsSentAndLetsNothingIn() {
        put(MCR, MCR_LOOP);
        put(IIR_FCR, FCR_ENABLE);
        put(RBR_THR_DLL, 'x');
        type("y");
        assertThat(wire.port.room()).isZero();
        assertThat(get(RBR_THR_DLL)).isEqualTo('x');
        assertThat(get(LSR) & LSR_DR).isZero();
        assertThat(wire.sent).isEmpty();
        put(MCR, MCR_LOOP | MCR_OUT1);
        assertThat(get(MSR)).isEqualTo(MSR_RI | (MSR_CTS | MSR_DSR | MSR_DCD) >> 4);
        put(MCR, MCR_LOOP);
        assertThat(get(MSR)).isEqualTo(MSR_TERI);
        put(MCR, 0);
        assertThat(wire.port.room()).isEqualTo(16);
    }

    @Test
    void theModemsLinesShowWithDeltas() {
        assertThat(get(MSR)).isEqualTo(MSR_CTS | MSR_DSR | MSR_DCD);
        put(IER_DLM, IER_EDSSI);
        bench.locked(() -> wire.port.setModemStatus(false, true, false, true));
        assertThat(get(IIR_FCR)).isEqualTo(IIR_MODEM_STATUS);
        assertThat(get(MSR)).isEqualTo(MSR_DSR | MSR_DCD | 1);
        assertThat(irq.high).isFalse();
    }

    @Test
    void theOtherEndLearnsHowCharactersLookAndOfABreak() {
        put(LCR, LCR_DLAB);
        put(RBR_THR_DLL, 2);
        put(IER_DLM, 0);
        put(LCR, LCR_PEN | LCR_EPS | LCR_STB | 2);
        put(LCR, LCR_BREAK | LCR_PEN | LCR_EPS | LCR_STB | 2);
        put(MCR, MCR_DTR);
        assertThat(wire.events).endsWith("115200 NONE 5 1", "115200 EVEN 7 2", "break true", "dtr true rts false");
        bench.locked(uart::reset);
        assertThat(wire.events).endsWith("break false");
    }

    @Test
    void aDivisorOfZeroHarmsNobody() {
        put(LCR, LCR_DLAB);
        put(RBR_THR_DLL, 0);
        put(LCR, 3);
        put(IIR_FCR, FCR_ENABLE | 0xc0);
        put(IER_DLM, IER_ERBFI);
        type("a");
        bench.advance(1_000_000);
        assertThat(irq.high).isTrue();
    }

    @Test
    void registersLieApartAsTheBoardSays() {
        Ns16550a wide = new Ns16550a(2, 115_200, bench.clock, irq, wire);
        bench.place(0x1000, wide.region());
        bench.write(0x1000 + 4 * SCR, 0x12, 4);
        assertThat(bench.read(0x1000 + 4 * SCR, 4)).isEqualTo(0x12);
        assertThat(wide.region().size()).isEqualTo(32);
    }
}
