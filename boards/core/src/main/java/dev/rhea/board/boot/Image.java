package dev.rhea.board.boot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A file to boot: an ELF executable with its segments, or bytes that go where the board says. What is compressed with gzip is
 * unpacked first.
 *
 * @param segments for an ELF file what goes where; for other files one segment at 0
 * @param entry physical address of the first instruction; 0 for other files
 * @param isElf whether the file says where it wants to be
 * @param machine ELF's {@code e_machine}, 0 for other files
 */
public record Image(String name, List<Segment> segments, long entry, boolean isElf, int machine) {
    /** Bytes at a physical address; {@code size} may exceed them, the rest being zeros. */
    public record Segment(long address, byte[] bytes) {}

    /** Nothing larger is unpacked. */
    private static final int LARGEST = 1 << 30;

    private static final int ELF_HEADER = 64;
    private static final int PT_LOAD = 1;

    /**
     * A file's bytes, as they are.
     *
     * @param what it is to be: "ramdisk", for the message
     */
    public static byte[] bytes(String what, Path file) throws BootException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BootException("could not load " + what + " '" + file + "': No such file or directory");
        } catch (IOException e) {
            throw new BootException("could not load " + what + " '" + file + "': " + e.getMessage());
        }
    }

    /**
     * Reads a file.
     *
     * @param what it is to be: "kernel", for the message
     */
    public static Image read(String what, Path file) throws BootException {
        byte[] bytes;
        try {
            if (Files.size(file) > LARGEST) {
                throw new BootException("could not load " + what + " '" + file + "': it is larger than 1 GiB");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new BootException("could not open " + what + " file '" + file + "': No such file or directory");
        } catch (IOException e) {
            throw new BootException("could not read " + what + " file '" + file + "': " + e.getMessage());
        }
        return of(file.toString(), bytes);
    }

    /** The same for bytes in memory. */
    public static Image of(String name, byte[] bytes) throws BootException {
        if (bytes.length > 2 && (bytes[0] & 255) == 0x1f && (bytes[1] & 255) == 0x8b) {
            bytes = unpack(name, bytes);
        }
        if (bytes.length >= ELF_HEADER && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F') {
            return elf(name, bytes);
        }
        return new Image(name, List.of(new Segment(0, bytes)), 0, false, 0);
    }

    private static byte[] unpack(String name, byte[] packed) throws BootException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = in.readNBytes(LARGEST);
            if (in.read() >= 0) {
                throw new BootException("'" + name + "' unpacks to more than 1 GiB");
            }
            return bytes;
        } catch (IOException e) {
            throw new BootException("'" + name + "' looks like gzip but does not unpack: " + e.getMessage());
        }
    }

    /** The bytes of a file that is no ELF. */
    public byte[] bytes() {
        return segments.getFirst().bytes();
    }

    /** One past the last byte of all segments. */
    public long end() {
        return segments.stream()
                .mapToLong(s -> s.address() + s.bytes().length)
                .max()
                .orElse(0);
    }

    /** The lowest address of all segments. */
    public long start() {
        return segments.stream().mapToLong(Segment::address).min().orElse(0);
    }

    private static Image elf(String name, byte[] bytes) throws BootException {
        boolean wide = bytes[4] == 2;
        ByteBuffer b = ByteBuffer.wrap(bytes).order(bytes[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        try {
            int machine = b.getShort(18) & 0xffff;
            long entry = word(b, 24, wide);
            long table = word(b, wide ? 32 : 28, wide);
            int size = b.getShort(wide ? 54 : 42) & 0xffff;
            int count = b.getShort(wide ? 56 : 44) & 0xffff;
            List<Segment> segments = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int at = Math.toIntExact(table + (long) i * size);
                if (b.getInt(at) != PT_LOAD) {
                    continue;
                }
                long offset = word(b, at + (wide ? 8 : 4), wide);
                long virtual = word(b, at + (wide ? 16 : 8), wide);
                long physical = word(b, at + (wide ? 24 : 12), wide);
                long inFile = word(b, at + (wide ? 32 : 16), wide);
                long inMemory = word(b, at + (wide ? 40 : 20), wide);
                if (inMemory <= 0) {
                    continue;
                }
                if (inMemory > LARGEST
                        || inFile < 0
                        || inFile > inMemory
                        || offset < 0
                        || offset > bytes.length - inFile) {
                    throw new BootException("'" + name + "' is an ELF file whose segment " + i
                            + " is larger than the file, or than 1 GiB");
                }
                byte[] content = new byte[(int) inMemory];
                System.arraycopy(bytes, (int) offset, content, 0, (int) inFile);
                segments.add(new Segment(physical, content));
                if (virtual != physical && entry - virtual >= 0 && entry - virtual < inMemory) {
                    entry = physical + (entry - virtual);
                }
            }
            if (segments.isEmpty()) {
                throw new BootException("'" + name + "' is an ELF file with nothing to load");
            }
            return new Image(name, List.copyOf(segments), entry, true, machine);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw new BootException("'" + name + "' is an ELF file that is cut short or damaged");
        }
    }

    private static long word(ByteBuffer b, int at, boolean wide) {
        return wide ? b.getLong(at) : b.getInt(at) & 0xffffffffL;
    }
}
