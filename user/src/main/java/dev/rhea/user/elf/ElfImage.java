package dev.rhea.user.elf;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.Errno;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an ELF file (gABI, chapters "ELF Header" and "Program Header"), checked: what is here can be mapped.
 *
 * @param file where it stands
 * @param type {@link #ET_EXEC} or {@link #ET_DYN}
 * @param entry {@code e_entry}
 * @param headerOffset {@code e_phoff}
 * @param headerSize {@code e_phentsize}
 * @param headerCount {@code e_phnum}
 * @param flags {@code e_flags}
 * @param segments the PT_LOAD entries with {@code p_memsz} over 0, by address
 * @param interpreter PT_INTERP's path, or null
 * @param executableStack whether PT_GNU_STACK asks for it
 */
public record ElfImage(
        ImageFile file,
        int type,
        long entry,
        long headerOffset,
        int headerSize,
        int headerCount,
        int flags,
        List<Segment> segments,
        @Nullable String interpreter,
        boolean executableStack) {

    public static final int ET_EXEC = 2;
    public static final int ET_DYN = 3;

    private static final int PT_LOAD = 1;
    private static final int PT_INTERP = 3;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final int PF_X = 1;
    private static final int PAGE = 4096;

    /** Linux reads at most this many bytes of program headers. */
    private static final int MAX_HEADERS = 65536;

    private static final int MAX_PATH = 4096;

    /**
     * A part of the file that becomes memory.
     *
     * @param address {@code p_vaddr}
     * @param offset {@code p_offset}, congruent to the address modulo the page size
     * @param fileSize {@code p_filesz}
     * @param memorySize {@code p_memsz}, not less
     * @param flags {@code p_flags}: execute 1, write 2, read 4
     * @param alignment {@code p_align}, a power of two, at least the page size
     */
    public record Segment(long address, long offset, long fileSize, long memorySize, int flags, long alignment) {
        /** {@code PROT_} bits of {@link ImageMemory}. */
        public int protection() {
            return (flags & 4) >> 2 | flags & 2 | (flags & 1) << 2;
        }

        /** One past the last byte. */
        public long end() {
            return address + memorySize;
        }
    }

    /** Whether a file begins as an ELF file does. */
    public static boolean hasMagic(byte[] head, int length) {
        return length >= 4 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L' && head[3] == 'F';
    }

    /**
     * Reads and checks the headers.
     *
     * @throws ElfException if the file is no program for this architecture, or a damaged one
     */
    public static ElfImage read(ImageFile file, LinuxAbi abi) throws ElfException {
        boolean wide = abi.wordSize() == 8;
        var header = new Fields(new byte[wide ? 64 : 52], wide, abi.bigEndian());
        int got = file.read(0, header.bytes, 0, header.bytes.length);
        if (!hasMagic(header.bytes, got)) {
            throw wrong(file, "is no ELF file: it does not begin with 7f 'E' 'L' 'F'");
        }
        if (got < header.bytes.length) {
            throw wrong(file, "ends inside its ELF header, after " + got + " bytes");
        }
        check(file, "EI_CLASS", header.bytes[4], wide ? 2 : 1, wide ? "a 64-bit file" : "a 32-bit file");
        check(
                file,
                "EI_DATA",
                header.bytes[5],
                abi.bigEndian() ? 2 : 1,
                abi.bigEndian() ? "big-endian" : "little-endian");
        check(file, "e_machine", header.u16(18), abi.elfMachine(), abi.machine());
        int type = header.u16(16);
        if (type != ET_EXEC && type != ET_DYN) {
            throw wrong(file, "has e_type " + type + "; only executables (2) and shared objects (3) run");
        }
        long phoff = header.word(wide ? 32 : 28);
        int flags = header.i32(wide ? 48 : 36);
        int entrySize = header.u16(wide ? 54 : 42);
        int count = header.u16(wide ? 56 : 44);
        int expected = wide ? 56 : 32;
        if (entrySize != expected) {
            throw wrong(file, "has e_phentsize " + entrySize + ", which must be " + expected);
        }
        if (count == 0 || count * entrySize > MAX_HEADERS) {
            throw wrong(file, "has e_phnum " + count + "; a program has between 1 and " + MAX_HEADERS / entrySize);
        }
        var table = new Fields(new byte[count * entrySize], wide, abi.bigEndian());
        if (phoff < 0 || file.read(phoff, table.bytes, 0, table.bytes.length) < table.bytes.length) {
            throw wrong(file, "ends inside its program headers (e_phoff " + hex(phoff) + ", " + count + " entries)");
        }
        List<Segment> segments = new ArrayList<>();
        String interpreter = null;
        boolean executableStack = false;
        for (int i = 0; i < count; i++) {
            int at = i * entrySize;
            switch (table.i32(at)) {
                case PT_LOAD -> {
                    Segment segment = segment(file, i, table, at);
                    if (segment.memorySize > 0) {
                        segments.add(segment);
                    }
                }
                case PT_INTERP -> {
                    if (interpreter == null) {
                        interpreter = interpreter(file, table, at);
                    }
                }
                case PT_GNU_STACK -> executableStack = (table.flags(at) & PF_X) != 0;
                default -> {}
            }
        }
        if (segments.isEmpty()) {
            throw wrong(file, "has no PT_LOAD segment: nothing to run");
        }
        segments.sort((a, b) -> Long.compareUnsigned(a.address, b.address));
        for (int i = 1; i < segments.size(); i++) {
            Segment before = segments.get(i - 1);
            Segment segment = segments.get(i);
            if (Long.compareUnsigned(segment.address, before.end()) < 0) {
                throw wrong(file, "has PT_LOAD segments that overlap at " + hex(segment.address));
            }
        }
        return new ElfImage(
                file,
                type,
                header.word(24),
                phoff,
                entrySize,
                count,
                flags,
                List.copyOf(segments),
                interpreter,
                executableStack);
    }

    private static Segment segment(ImageFile file, int index, Fields table, int at) throws ElfException {
        boolean wide = table.wide;
        long offset = table.word(at + (wide ? 8 : 4));
        long address = table.word(at + (wide ? 16 : 8));
        long fileSize = table.word(at + (wide ? 32 : 16));
        long memorySize = table.word(at + (wide ? 40 : 20));
        long alignment = table.word(at + (wide ? 48 : 28));
        String name = "program header " + index + " (PT_LOAD)";
        if (fileSize < 0 || memorySize < 0 || fileSize > memorySize) {
            throw wrong(file, "has p_filesz " + hex(fileSize) + " over p_memsz " + hex(memorySize) + " in " + name);
        }
        if (offset < 0 || offset + fileSize < 0 || offset + fileSize > file.size()) {
            throw wrong(
                    file,
                    "has p_offset " + hex(offset) + " with p_filesz " + hex(fileSize) + " beyond its end at "
                            + hex(file.size()) + " in " + name);
        }
        if (address + memorySize < address && address + memorySize != 0 || address < 0) {
            throw wrong(
                    file,
                    "has p_vaddr " + hex(address) + " with p_memsz " + hex(memorySize) + " beyond the address space in "
                            + name);
        }
        if ((address - offset) % PAGE != 0) {
            throw wrong(
                    file,
                    "has p_vaddr " + hex(address) + " and p_offset " + hex(offset) + " that differ within a page in "
                            + name);
        }
        // Linux ignores an alignment that is no power of two.
        if (alignment < PAGE || Long.bitCount(alignment) != 1) {
            alignment = PAGE;
        }
        return new Segment(address, offset, fileSize, memorySize, table.flags(at), alignment);
    }

    private static String interpreter(ImageFile file, Fields table, int at) throws ElfException {
        boolean wide = table.wide;
        long offset = table.word(at + (wide ? 8 : 4));
        long size = table.word(at + (wide ? 32 : 16));
        if (size < 2 || size > MAX_PATH) {
            throw wrong(file, "has a PT_INTERP of " + size + " bytes; a path has 2 to " + MAX_PATH);
        }
        byte[] path = new byte[(int) size];
        if (offset < 0 || file.read(offset, path, 0, path.length) < path.length) {
            throw wrong(file, "ends inside its PT_INTERP at " + hex(offset));
        }
        int end = 0;
        while (end < path.length && path[end] != 0) {
            end++;
        }
        if (end == path.length || end == 0) {
            throw wrong(file, "has a PT_INTERP that is empty or does not end with 0");
        }
        return new String(path, 0, end, StandardCharsets.UTF_8);
    }

    private static void check(ImageFile file, String field, int found, int wanted, String meaning) throws ElfException {
        if (found != wanted) {
            throw wrong(
                    file,
                    "has " + field + " " + found + ", but " + wanted + " (" + meaning + ") is what this emulator runs");
        }
    }

    static ElfException wrong(ImageFile file, String what) {
        return new ElfException(Errno.ENOEXEC, file.name() + " " + what);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
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

        int flags(int at) {
            return i32(at + (wide ? 4 : 24));
        }
    }
}
