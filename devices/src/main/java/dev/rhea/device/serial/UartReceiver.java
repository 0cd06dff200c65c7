package dev.rhea.device.serial;

import static dev.rhea.device.serial.Uart16550A.*;

import dev.rhea.machine.clock.Timer;
import dev.rhea.machine.clock.VirtualClock;

/**
 * A UART's receiver: its FIFO with trigger level and character timeout, and the errors that LSR shows (PC16550D data sheet, 8.4,
 * 8.5 and 8.11).
 */
final class UartReceiver {
    private static final int[] TRIGGER_LEVELS = {1, 4, 8, 14};

    private final VirtualClock clock;
    private final LineFormat format;
    private final Timer timer;
    private final ReceiveFifo fifo = new ReceiveFifo();
    private int fcr;
    private int lsr;
    private boolean timeout;

    /** @param update runs when the timeout came */
    UartReceiver(VirtualClock clock, LineFormat format, Runnable update) {
        this.clock = clock;
        this.format = format;
        timer = clock.timer(() -> {
            timeout = !fifo.isEmpty();
            update.run();
        });
    }

    int fcr() {
        return fcr;
    }

    /** Bits that were not read yet: overrun, and errors of characters that went unread. */
    int lsr() {
        return lsr;
    }

    /** @param value bits 0, 3, 6 and 7 */
    void setFcr(int value) {
        fcr = value;
    }

    boolean fifos() {
        return (fcr & FCR_ENABLE) != 0;
    }

    int depth() {
        return fifos() ? ReceiveFifo.DEPTH : 1;
    }

    int room() {
        return Math.max(0, depth() - fifo.count());
    }

    boolean isTriggered() {
        return fifo.count() >= (fifos() ? TRIGGER_LEVELS[fcr >> 6] : 1);
    }

    boolean isTimedOut() {
        return timeout;
    }

    /** The receiver's bits of LSR. */
    int status() {
        return lsr | fifo.errors() | (fifo.isEmpty() ? 0 : LSR_DR) | (fifos() && fifo.hasErrors() ? LSR_FIFO_ERROR : 0);
    }

    /** LSR was read: what was wrong is told. */
    void clearErrors() {
        lsr = 0;
        fifo.clearErrors();
    }

    /** @param errors what is wrong with it: bits of LSR */
    void arrive(int character, int errors) {
        if (room() > 0) {
            fifo.add(character, errors);
        } else {
            lsr |= LSR_OE;
            if (!fifos()) {
                fifo.replaceLast(character, errors);
            }
        }
        restart();
    }

    /** Reads RBR; 0 if there is nothing. */
    int take() {
        if (fifo.isEmpty()) {
            return 0;
        }
        // Errors of a character that goes unread stay until LSR is read.
        lsr |= fifo.errors();
        int result = fifo.take();
        timeout = false;
        restart();
        return result;
    }

    void clear() {
        fifo.clear();
        restart();
    }

    /** Four characters' time without one coming or being read, with some in the FIFO, is an interrupt of its own. */
    private void restart() {
        if (fifos() && !fifo.isEmpty()) {
            timer.at(clock.now() + 4 * format.characterNanoseconds());
        } else {
            timer.cancel();
            timeout = false;
        }
    }

    void reset() {
        fcr = 0;
        lsr = 0;
        clear();
    }

    short[] save() {
        return fifo.save();
    }

    /** Puts a state back. @param characters at most as many as fit */
    void load(int newFcr, int newLsr, short[] characters, boolean timedOut) {
        fcr = newFcr;
        lsr = newLsr;
        fifo.load(characters);
        restart();
        timeout = timedOut && !fifo.isEmpty();
    }
}
