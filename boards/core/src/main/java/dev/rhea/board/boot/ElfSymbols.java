package dev.rhea.board.boot;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The symbol table of an ELF file: System V ABI, "Symbol Table". */
public final class ElfSymbols {
    private static final int SHT_SYMTAB = 2;

    private final ByteBuffer file;
    private final boolean wide;

    private ElfSymbols(byte[] bytes) {
        wide = bytes[4] == 2;
        file = ByteBuffer.wrap(bytes).order(bytes[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** A symbol. @param size in bytes, 0 where the program does not say */
    public record Symbol(long value, long size) {}

    /** A symbol; null where the file has none of that name, is no ELF file, or cannot be read. */
    public static @Nullable Symbol find(Path path, String name) {
        try {
            byte[] bytes = Files.readAllBytes(path);
            boolean isElf =
                    bytes.length > 64 && bytes[0] == 0x7f && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
            return isElf ? new ElfSymbols(bytes).find(name) : null;
        } catch (IOException | IndexOutOfBoundsException | BufferUnderflowException | ArithmeticException e) {
            return null;
        }
    }

    private long word(int at) {
        return wide ? file.getLong(at) : file.getInt(at) & 0xffffffffL;
    }

    private @Nullable Symbol find(String name) {
        int table = Math.toIntExact(word(wide ? 40 : 32));
        int size = file.getShort(wide ? 58 : 46) & 0xffff;
        int count = file.getShort(wide ? 60 : 48) & 0xffff;
        for (int i = 0; i < count; i++) {
            int header = table + i * size;
            if (file.getInt(header + 4) != SHT_SYMTAB) {
                continue;
            }
            int strings = table + file.getInt(header + (wide ? 40 : 24)) * size;
            int texts = Math.toIntExact(word(strings + (wide ? 24 : 16)));
            int start = Math.toIntExact(word(header + (wide ? 24 : 16)));
            int length = Math.toIntExact(word(header + (wide ? 32 : 20)));
            int each = wide ? 24 : 16;
            for (int at = start; at + each <= start + length; at += each) {
                if (text(texts + file.getInt(at)).equals(name)) {
                    return new Symbol(word(at + (wide ? 8 : 4)), word(at + (wide ? 16 : 8)));
                }
            }
        }
        return null;
    }

    private String text(int at) {
        int end = at;
        while (file.get(end) != 0) {
            end++;
        }
        return new String(file.array(), at, end - at, StandardCharsets.UTF_8);
    }
}
