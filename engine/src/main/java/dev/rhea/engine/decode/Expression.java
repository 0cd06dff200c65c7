package dev.rhea.engine.decode;

import org.jspecify.annotations.Nullable;

/**
 * Reads a constant expression off an {@link AssemblyText} and computes it in 64 bits: numbers ({@code 12}, {@code 0x1f}, {@code 0b101},
 * {@code 017}), characters ({@code 'a'}, {@code '\n'}), symbols, {@code .} for the address, {@code -x ~x}, parentheses, what the
 * architecture calls {@code %name(x)}, and operators. Of these {@code * / % << >>} bind closest, then {@code | & ^}, then
 * {@code + -}, as in GNU as and unlike in C; division is signed, {@code >>} is not.
 */
final class Expression {
    private static final int DEEPEST = 64;

    private final AssemblyText text;
    private final Symbols symbols;
    private final Dialect dialect;
    private int depth;
    private boolean resolved = true;

    Expression(AssemblyText text, Symbols symbols, Dialect dialect) {
        this.text = text;
        this.symbols = symbols;
        this.dialect = dialect;
    }

    /** Whether all symbols were known; what {@link #read} gave is worth nothing otherwise. */
    boolean isResolved() {
        return resolved;
    }

    long read() throws AssemblyException {
        if (++depth > DEEPEST) {
            throw text.error("the expression is nested too deep");
        }
        long value = bits();
        while (true) {
            if (text.accept("+")) {
                value += bits();
            } else if (text.accept("-")) {
                value -= bits();
            } else {
                depth--;
                return value;
            }
        }
    }

    private long bits() throws AssemblyException {
        long value = product();
        while (true) {
            if (text.accept("|")) {
                value |= product();
            } else if (text.accept("&")) {
                value &= product();
            } else if (text.accept("^")) {
                value ^= product();
            } else {
                return value;
            }
        }
    }

    private long product() throws AssemblyException {
        long value = operand();
        while (true) {
            if (text.accept("*")) {
                value *= operand();
            } else if (text.accept("/")) {
                value /= divisor();
            } else if (text.accept("%")) {
                value %= divisor();
            } else if (text.accept("<<")) {
                long by = operand();
                value = by >= 0 && by < 64 ? value << by : 0;
            } else if (text.accept(">>")) {
                long by = operand();
                value = by >= 0 && by < 64 ? value >>> by : 0;
            } else {
                return value;
            }
        }
    }

    private long divisor() throws AssemblyException {
        long value = operand();
        if (value == 0) {
            if (resolved) {
                throw text.error("division by zero");
            }
            return 1;
        }
        return value;
    }

    private long operand() throws AssemblyException {
        boolean negative = false;
        boolean inverted = false;
        while (true) {
            if (text.accept("-")) {
                negative = !negative;
                if (inverted) {
                    throw text.error("write parentheses between '~' and '-'");
                }
            } else if (text.accept("~")) {
                inverted = !inverted;
                if (negative) {
                    throw text.error("write parentheses between '-' and '~'");
                }
            } else {
                long value = primary();
                return negative ? -value : inverted ? ~value : value;
            }
        }
    }

    private long primary() throws AssemblyException {
        if (text.accept("(")) {
            return closed();
        }
        if (text.accept("%")) {
            String name = text.name();
            if (!text.accept("(")) {
                throw text.error("'(' is missing after '%" + name + "'");
            }
            long whole = closed();
            if (!resolved) {
                return 0;
            }
            Long value = dialect.modify(name, whole);
            if (value == null) {
                throw text.error("there is no '%" + name + "' here");
            }
            return value;
        }
        if (text.accept("'")) {
            return text.character('\'');
        }
        String name = text.name();
        if (name.isEmpty()) {
            throw text.error("'" + text.word() + "' is no number");
        }
        if (name.equals(".")) {
            return text.pc();
        }
        Long number = number(name);
        if (number != null) {
            return number;
        }
        Long value = symbols.find(name);
        if (value != null) {
            return value;
        }
        if (symbols.isComplete()) {
            throw text.error(
                    Character.isDigit(name.charAt(0))
                            ? "'" + name + "' is no number, and no label"
                            : "there is no label '" + name + "'");
        }
        resolved = false;
        return text.pc();
    }

    private long closed() throws AssemblyException {
        long value = read();
        if (!text.accept(")")) {
            throw text.error("')' is missing");
        }
        return value;
    }

    /** A number of up to 64 bits; null for what is none. */
    private static @Nullable Long number(String word) {
        if (!Character.isDigit(word.charAt(0))) {
            return null;
        }
        try {
            if (word.startsWith("0x")) {
                return Long.parseUnsignedLong(word, 2, word.length(), 16);
            }
            if (word.startsWith("0b") && word.length() > 2) {
                return Long.parseUnsignedLong(word, 2, word.length(), 2);
            }
            return Long.parseUnsignedLong(word, word.length() > 1 && word.charAt(0) == '0' ? 8 : 10);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
