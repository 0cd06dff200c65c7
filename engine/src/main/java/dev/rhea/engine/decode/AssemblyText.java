package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.List;

/** A line of assembly that is being read from left to right. Space between words does not matter. */
public final class AssemblyText {
    private final String line;
    private final long pc;
    private final Symbols symbols;
    private final Dialect dialect;

    private int at;
    private boolean resolved = true;

    AssemblyText(String line, int at, long pc, Symbols symbols, Dialect dialect) {
        this.line = line;
        this.at = at;
        this.pc = pc;
        this.symbols = symbols;
        this.dialect = dialect;
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
        return acceptSuffix(literal);
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

    /** Reads letters, digits, {@code _}, {@code .} and {@code $}; may be empty. */
    String name() {
        skipSpace();
        int from = at;
        while (at < line.length() && isNameCharacter(line.charAt(at))) {
            at++;
        }
        return line.substring(from, at);
    }

    static boolean isNameCharacter(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '$';
    }

    /** Reads the operands that are left, as they stand: what commas outside of parentheses and quotes separate. */
    public List<String> operands() {
        List<String> all = new ArrayList<>();
        if (atEnd()) {
            return all;
        }
        int from = at;
        int open = 0;
        for (; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '\'' && at + 2 < line.length()) {
                at += line.charAt(at + 1) == '\\' ? 3 : 2;
            } else if (c == ',' && open == 0) {
                all.add(line.substring(from, at).strip());
                from = at + 1;
            } else {
                open += c == '(' ? 1 : c == ')' ? -1 : 0;
            }
        }
        at = line.length();
        all.add(line.substring(from).strip());
        return all;
    }

    /**
     * Reads a number: an expression of constants, labels and other symbols, with unsigned 64-bit constants among them. While symbols are
     * still being collected it may be any; see {@link #insert} and {@link #constant}.
     */
    public long number() throws AssemblyException {
        if (atEnd()) {
            throw error("an operand is missing");
        }
        var expression = new Expression(this, symbols, dialect);
        long value = expression.read();
        resolved &= expression.isResolved();
        return value;
    }

    /** Whether all symbols of the numbers that were read are known. */
    public boolean isResolved() {
        return resolved;
    }

    /** Reads a number that is known even while symbols are still being collected, since what is read takes more or less space by it. */
    public long constant() throws AssemblyException {
        long value = number();
        if (!resolved) {
            throw error("the value must be known here, so its symbols must be defined above");
        }
        return value;
    }

    /** Reads a character, up to {@code quote} if it stands alone: {@code \n \t \r \b \f \e}, {@code \0} to {@code \377}, {@code \\}. */
    int character(char quote) throws AssemblyException {
        if (at >= line.length() || line.charAt(at) == '\'' && quote == '\'') {
            throw error("a character is missing");
        }
        int c = line.charAt(at++);
        if (c == '\\') {
            if (at == line.length()) {
                throw error("a character is missing");
            }
            c = line.charAt(at++);
            int index = "ntrbfe".indexOf(c);
            if (index >= 0) {
                c = "\n\t\r\b\f\033".charAt(index);
            } else if (c >= '0' && c <= '7') {
                c -= '0';
                for (int i = 0; i < 2 && at < line.length() && line.charAt(at) >= '0' && line.charAt(at) <= '7'; i++) {
                    c = c * 8 + line.charAt(at++) - '0';
                }
                if (c > 0377) {
                    throw error("a character in octal has at most 8 bits");
                }
            } else if (c != '\\' && c != '\'' && c != '"') {
                throw error("there is no character '\\" + (char) c + "'");
            }
        }
        if (quote == '\'' && !acceptSuffix("'")) {
            throw error("the character does not end with a quote");
        }
        return c;
    }

    /** Reads characters in double quotes: their bytes, in UTF-8 where they stand for themselves. */
    byte[] string() throws AssemblyException {
        if (!accept("\"")) {
            throw error("a string in double quotes is missing");
        }
        var bytes = new java.io.ByteArrayOutputStream();
        while (!acceptSuffix("\"")) {
            if (at == line.length()) {
                throw error("the string does not end with a quote");
            }
            if (line.charAt(at) == '\\') {
                bytes.write(character('"'));
            } else {
                int point = line.codePointAt(at);
                at += Character.charCount(point);
                bytes.writeBytes(Character.toString(point).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    /** The bits of {@code field} for a value that must fit it, once it is known. */
    public long insert(Field field, long value) throws AssemblyException {
        long bits = field.insert(value);
        if (resolved && field.extract(bits) != value) {
            throw error(value + " does not fit the operand '" + field.name() + "' of " + field.width() + " bits");
        }
        return bits;
    }

    /** What is wrong, with the line and the place. */
    public AssemblyException error(String message) {
        return new AssemblyException(message + ", in '" + line.trim() + "' at column " + (at + 1));
    }
}
