package dev.rhea.engine.decode;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A line of assembly that is being read from left to right. Space between words does not matter. */
public final class AssemblyText {
    private final String line;
    private final long pc;
    /** Addresses by label; null while labels are still being collected. */
    private final @Nullable Map<String, Long> labels;

    private int at;

    AssemblyText(String line, int at, long pc, @Nullable Map<String, Long> labels) {
        this.line = line;
        this.at = at;
        this.pc = pc;
        this.labels = labels;
    }

    /** The address of the instruction that is being read. */
    public long pc() {
        return pc;
    }

    private void skipSpace() {
        while (at < line.length() && Character.isWhitespace(line.charAt(at))) {
            at++;
        }
    }

    /** Whether the line is at its end. */
    public boolean atEnd() {
        skipSpace();
        return at == line.length();
    }

    /** Reads {@code literal} if it comes next, after any space. */
    public boolean accept(String literal) {
        skipSpace();
        if (line.startsWith(literal, at)) {
            at += literal.length();
            return true;
        }
        return false;
    }

    /** Reads {@code literal} if it comes next, with no space before it. */
    public boolean acceptSuffix(String literal) {
        if (line.startsWith(literal, at)) {
            at += literal.length();
            return true;
        }
        return false;
    }

    /** Where reading stands, for {@link #back}. */
    public int mark() {
        return at;
    }

    /** Goes back to where {@link #mark} was. */
    public void back(int mark) {
        at = mark;
    }

    /** Reads up to a comma, a parenthesis, a space or the end. */
    public String word() throws AssemblyException {
        skipSpace();
        int from = at;
        while (at < line.length() && ",() \t".indexOf(line.charAt(at)) < 0) {
            at++;
        }
        if (from == at) {
            throw error("an operand is missing");
        }
        return line.substring(from, at);
    }

    /** Reads a decimal or {@code 0x} number; unsigned 64-bit ones too. */
    public long number() throws AssemblyException {
        int from = at;
        String word = word();
        try {
            return parse(word);
        } catch (NumberFormatException e) {
            at = from;
            throw error("'" + word + "' is no number");
        }
    }

    private static long parse(String word) {
        boolean negative = word.startsWith("-");
        String digits = negative ? word.substring(1) : word;
        long value = digits.startsWith("0x")
                ? Long.parseUnsignedLong(digits, 2, digits.length(), 16)
                : Long.parseUnsignedLong(digits, 10);
        return negative ? -value : value;
    }

    /** Reads an address: a label or a number. */
    public long address() throws AssemblyException {
        int from = at;
        String word = word();
        if (Character.isDigit(word.charAt(0)) || word.charAt(0) == '-') {
            at = from;
            return number();
        }
        if (labels == null) {
            return pc;
        }
        Long address = labels.get(word);
        if (address == null) {
            throw error("there is no label '" + word + "'");
        }
        return address;
    }

    /** The bits of {@code field} for a value that must fit it. */
    public long insert(Field field, long value) throws AssemblyException {
        long bits = field.insert(value);
        if (field.extract(bits) != value) {
            throw error(value + " does not fit the operand '" + field.name() + "' of " + field.width() + " bits");
        }
        return bits;
    }

    /** What is wrong, with the line and the place. */
    public AssemblyException error(String message) {
        return new AssemblyException(message + ", in '" + line.trim() + "' at column " + (at + 1));
    }
}
