package dev.rhea.board.riscv;

import dev.rhea.chardev.Chardev;
import org.jspecify.annotations.Nullable;

/** What the built-in firmware prints goes where the first serial port does; input is the port's alone. */
final class FirmwareConsole {
    private final @Nullable Chardev chardev;

    FirmwareConsole(@Nullable Chardev chardev) {
        this.chardev = chardev;
    }

    /** Takes a byte. */
    void put(int value) {
        if (chardev != null) {
            chardev.write(new byte[] {(byte) value}, 0, 1);
        }
    }

    /** There is no input. */
    int get() {
        return -1;
    }
}
