package dev.rhea.board.riscv;

import dev.rhea.arch.riscv.system.Sbi;
import dev.rhea.chardev.Chardev;
import org.jspecify.annotations.Nullable;

/** What the built-in firmware prints goes where the first serial port does; input is the port's alone. */
final class FirmwareConsole implements Sbi.ConsolePort {
    private final @Nullable Chardev chardev;

    FirmwareConsole(@Nullable Chardev chardev) {
        this.chardev = chardev;
    }

    @Override
    public void put(byte[] bytes) {
        if (chardev != null) {
            chardev.write(bytes, 0, bytes.length);
        }
    }

    @Override
    public int get() {
        return -1;
    }
}
