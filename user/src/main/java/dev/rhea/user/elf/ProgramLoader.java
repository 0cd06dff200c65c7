package dev.rhea.user.elf;

import dev.rhea.engine.abi.ElfHeader;
import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.Errno;
import java.util.List;

/** Maps a program, and its interpreter where it names one, into an empty address space. */
public final class ProgramLoader {
    private static final long PAGE = 4096;

    /** Opens the interpreter by the path in PT_INTERP. */
    @FunctionalInterface
    public interface Opener {
        /** @throws Errno where there is no such file */
        ImageFile open(String path);
    }

    /**
     * What the first instruction and the auxiliary vector need.
     *
     * @param start where execution begins: the interpreter's entry, or the program's
     * @param entry the program's own entry (AT_ENTRY)
     * @param headers address of the program headers (AT_PHDR)
     * @param headerSize AT_PHENT
     * @param headerCount AT_PHNUM
     * @param base where the interpreter is (AT_BASE), 0 without one
     * @param executableStack whether the stack is to be executable
     */
    public record Loaded(
            long start,
            long entry,
            long headers,
            int headerSize,
            int headerCount,
            long base,
            boolean executableStack) {}

    private final ImageMemory memory;
    private final LinuxAbi abi;
    private final Opener opener;

    public ProgramLoader(ImageMemory memory, LinuxAbi abi, Opener opener) {
        this.memory = memory;
        this.abi = abi;
        this.opener = opener;
    }

    /**
     * Maps the program.
     *
     * @throws ElfException where a file is damaged or does not fit; the address space is then to be thrown away
     * @throws Errno where the address space has no room, likewise
     */
    public Loaded load(ImageFile file) throws ElfException {
        ElfImage program = ElfImage.read(file, abi);
        long bias = place(program, memory.programBase());
        long end = map(program, bias);
        memory.setBreak(pageUp(end));
        long start = bias + program.entry();
        long base = 0;
        if (program.interpreter() != null) {
            ElfImage interpreter = interpreter(program);
            base = place(interpreter, 0);
            map(interpreter, base);
            start = base + interpreter.entry();
        }
        return new Loaded(
                start,
                bias + program.entry(),
                headers(program, bias),
                program.headerSize(),
                program.headerCount(),
                base,
                program.executableStack());
    }

    private ElfImage interpreter(ElfImage program) throws ElfException {
        String path = java.util.Objects.requireNonNull(program.interpreter());
        ImageFile file;
        try {
            file = opener.open(path);
        } catch (Errno e) {
            throw new ElfException(
                    e.number,
                    program.file().name() + " names the interpreter " + path + ", which cannot be opened ("
                            + Errno.name(e.number) + "); is -L set to a folder that has it?");
        }
        // An interpreter that wants an interpreter would never end: like Linux, we ignore its PT_INTERP.
        return ElfImage.read(file, abi);
    }

    /** What to add to an image's addresses. */
    private long place(ElfImage image, long preferred) throws ElfException {
        List<ElfImage.Segment> segments = image.segments();
        long first = pageDown(segments.getFirst().address());
        long last = pageUp(segments.getLast().end());
        long alignment = PAGE;
        for (ElfImage.Segment segment : segments) {
            alignment = Math.max(alignment, segment.alignment());
        }
        long length = last - first;
        if (length <= 0 || length > memory.highest() - memory.lowest()) {
            throw new ElfException(
                    Errno.ENOMEM,
                    image.file().name() + " spans " + ElfImage.hex(length)
                            + " bytes of addresses; there are not so many");
        }
        if (image.type() == ElfHeader.ET_EXEC) {
            if (first < memory.lowest() || last > memory.highest() || last < first) {
                throw new ElfException(
                        Errno.ENOMEM,
                        image.file().name() + " is linked at " + ElfImage.hex(first) + " to " + ElfImage.hex(last)
                                + ", outside " + ElfImage.hex(memory.lowest()) + " to "
                                + ElfImage.hex(memory.highest()));
            }
            return 0;
        }
        long at = preferred == 0 ? 0 : preferred + alignment - 1 & -alignment;
        if (at == 0 || at + length > memory.highest() || at + length < at || memory.isMapped(at, length)) {
            at = memory.findFree(length, alignment);
        }
        return at - first;
    }

    /** Maps all segments and returns one past the last byte of memory. */
    private long map(ElfImage image, long bias) throws ElfException {
        long end = 0;
        for (ElfImage.Segment segment : image.segments()) {
            long address = segment.address() + bias;
            long filePages = pageUp(address + segment.fileSize());
            long from = pageDown(address);
            if (segment.fileSize() > 0) {
                memory.mapFile(
                        from,
                        filePages - from,
                        segment.protection(),
                        image.file().hostFd(),
                        segment.offset() - (address - from));
            } else {
                filePages = from;
            }
            long fileEnd = address + segment.fileSize();
            long memoryEnd = address + segment.memorySize();
            if (segment.memorySize() > segment.fileSize()) {
                zeroTail(image, segment, fileEnd, Math.min(filePages, memoryEnd));
                long zeroPages = pageUp(memoryEnd);
                if (zeroPages > filePages) {
                    memory.mapZero(filePages, zeroPages - filePages, segment.protection());
                }
            }
            end = Math.max(end, memoryEnd);
        }
        return end;
    }

    /** The rest of the file's last page is not the file's: bss begins there. */
    private void zeroTail(ElfImage image, ElfImage.Segment segment, long from, long to) throws ElfException {
        if (to <= from || segment.fileSize() == 0) {
            return;
        }
        if ((segment.flags() & 2) == 0) {
            // Linux leaves the file's bytes there; a program that cannot write them cannot rely on zeros either.
            return;
        }
        byte[] zeros = new byte[(int) (to - from)];
        try {
            memory.write(from, zeros, 0, zeros.length);
        } catch (dev.rhea.engine.abi.GuestMemory.BadAddress e) {
            throw ElfImage.wrong(
                    image.file(), "has a segment whose end at " + ElfImage.hex(from) + " cannot be cleared");
        }
    }

    /** AT_PHDR: where the headers are in memory, if a segment covers them. */
    private static long headers(ElfImage image, long bias) {
        for (ElfImage.Segment segment : image.segments()) {
            long offset = image.headerOffset() - segment.offset();
            if (offset >= 0 && offset < segment.fileSize()) {
                return bias + segment.address() + offset;
            }
        }
        return 0;
    }

    private static long pageDown(long address) {
        return address & -PAGE;
    }

    private static long pageUp(long address) {
        return address + PAGE - 1 & -PAGE;
    }
}
