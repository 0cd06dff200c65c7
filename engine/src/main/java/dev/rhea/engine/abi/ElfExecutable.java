package dev.rhea.engine.abi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A little-endian ELF executable of one segment that may be read, written and executed: System V ABI, chapter "Object Files".
 *
 * @param machine {@code e_machine}
 * @param flags {@code e_flags}
 * @param wordSize 4 or 8
 * @param address of the segment's first byte, a multiple of {@link #PAGE}
 * @param entry address of the first instruction
 * @param symbols for debuggers; may be empty
 */
public record ElfExecutable(
        int machine, int flags, int wordSize, long address, byte[] code, long entry, Map<String, Long> symbols) {
    /** What Linux wants segments to be aligned to. */
    public static final int PAGE = 4096;

    private static final int READ_WRITE_EXECUTE = 7;
    private static final int SHT_PROGBITS = 1;
    private static final int SHT_SYMTAB = 2;
    private static final int SHT_STRTAB = 3;
    private static final int ALLOCATED_WRITABLE_EXECUTABLE = 7;
    private static final byte STB_GLOBAL = 1 << 4;
    private static final String NAMES = "\0.text\0.symtab\0.strtab\0";

    private boolean wide() {
        return wordSize == 8;
    }

    /** The file's bytes. */
    public byte[] bytes() {
        List<Map.Entry<String, Long>> sorted = symbols.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .toList();
        var names = new StringBuilder(NAMES);
        int symbolSize = wide() ? 24 : 16;
        int symbolsAt = Math.addExact(PAGE, code.length) + 7 & -8;
        int namesAt = symbolsAt + symbolSize * (sorted.size() + 1);
        int namesSize = NAMES.length()
                + sorted.stream()
                        .mapToInt(symbol -> length(symbol.getKey()) + 1)
                        .sum();
        int sectionsAt = namesAt + namesSize + 7 & -8;
        int sectionSize = wide() ? 64 : 40;
        ByteBuffer to = ByteBuffer.allocate(sectionsAt + 4 * sectionSize).order(ByteOrder.LITTLE_ENDIAN);
        header(to, sectionsAt, sectionSize);
        programHeader(to);
        to.put(PAGE, code);
        to.position(symbolsAt + symbolSize);
        for (Map.Entry<String, Long> symbol : sorted) {
            symbol(to, names.length(), symbol.getValue());
            names.append(symbol.getKey()).append('\0');
        }
        to.put(namesAt, names.toString().getBytes(StandardCharsets.US_ASCII));
        to.position(sectionsAt + sectionSize);
        section(to, 1, SHT_PROGBITS, ALLOCATED_WRITABLE_EXECUTABLE, address, PAGE, code.length, 0, 0, 0);
        // All symbols are global: the first one that is, is the first after the empty one.
        section(to, 7, SHT_SYMTAB, 0, 0, symbolsAt, namesAt - symbolsAt, 3, 1, symbolSize);
        section(to, 15, SHT_STRTAB, 0, 0, namesAt, namesSize, 0, 0, 0);
        return to.array();
    }

    private static int length(String name) {
        return name.getBytes(StandardCharsets.US_ASCII).length;
    }

    private void word(ByteBuffer to, long value) {
        if (wide()) {
            to.putLong(value);
        } else {
            to.putInt((int) value);
        }
    }

    private void header(ByteBuffer to, int sectionsAt, int sectionSize) {
        to.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide() ? 2 : 1), 1, 1}).position(16);
        to.putShort((short) ElfHeader.ET_EXEC).putShort((short) machine).putInt(1);
        word(to, entry);
        word(to, wide() ? 64 : 52);
        word(to, sectionsAt);
        to.putInt(flags);
        to.putShort((short) (wide() ? 64 : 52))
                .putShort((short) (wide() ? 56 : 32))
                .putShort((short) 1);
        to.putShort((short) sectionSize).putShort((short) 4).putShort((short) 3);
    }

    private void programHeader(ByteBuffer to) {
        to.putInt(ElfHeader.PT_LOAD);
        if (wide()) {
            to.putInt(READ_WRITE_EXECUTE);
        }
        word(to, PAGE);
        word(to, address);
        word(to, address);
        word(to, code.length);
        word(to, code.length);
        if (!wide()) {
            to.putInt(READ_WRITE_EXECUTE);
        }
        word(to, PAGE);
    }

    private void symbol(ByteBuffer to, int name, long value) {
        to.putInt(name);
        if (wide()) {
            to.put(STB_GLOBAL).put((byte) 0).putShort((short) 1).putLong(value).putLong(0);
        } else {
            to.putInt((int) value).putInt(0).put(STB_GLOBAL).put((byte) 0).putShort((short) 1);
        }
    }

    private void section(
            ByteBuffer to,
            int name,
            int type,
            int flags,
            long at,
            int offset,
            int size,
            int link,
            int info,
            int entrySize) {
        to.putInt(name).putInt(type);
        word(to, flags);
        word(to, at);
        word(to, offset);
        word(to, size);
        to.putInt(link).putInt(info);
        word(to, type == SHT_STRTAB ? 1 : 8);
        word(to, entrySize);
    }
}
