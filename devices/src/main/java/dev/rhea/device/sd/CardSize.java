package dev.rhea.device.sd;

import dev.rhea.machine.device.BadDeviceException;
import java.util.Locale;

/** Which sizes cards have, and how messages say them. */
final class CardSize {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private CardSize() {}

    /** @throws BadDeviceException with the reference's message if no card has so many bytes */
    static void check(long size) throws BadDeviceException {
        if (Long.bitCount(size) != 1) {
            throw new BadDeviceException("Invalid SD card size: " + text(size)
                    + "\nSD card size has to be a power of 2, e.g. " + text(next(size))
                    + ".\nYou can resize disk images with 'qemu-img resize <imagefile> <new-size>'"
                    + "\n(note that this will lose data if you make the image smaller than it currently is).");
        }
        if (size < SdRegisters.MIN_SIZE || size > SdRegisters.MAX_SIZE) {
            throw new BadDeviceException("Invalid SD card size: " + text(size) + "\nSD cards have "
                    + text(SdRegisters.MIN_SIZE) + " to " + text(SdRegisters.MAX_SIZE) + ".");
        }
    }

    /** {@code 1.43 MiB}: three significant digits. */
    static String text(long bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
        String digits = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + " " + UNITS[unit];
    }

    /** The power of 2 that holds so many bytes. */
    private static long next(long bytes) {
        return bytes <= 1 ? 1 : Long.highestOneBit(bytes - 1) << 1;
    }
}
