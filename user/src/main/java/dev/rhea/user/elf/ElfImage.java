package dev.rhea.user.elf;

import dev.rhea.engine.abi.BadElfException;
import dev.rhea.engine.abi.ElfHeader;
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
 * @param type {@link ElfHeader#ET_EXEC} or {@link ElfHeader#ET_DYN}
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

    private static final int PT_INTERP = 3;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final int PF_X = 1;
    private static final int PAGE = 4096;

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

    /**
     * Reads and checks the headers.
     *
     * @throws ElfException if the file is no program for this architecture, or a damaged one
     */
    public static ElfImage read(ImageFile file, LinuxAbi abi) throws ElfException {
        ElfHeader header;
        List<ElfHeader.Program> programs;
        try {
            header = ElfHeader.read(file::read);
            checkKind(file, header, abi);
            programs = header.programs(file::read);
        } catch (BadElfException e) {
            throw wrong(file, String.valueOf(e.getMessage()));
        }
        List<Segment> segments = new ArrayList<>();
        String interpreter = null;
        boolean executableStack = false;
        for (int i = 0; i < programs.size(); i++) {
            ElfHeader.Program program = programs.get(i);
            switch (program.type()) {
                case ElfHeader.PT_LOAD -> {
                    Segment segment = segment(file, i, program);
                    if (segment.memorySize > 0) {
                        segments.add(segment);
                    }
                }
                case PT_INTERP -> {
                    if (interpreter == null) {
                        interpreter = interpreter(file, program);
                    }
                }
                case PT_GNU_STACK -> executableStack = (program.flags() & PF_X) != 0;
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
                header.type(),
                header.entry(),
                header.programs().offset(),
                header.programs().entrySize(),
                header.programs().count(),
                header.flags(),
                List.copyOf(segments),
                interpreter,
                executableStack);
    }

    private static void checkKind(ImageFile file, ElfHeader header, LinuxAbi abi) throws ElfException {
        boolean wide = abi.wordSize() == 8;
        check(file, "EI_CLASS", header.wide() ? 2 : 1, wide ? 2 : 1, wide ? "a 64-bit file" : "a 32-bit file");
        check(
                file,
                "EI_DATA",
                header.bigEndian() ? 2 : 1,
                abi.bigEndian() ? 2 : 1,
                abi.bigEndian() ? "big-endian" : "little-endian");
        check(file, "e_machine", header.machine(), abi.elfMachine(), abi.machine());
        int type = header.type();
        if (type != ElfHeader.ET_EXEC && type != ElfHeader.ET_DYN) {
            throw wrong(file, "has e_type " + type + "; only executables (2) and shared objects (3) run");
        }
    }

    private static Segment segment(ImageFile file, int index, ElfHeader.Program program) throws ElfException {
        long offset = program.offset();
        long address = program.virtual();
        long fileSize = program.fileSize();
        long memorySize = program.memorySize();
        long alignment = program.alignment();
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
        return new Segment(address, offset, fileSize, memorySize, program.flags(), alignment);
    }

    private static String interpreter(ImageFile file, ElfHeader.Program program) throws ElfException {
        long offset = program.offset();
        long size = program.fileSize();
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
}
