package dev.rhea.engine.decode;

import java.util.Arrays;

/**
 * What a text has become so far, and the directives that add to it: {@code .byte .half .word .dword} with expressions,
 * {@code .ascii .asciz .string} with strings in double quotes, {@code .zero n} ({@code .skip}), {@code .balign n}, and
 * {@code .equ name, value} ({@code .set}).
 */
final class Directives {
    /** Nothing assembled is larger: a slip in a count should not take all memory. */
    private static final int LARGEST = 1 << 28;

    private final long origin;
    private final Symbols symbols;
    private final Dialect dialect;
    private byte[] bytes = new byte[256];
    private int size;

    Directives(long origin, Symbols symbols, Dialect dialect) {
        this.origin = origin;
        this.symbols = symbols;
        this.dialect = dialect;
    }

    /** Of what comes next. */
    long address() {
        return origin + size;
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    void add(long value, int count) {
        room(count);
        for (int i = 0; i < count; i++) {
            bytes[size++] = (byte) (value >>> 8 * i);
        }
    }

    private void room(int count) {
        if (size + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + count, bytes.length * 2));
        }
    }

    void take(String line) throws AssemblyException {
        int end = Assembler.firstWord(line);
        String name = line.substring(0, end);
        var text = new AssemblyText(line, end, address(), symbols, dialect);
        switch (name) {
            case ".byte" -> values(text, 1);
            case ".half" -> values(text, 2);
            case ".word" -> values(text, 4);
            case ".dword" -> values(text, 8);
            case ".ascii" -> strings(text, false);
            case ".asciz", ".string" -> strings(text, true);
            case ".zero", ".skip" -> zeros(text, text.constant());
            case ".balign" -> {
                long to = text.constant();
                if (to <= 0) {
                    throw text.error("an alignment is a positive number");
                }
                zeros(text, Long.remainderUnsigned(to - Long.remainderUnsigned(address(), to), to));
            }
            case ".equ", ".set" -> {
                String symbol = text.name();
                if (symbol.isEmpty() || Character.isDigit(symbol.charAt(0)) || symbol.equals(".")) {
                    throw text.error("the name of a symbol is missing");
                }
                if (!text.accept(",")) {
                    throw text.error("',' is missing");
                }
                symbols.define("symbol", symbol, text.constant());
            }
            default -> throw new AssemblyException("there is no directive '" + name + "'");
        }
        if (!text.atEnd()) {
            throw text.error("the directive goes on where its operands end");
        }
    }

    private void values(AssemblyText text, int size) throws AssemblyException {
        do {
            long value = text.number();
            int unused = 64 - 8 * size;
            if (symbols.isComplete() && value << unused >>> unused != value && value << unused >> unused != value) {
                throw text.error(value + " does not fit " + size + (size == 1 ? " byte" : " bytes"));
            }
            add(value, size);
        } while (text.accept(","));
    }

    private void strings(AssemblyText text, boolean terminated) throws AssemblyException {
        do {
            byte[] string = text.string();
            room(string.length + 1);
            System.arraycopy(string, 0, bytes, size, string.length);
            size += string.length;
            if (terminated) {
                add(0, 1);
            }
        } while (text.accept(","));
    }

    private void zeros(AssemblyText text, long count) throws AssemblyException {
        if (count < 0 || count > LARGEST - size) {
            throw text.error("there is no room for " + count + " bytes");
        }
        room((int) count);
        size += (int) count;
    }
}
