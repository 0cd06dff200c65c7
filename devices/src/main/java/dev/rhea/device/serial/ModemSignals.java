package dev.rhea.device.serial;

import static dev.rhea.device.serial.Uart16550A.*;

/** A UART's lines to and from a modem, and its loopback: registers MCR and MSR (PC16550D data sheet, 8.7 and 8.8). */
final class ModemSignals {
    private static final int PRESENT = MSR_CTS | MSR_DSR | MSR_DCD;

    /** The modem's lines as bits of MSR, loopback or not. A modem is there unless someone says otherwise. */
    private int modem = PRESENT;

    private int mcr;
    private int msr;

    int mcr() {
        return mcr;
    }

    boolean looped() {
        return (mcr & MCR_LOOP) != 0;
    }

    /** Looped back, the outputs rest. */
    boolean dtr() {
        return (mcr & (MCR_LOOP | MCR_DTR)) == MCR_DTR;
    }

    boolean rts() {
        return (mcr & (MCR_LOOP | MCR_RTS)) == MCR_RTS;
    }

    void setMcr(int value) {
        mcr = value;
        follow();
    }

    void setModem(boolean cts, boolean dsr, boolean ri, boolean dcd) {
        modem = (cts ? MSR_CTS : 0) | (dsr ? MSR_DSR : 0) | (ri ? MSR_RI : 0) | (dcd ? MSR_DCD : 0);
        follow();
    }

    /** Brings MSR up to the lines, with deltas for what changed. */
    private void follow() {
        int lines = looped()
                ? ((mcr & MCR_RTS) != 0 ? MSR_CTS : 0)
                        | ((mcr & MCR_DTR) != 0 ? MSR_DSR : 0)
                        | ((mcr & MCR_OUT1) != 0 ? MSR_RI : 0)
                        | ((mcr & MCR_OUT2) != 0 ? MSR_DCD : 0)
                : modem;
        int changed = (msr ^ lines) & ~MSR_DELTAS;
        // TERI tells only that the ring indicator went away.
        int ended = changed & MSR_RI & msr;
        msr = lines | msr & MSR_DELTAS | (changed & ~MSR_RI) >> 4 | ended >> 4;
    }

    boolean hasDeltas() {
        return (msr & MSR_DELTAS) != 0;
    }

    /** MSR as it is; its deltas are told once. */
    int takeMsr() {
        int result = msr;
        msr &= ~MSR_DELTAS;
        return result;
    }

    /** The modem's lines are not ours to reset. OUT2 is high, as the reference has it. */
    void reset() {
        mcr = MCR_OUT2;
        msr = modem;
    }

    int msr() {
        return msr;
    }

    int modem() {
        return modem;
    }

    /** Puts a state back. */
    void load(int newMcr, int newMsr, int newModem) {
        mcr = newMcr;
        msr = newMsr;
        modem = newModem;
    }
}
