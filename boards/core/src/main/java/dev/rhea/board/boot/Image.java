package dev.rhea.board.boot;

import dev.rhea.engine.abi.BadElfException;
import dev.rhea.engine.abi.ElfHeader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file to boot: an ELF executable with its segments, or bytes that go where the board says. What is compressed with gzip is
 * unpacked first, also inside an EFI "zboot" image as Linux makes them.
 *
 * @param segments for an ELF file what goes where; for other files one segment at 0
 * @param entry physical address of the first instruction; 0 for other files
 * @param elf the header of an ELF file, which says where it wants to be; null for other files
 */
public record Image(
        String name,
        List<Segment> segments,
        long entry,
        @Nullable ElfHeader elf) {
    /** Bytes at a physical address; {@code size} may exceed them, the rest being zeros. */
    public record Segment(long address, byte[] bytes) {}

    /** Nothing larger is unpacked. */
    private static final int LARGEST = 1 << 30;

    /** Where kernels of 32-bit architectures begin, in virtual memory. */
    private static final long KERNELS_32 = 0xc000_0000L;

    /** Linux's {@code include/linux/pe.h} has these in front of what {@code CONFIG_EFI_ZBOOT} packs. */
    private static final int ZBOOT_MAGIC = 0x676d697a; // "zimg"

    private static final int ZBOOT_HEADER = 56;
    private static final int ZBOOT_TYPE_AT = 24;

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
        if (bytes.length == 0) {
            throw new BootException("could not load " + what + " '" + file + "': it is empty");
        }
        return of(file.toString(), bytes);
    }

    /** The same for bytes in memory. */
    public static Image of(String name, byte[] bytes) throws BootException {
        byte[] plain = isGzip(bytes) ? unpack(name, bytes) : zboot(name, bytes);
        if (ElfHeader.hasMagic(plain, plain.length)) {
            return elf(name, plain);
        }
        return new Image(name, List.of(new Segment(0, plain)), 0, null);
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length > 2 && (bytes[0] & 255) == 0x1f && (bytes[1] & 255) == 0x8b;
    }

    /** What is packed in an EFI program that unpacks itself; other files as they are. */
    private static byte[] zboot(String name, byte[] bytes) throws BootException {
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < ZBOOT_HEADER || bytes[0] != 'M' || bytes[1] != 'Z' || header.getInt(4) != ZBOOT_MAGIC) {
            return bytes;
        }
        int offset = header.getInt(8);
        int size = header.getInt(12);
        String type = new String(bytes, ZBOOT_TYPE_AT, ZBOOT_HEADER - ZBOOT_TYPE_AT, StandardCharsets.US_ASCII);
        type = type.substring(0, type.indexOf('\0') < 0 ? type.length() : type.indexOf('\0'));
        if (offset < 0 || size < 0 || offset > bytes.length - size) {
            throw new BootException("'" + name + "' is an EFI zboot image that is cut short");
        }
        byte[] packed = Arrays.copyOfRange(bytes, offset, offset + size);
        if (!isGzip(packed)) {
            throw new BootException("'" + name + "' is an EFI zboot image packed with " + type
                    + ", which is not unpacked here; firmware with EFI starts it, or unpack what is in it at offset "
                    + offset);
        }
        return unpack(name, packed);
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

    /** Whether the file says where it wants to be. */
    public boolean isElf() {
        return elf != null;
    }

    /**
     * Whether an ELF file has no place in physical memory of its own: a position-independent one ({@code ET_DYN}), or a kernel
     * that is linked at the virtual addresses of kernels, as Linux's {@code vmlinux} is on RISC-V.
     */
    public boolean isMovable() {
        ElfHeader header = elf;
        return header != null
                && (header.type() == ElfHeader.ET_DYN || (header.wide() ? start() < 0 : start() >= KERNELS_32));
    }

    /** The same with its lowest segment at another address. */
    public Image movedTo(long address) {
        long by = address - start();
        return new Image(
                name,
                segments.stream()
                        .map(s -> new Segment(s.address() + by, s.bytes()))
                        .toList(),
                entry + by,
                elf);
    }

    private static Image elf(String name, byte[] bytes) throws BootException {
        try {
            ElfHeader.Source source = ElfHeader.Source.of(bytes);
            ElfHeader header = ElfHeader.read(source);
            if (header.type() != ElfHeader.ET_EXEC && header.type() != ElfHeader.ET_DYN) {
                throw new BadElfException(
                        "is an ELF file of e_type " + header.type() + "; only executables (2, 3) can be booted");
            }
            List<Segment> segments = new ArrayList<>();
            long entry = header.entry();
            for (ElfHeader.Program program : header.programs(source)) {
                long size = program.memorySize();
                if (program.type() != ElfHeader.PT_LOAD || size <= 0) {
                    continue;
                }
                segments.add(new Segment(program.physical(), content(program, bytes)));
                long into = header.entry() - program.virtual();
                if (program.virtual() != program.physical() && into >= 0 && into < size) {
                    entry = program.physical() + into;
                }
            }
            if (segments.isEmpty()) {
                throw new BadElfException("is an ELF file with nothing to load");
            }
            return new Image(name, List.copyOf(segments), entry, header);
        } catch (BadElfException e) {
            throw new BootException("'" + name + "' " + e.getMessage());
        }
    }

    private static byte[] content(ElfHeader.Program program, byte[] bytes) throws BadElfException {
        long inFile = program.fileSize();
        long offset = program.offset();
        if (program.memorySize() > LARGEST || inFile < 0 || inFile > program.memorySize()) {
            throw new BadElfException("is an ELF file with a segment of p_filesz 0x" + Long.toHexString(inFile)
                    + " and p_memsz 0x" + Long.toHexString(program.memorySize()) + ", or larger than 1 GiB");
        }
        if (offset < 0 || offset > bytes.length - inFile) {
            throw new BadElfException("is an ELF file that is cut short: a segment goes on to 0x"
                    + Long.toHexString(offset + inFile) + ", the file to 0x" + Long.toHexString(bytes.length));
        }
        byte[] content = new byte[(int) program.memorySize()];
        System.arraycopy(bytes, (int) offset, content, 0, (int) inFile);
        return content;
    }
}
