package dev.rhea.engine.abi;

import java.util.ArrayList;
import java.util.List;

/**
 * The header of an ELF file of either word size and byte order: System V ABI, chapters "ELF Header" and "Program Header". What its
 * numbers mean for whom is not checked here: only that they are there.
 *
 * @param wide whether {@code EI_CLASS} says 64 bits
 * @param bigEndian what {@code EI_DATA} says
 * @param type {@code e_type}
 * @param machine {@code e_machine}
 * @param entry {@code e_entry}
 * @param flags {@code e_flags}
 * @param programs where the program headers are
 * @param sections where the section headers are
 */
public record ElfHeader(
        boolean wide, boolean bigEndian, int type, int machine, long entry, int flags, Table programs, Table sections) {
    /** {@code e_type} of an executable that stands where it says. */
    public static final int ET_EXEC = 2;

    /** {@code e_type} of what can stand anywhere. */
    public static final int ET_DYN = 3;

    /** {@code p_type} of what becomes memory. */
    public static final int PT_LOAD = 1;

    private static final int IDENTIFICATION = 16;

    /** Linux reads at most this many bytes of program headers. */
    private static final int MAX_PROGRAMS = 65536;

    /** Where the bytes come from. */
    @FunctionalInterface
    public interface Source {
        /** Reads at an offset. @return how many bytes were read: less than {@code length} only at the end of the file */
        int read(long offset, byte[] to, int at, int length);

        /** A file that is in memory. */
        static Source of(byte[] bytes) {
            return (offset, to, at, length) -> {
                int count = (int) Math.max(0, Math.min(length, bytes.length - offset));
                if (count > 0) {
                    System.arraycopy(bytes, (int) offset, to, at, count);
                }
                return count;
            };
        }
    }

    /**
     * A table of headers.
     *
     * @param offset in the file
     * @param entrySize in bytes
     * @param count of entries
     */
    public record Table(long offset, int entrySize, int count) {}

    /**
     * A program header.
     *
     * @param type {@code p_type}
     * @param flags {@code p_flags}
     * @param offset {@code p_offset}
     * @param virtual {@code p_vaddr}
     * @param physical {@code p_paddr}
     * @param fileSize {@code p_filesz}
     * @param memorySize {@code p_memsz}
     * @param alignment {@code p_align}
     */
    public record Program(
            int type,
            int flags,
            long offset,
            long virtual,
            long physical,
            long fileSize,
            long memorySize,
            long alignment) {}

    /** Whether a file begins as an ELF file does. */
    public static boolean hasMagic(byte[] head, int length) {
        return length >= 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
    }

    /** Reads the header. @throws BadElfException if there is none, or a part of one */
    public static ElfHeader read(Source file) throws BadElfException {
        byte[] bytes = new byte[64];
        int got = file.read(0, bytes, 0, bytes.length);
        if (!hasMagic(bytes, got)) {
            throw new BadElfException("is no ELF file: it does not begin with 7f 'E' 'L' 'F'");
        }
        boolean wide = bytes[4] == 2;
        if (got >= IDENTIFICATION && (bytes[4] < 1 || bytes[4] > 2 || bytes[5] < 1 || bytes[5] > 2)) {
            throw new BadElfException("has EI_CLASS " + bytes[4] + " and EI_DATA " + bytes[5] + "; each is 1 or 2");
        }
        if (got < IDENTIFICATION || got < (wide ? 64 : 52)) {
            throw new BadElfException("ends inside its ELF header, after " + got + " bytes");
        }
        boolean bigEndian = bytes[5] == 2;
        var header = new Fields(bytes, wide, bigEndian);
        int flags = wide ? 48 : 36;
        return new ElfHeader(
                wide,
                bigEndian,
                header.u16(16),
                header.u16(18),
                header.word(24),
                header.i32(flags),
                new Table(header.word(wide ? 32 : 28), header.u16(flags + 6), header.u16(flags + 8)),
                new Table(header.word(wide ? 40 : 32), header.u16(flags + 10), header.u16(flags + 12)));
    }

    /** Reads the program headers. @throws BadElfException if they are not in the file, or not of the size they must have */
    public List<Program> programs(Source file) throws BadElfException {
        int size = wide ? 56 : 32;
        int count = programs.count;
        if (programs.entrySize != size) {
            throw new BadElfException("has e_phentsize " + programs.entrySize + ", which must be " + size);
        }
        if (count == 0 || count * size > MAX_PROGRAMS) {
            throw new BadElfException("has e_phnum " + count + "; a program has between 1 and " + MAX_PROGRAMS / size);
        }
        var table = new Fields(new byte[count * size], wide, bigEndian);
        if (programs.offset < 0 || file.read(programs.offset, table.bytes, 0, count * size) < count * size) {
            throw new BadElfException("ends inside its program headers (e_phoff 0x" + Long.toHexString(programs.offset)
                    + ", " + count + " entries)");
        }
        List<Program> all = new ArrayList<>();
        for (int at = 0; at < count * size; at += size) {
            all.add(new Program(
                    table.i32(at),
                    table.i32(at + (wide ? 4 : 24)),
                    table.word(at + (wide ? 8 : 4)),
                    table.word(at + (wide ? 16 : 8)),
                    table.word(at + (wide ? 24 : 12)),
                    table.word(at + (wide ? 32 : 16)),
                    table.word(at + (wide ? 40 : 20)),
                    table.word(at + (wide ? 48 : 28))));
        }
        return all;
    }

    /** Numbers in a header, in the file's byte order and word size. */
    private record Fields(byte[] bytes, boolean wide, boolean bigEndian) {
        private long number(int at, int size) {
            long value = 0;
            for (int i = 0; i < size; i++) {
                value = value << 8 | bytes[bigEndian ? at + i : at + size - 1 - i] & 0xff;
            }
            return value;
        }

        int u16(int at) {
            return (int) number(at, 2);
        }

        int i32(int at) {
            return (int) number(at, 4);
        }

        /** An address or offset: 8 bytes, or 4 zero-extended. */
        long word(int at) {
            return number(at, wide ? 8 : 4);
        }
    }
}
