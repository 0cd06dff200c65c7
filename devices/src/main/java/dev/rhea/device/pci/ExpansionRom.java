package dev.rhea.device.pci;

import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** The contents of a function's expansion ROM, as {@code romfile}, {@code romsize} and {@code rombar} say. */
final class ExpansionRom {
    private static final long UNSET = 0xffffffffL;
    private static final int LARGEST = 1 << 24;

    private ExpansionRom() {}

    /** A region of a power of 2 with the file's contents and zeros behind; empty where there is no ROM. */
    static Optional<Region> of(PropertyValues properties) throws BadDeviceException {
        String file = properties.text("romfile");
        long size = properties.number("romsize");
        if (size != UNSET && Long.bitCount(size) != 1) {
            throw new BadDeviceException("ROM size " + size + " is not a power of two");
        }
        if (file == null || file.isEmpty() || properties.number("rombar") == 0) {
            return Optional.empty();
        }
        byte[] image = contents(file);
        if (size != UNSET && image.length > size) {
            throw new BadDeviceException(
                    "romfile \"" + file + "\" (" + image.length + " bytes) is too large for ROM size " + size);
        }
        int rounded = Math.max(2048, Integer.highestOneBit(Math.max(image.length - 1, 1)) << 1);
        byte[] rom = Arrays.copyOf(image, size == UNSET ? rounded : (int) Math.max(2048, size));
        return Optional.of(new Mmio(properties.type() + ".rom", rom.length, AccessRule.ANY, new Registers() {
            @Override
            public long read(long offset, int bytes) {
                long value = 0;
                for (int i = 0; i < bytes; i++) {
                    value |= (rom[(int) offset + i] & 0xffL) << 8 * i;
                }
                return value;
            }

            @Override
            public void write(long offset, long value, int bytes) {
                // A ROM.
            }
        }));
    }

    private static byte[] contents(String file) throws BadDeviceException {
        Path path = Path.of(file);
        try {
            if (!Files.exists(path)) {
                throw new BadDeviceException("failed to find romfile \"" + file + "\"");
            }
            long size = Files.size(path);
            if (size == 0) {
                throw new BadDeviceException("romfile \"" + file + "\" is empty");
            }
            if (size > LARGEST) {
                throw new BadDeviceException("romfile \"" + file + "\" is larger than " + LARGEST + " bytes");
            }
            return Files.readAllBytes(path);
        } catch (IOException e) {
            throw new BadDeviceException("failed to load romfile \"" + file + "\"");
        }
    }
}
