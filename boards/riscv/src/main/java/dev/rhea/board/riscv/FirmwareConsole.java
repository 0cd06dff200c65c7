package dev.rhea.board.riscv;

import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.FrontEnd;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What the built-in firmware prints goes where the first serial port does. Input is the port's alone, but on a board whose guest
 * has no other console than firmware's.
 */
final class FirmwareConsole {
    /** Characters that are taken before the guest asks for them. */
    private static final int ROOM = 64;

    private final @Nullable Chardev chardev;
    private final ArrayDeque<Integer> input = new ArrayDeque<>();

    FirmwareConsole(@Nullable Chardev chardev) {
        this.chardev = chardev;
    }

    /** From now on input comes here. */
    void takeInput() {
        if (chardev == null) {
            return;
        }
        chardev.attach(new FrontEnd() {
            @Override
            public int room() {
                synchronized (input) {
                    return ROOM - input.size();
                }
            }

            @Override
            public void receive(byte[] data, int offset, int length) {
                synchronized (input) {
                    for (int i = 0; i < length; i++) {
                        input.add(data[offset + i] & 255);
                    }
                }
            }
        });
    }

    /** Takes a byte. */
    void put(int value) {
        if (chardev != null) {
            chardev.write(new byte[] {(byte) value}, 0, 1);
        }
    }

    /** The next character of the input, or -1. */
    int get() {
        Integer next;
        boolean wasFull;
        synchronized (input) {
            wasFull = input.size() == ROOM;
            next = input.poll();
        }
        if (wasFull && chardev != null) {
            chardev.acceptInput();
        }
        return next == null ? -1 : next;
    }
}
