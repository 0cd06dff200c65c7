package dev.rhea.device.serial;

/** Names of a 16550A's registers and bits: National Semiconductor PC16550D data sheet, section 8. */
final class Uart16550A {
    // Offsets; DLL and DLM are there while LCR.DLAB is set.
    static final int RBR_THR_DLL = 0;
    static final int IER_DLM = 1;
    static final int IIR_FCR = 2;
    static final int LCR = 3;
    static final int MCR = 4;
    static final int LSR = 5;
    static final int MSR = 6;
    static final int SCR = 7;

    static final int IER_ERBFI = 1;
    static final int IER_ETBEI = 1 << 1;
    static final int IER_ELSI = 1 << 2;
    static final int IER_EDSSI = 1 << 3;
    static final int IER_MASK = 0x0f;

    static final int IIR_NONE = 1;
    static final int IIR_MODEM_STATUS = 0;
    static final int IIR_THR_EMPTY = 2;
    static final int IIR_DATA_AVAILABLE = 4;
    static final int IIR_LINE_STATUS = 6;
    static final int IIR_CHARACTER_TIMEOUT = 0xc;
    static final int IIR_FIFOS_ENABLED = 0xc0;

    static final int FCR_ENABLE = 1;
    static final int FCR_RESET_RECEIVER = 1 << 1;
    static final int FCR_RESET_TRANSMITTER = 1 << 2;
    static final int FCR_DMA_MODE = 1 << 3;
    static final int FCR_TRIGGER = 0xc0;

    static final int LCR_WORD_LENGTH = 3;
    static final int LCR_STB = 1 << 2;
    static final int LCR_PEN = 1 << 3;
    static final int LCR_EPS = 1 << 4;
    static final int LCR_STICK = 1 << 5;
    static final int LCR_BREAK = 1 << 6;
    static final int LCR_DLAB = 1 << 7;

    static final int MCR_DTR = 1;
    static final int MCR_RTS = 1 << 1;
    static final int MCR_OUT1 = 1 << 2;
    static final int MCR_OUT2 = 1 << 3;
    static final int MCR_LOOP = 1 << 4;
    static final int MCR_MASK = 0x1f;

    static final int LSR_DR = 1;
    static final int LSR_OE = 1 << 1;
    static final int LSR_PE = 1 << 2;
    static final int LSR_FE = 1 << 3;
    static final int LSR_BI = 1 << 4;
    static final int LSR_THRE = 1 << 5;
    static final int LSR_TEMT = 1 << 6;
    static final int LSR_FIFO_ERROR = 1 << 7;
    static final int LSR_ERRORS = LSR_OE | LSR_PE | LSR_FE | LSR_BI;

    static final int MSR_DELTAS = 0x0f;
    static final int MSR_TERI = 1 << 2;
    static final int MSR_CTS = 1 << 4;
    static final int MSR_DSR = 1 << 5;
    static final int MSR_RI = 1 << 6;
    static final int MSR_DCD = 1 << 7;

    private Uart16550A() {}
}
