package dev.rhea.board.boot;

import dev.rhea.engine.abi.BadElfException;
import dev.rhea.engine.abi.ElfHeader;
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
    private final ElfHeader header;
    private final boolean wide;

    private ElfSymbols(byte[] bytes) throws BadElfException {
        header = ElfHeader.read(ElfHeader.Source.of(bytes));
        wide = header.wide();
        file = ByteBuffer.wrap(bytes).order(header.bigEndian() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    /** A symbol. @param size in bytes, 0 where the program does not say */
    public record Symbol(long value, long size) {}

    /** A symbol; null where the file has none of that name, is no ELF file, or cannot be read. */
    public static @Nullable Symbol find(Path path, String name) {
        try {
            return new ElfSymbols(Files.readAllBytes(path)).find(name);
        } catch (IOException
                | BadElfException
                | IndexOutOfBoundsException
                | BufferUnderflowException
                | ArithmeticException e) {
            return null;
        }
    }

    private long word(int at) {
        return wide ? file.getLong(at) : file.getInt(at) & 0xffffffffL;
    }

    private @Nullable Symbol find(String name) {
        int table = Math.toIntExact(header.sections().offset());
        int size = header.sections().entrySize();
        int count = header.sections().count();
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
