package dev.rhea.device.serial;

import static dev.rhea.device.serial.Uart16550A.*;

/** How characters look on the wire: registers LCR, DLL and DLM (PC16550D data sheet, 8.1 to 8.3). */
final class LineFormat {
    /** After power-on, as the reference has it: 9600 baud on a PC. */
    private static final int POWER_ON_DIVISOR = 12;

    private final int baudBase;
    private int lcr;
    private int divisor;

    /** @param baudBase bits per second for a divisor of 1 */
    LineFormat(int baudBase) {
        this.baudBase = baudBase;
    }

    int lcr() {
        return lcr;
    }

    int divisor() {
        return divisor;
    }

    void setLcr(int value) {
        lcr = value;
    }

    void setDivisor(int value) {
        divisor = value;
    }

    /** Whether the divisor is where data and interrupt enables are otherwise. */
    boolean isLatchOpen() {
        return (lcr & LCR_DLAB) != 0;
    }

    boolean isBreak() {
        return (lcr & LCR_BREAK) != 0;
    }

    private int dataBits() {
        return 5 + (lcr & LCR_WORD_LENGTH);
    }

    /** One and a half, which goes with five data bits, counts as two. */
    private int stopBits() {
        return (lcr & LCR_STB) != 0 ? 2 : 1;
    }

    /** How long a character takes. */
    long characterNanoseconds() {
        int bits = 1 + dataBits() + ((lcr & LCR_PEN) != 0 ? 1 : 0) + stopBits();
        return 1_000_000_000L * bits * Math.max(divisor, 1) / baudBase;
    }

    void tell(SerialWire wire) {
        SerialWire.Parity parity = (lcr & LCR_PEN) == 0
                ? SerialWire.Parity.NONE
                : switch (lcr & (LCR_EPS | LCR_STICK)) {
                    case 0 -> SerialWire.Parity.ODD;
                    case LCR_EPS -> SerialWire.Parity.EVEN;
                    case LCR_STICK -> SerialWire.Parity.MARK;
                    default -> SerialWire.Parity.SPACE;
                };
        wire.setParameters(divisor == 0 ? 0 : baudBase / divisor, parity, dataBits(), stopBits());
    }

    void reset() {
        lcr = 0;
        divisor = POWER_ON_DIVISOR;
    }
}
