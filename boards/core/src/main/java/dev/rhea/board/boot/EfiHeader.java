package dev.rhea.board.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The header that Linux puts in front of its kernels so that EFI starts them (Microsoft's "PE Format"; UEFI, "UEFI Images").
 *
 * @param machine {@code Machine} of the COFF header
 * @param end one past the last byte of its sections in the file
 */
public record EfiHeader(int machine, long end) {
    public static final int RISCV32 = 0x5032;
    public static final int RISCV64 = 0x5064;

    private static final int DOS_MAGIC = 0x5a4d; // "MZ"
    private static final int PE_MAGIC = 0x00004550; // "PE"
    private static final int PE_AT = 0x3c;
    private static final int SECTION = 40;

    /** The header of a file; null if it has none, or not the whole of it. */
    public static @Nullable EfiHeader of(byte[] file) {
        ByteBuffer b = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        try {
            int at = b.getShort(0) == DOS_MAGIC ? b.getInt(PE_AT) : -1;
            if (at < 0 || b.getInt(at) != PE_MAGIC) {
                return null;
            }
            long end = 0;
            int sections = b.getShort(at + 6) & 0xffff;
            int table = at + 24 + (b.getShort(at + 20) & 0xffff);
            for (int i = 0; i < sections; i++) {
                int section = table + i * SECTION;
                end = Math.max(end, (b.getInt(section + 16) & 0xffffffffL) + (b.getInt(section + 20) & 0xffffffffL));
            }
            return new EfiHeader(b.getShort(at + 4) & 0xffff, end);
        } catch (IndexOutOfBoundsException e) {
            return null;
        }
    }
}
