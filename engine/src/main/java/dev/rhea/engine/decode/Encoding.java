package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bit pattern of an instruction, written as manuals write it, highest bit first, in words separated by spaces:
 *
 * <ul>
 *   <li>{@code 0110011}: these bits;
 *   <li>{@code rs1:5}: a field of five bits;
 *   <li>{@code imm[12|10:5]}: bits 12 and 10 to 5 of a field that has more pieces elsewhere;
 *   <li>{@code -}: a bit that may be anything, repeated for more;
 *   <li>a trailing {@code s} ({@code imm:12s}, {@code imm[11:0]s}) makes the field signed.
 * </ul>
 *
 * <p>A program's start pays for every pattern of its architecture, so only the fixed bits are read at once; the fields are
 * read when somebody asks for them.
 */
public final class Encoding {
    private final String pattern;
    private final int bits;
    private final long mask;
    private final long match;
    /** Read from the pattern at first use; a race makes equal arrays of immutable fields. */
    private Field @Nullable [] fields;

    /** Made at first use, as {@link #fields}. */
    private @Nullable Special special;

    private Encoding(String pattern, int bits, long mask, long match) {
        this.pattern = pattern;
        this.bits = bits;
        this.mask = mask;
        this.match = match;
    }

    /** Reads a pattern. @throws IllegalArgumentException naming the word that is wrong */
    public static Encoding of(String pattern) {
        int bits = 0;
        long mask = 0;
        long match = 0;
        int length = pattern.length();
        for (int at = 0; at < length; ) {
            char c = pattern.charAt(at);
            if (c == ' ') {
                at++;
            } else if (c == '0' || c == '1') {
                bits++;
                mask = mask << 1 | 1;
                match = match << 1 | c - '0';
                at++;
            } else if (c == '-') {
                bits++;
                mask <<= 1;
                match <<= 1;
                at++;
            } else {
                int end = pattern.indexOf(' ', at);
                end = end < 0 ? length : end;
                int width = width(pattern, at, end);
                bits += width;
                mask <<= width;
                match <<= width;
                at = end;
            }
        }
        if (bits == 0 || bits % 8 != 0 || bits > 64) {
            throw new IllegalArgumentException(
                    "pattern '" + pattern + "' has " + bits + " bits; instructions have a multiple of 8, at most 64");
        }
        return new Encoding(pattern, bits, mask, match);
    }

    /** Bits that the field word {@code pattern[at, end)} stands for. */
    private static int width(String pattern, int at, int end) {
        int colon = pattern.indexOf(':', at);
        int bracket = pattern.indexOf('[', at);
        int last = pattern.charAt(end - 1) == 's' ? end - 1 : end;
        int width = 0;
        if (bracket > at && bracket < last) {
            if (pattern.charAt(last - 1) != ']') {
                throw wrong(pattern, at, end);
            }
            for (int i = bracket + 1; i < last; ) {
                int stop = rangeEnd(pattern, i, last);
                int low = number(pattern, lowStart(pattern, i, stop), stop);
                int high = number(pattern, i, highEnd(pattern, i, stop));
                if (low < 0 || high < low) {
                    throw wrong(pattern, at, end);
                }
                width += high - low + 1;
                i = stop + 1;
            }
        } else if (colon > at && colon < last) {
            width = number(pattern, colon + 1, last);
        }
        if (width <= 0 || width > 64) {
            throw wrong(pattern, at, end);
        }
        return width;
    }

    private static IllegalArgumentException wrong(String pattern, int at, int end) {
        return new IllegalArgumentException(
                "cannot read '" + pattern.substring(at, end) + "' in the pattern '" + pattern + "'");
    }

    /** Where the range that starts at {@code i} ends: at {@code |} or {@code ]}. */
    private static int rangeEnd(String pattern, int i, int last) {
        while (i < last && pattern.charAt(i) != '|' && pattern.charAt(i) != ']') {
            i++;
        }
        return i;
    }

    private static int highEnd(String pattern, int i, int stop) {
        int colon = pattern.indexOf(':', i);
        return colon < 0 || colon >= stop ? stop : colon;
    }

    private static int lowStart(String pattern, int i, int stop) {
        int colon = pattern.indexOf(':', i);
        return colon < 0 || colon >= stop ? i : colon + 1;
    }

    /** A decimal number below 100, or -1. */
    private static int number(String pattern, int from, int to) {
        if (to - from < 1 || to - from > 2) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = pattern.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    /** Length in bits: 8 to 64. */
    public int bits() {
        return bits;
    }

    /** Which bits are fixed. */
    public long mask() {
        return mask;
    }

    /** What the fixed bits are. */
    public long match() {
        return match;
    }

    /** The operands, in the order they appear. The array is shared: do not change it. */
    public Field[] fields() {
        Field[] known = fields;
        if (known == null) {
            known = readFields();
            fields = known;
        }
        return known;
    }

    /**
     * Which of an instruction's fields hold 0, hold only ones, or equal each other: where the meaning of its row may take
     * another form. Instructions for which this number is equal differ in values of fields only.
     *
     * @return the number, or -1 for an encoding of too many fields
     */
    public int special(long instruction) {
        Special known = special;
        if (known == null) {
            known = Special.of(fields());
            special = known;
        }
        return known.number(instruction);
    }

    /** The field of that name, or null. */
    public @Nullable Field field(String name) {
        for (Field field : fields()) {
            if (field.name().equals(name)) {
                return field;
            }
        }
        return null;
    }

    private Field[] readFields() {
        List<String> names = new ArrayList<>();
        List<List<Field.Piece>> pieces = new ArrayList<>();
        List<Boolean> signs = new ArrayList<>();
        int from = bits;
        int length = pattern.length();
        for (int at = 0; at < length; ) {
            char c = pattern.charAt(at);
            if (c == ' ' || c == '0' || c == '1' || c == '-') {
                from -= c == ' ' ? 0 : 1;
                at++;
                continue;
            }
            int end = pattern.indexOf(' ', at);
            end = end < 0 ? length : end;
            boolean signed = pattern.charAt(end - 1) == 's';
            int last = signed ? end - 1 : end;
            int nameEnd = at;
            while (pattern.charAt(nameEnd) != ':' && pattern.charAt(nameEnd) != '[') {
                nameEnd++;
            }
            String name = pattern.substring(at, nameEnd).intern();
            int index = names.indexOf(name);
            if (index < 0) {
                index = names.size();
                names.add(name);
                pieces.add(new ArrayList<>());
                signs.add(false);
            }
            if (signed) {
                signs.set(index, true);
            }
            if (pattern.charAt(nameEnd) == ':') {
                int width = number(pattern, nameEnd + 1, last);
                from -= width;
                pieces.get(index).add(new Field.Piece(from, 0, width));
            } else {
                for (int i = nameEnd + 1; i < last; ) {
                    int stop = rangeEnd(pattern, i, last);
                    int low = number(pattern, lowStart(pattern, i, stop), stop);
                    int width = number(pattern, i, highEnd(pattern, i, stop)) - low + 1;
                    from -= width;
                    pieces.get(index).add(new Field.Piece(from, low, width));
                    i = stop + 1;
                }
            }
            at = end;
        }
        Field[] result = new Field[names.size()];
        for (int i = 0; i < result.length; i++) {
            int width = 0;
            for (Field.Piece piece : pieces.get(i)) {
                width = Math.max(width, piece.to() + piece.width());
            }
            result[i] =
                    new Field(names.get(i), width, signs.get(i), pieces.get(i).toArray(new Field.Piece[0]));
        }
        return result;
    }

    /** Whether an instruction's bits fit the pattern. */
    public boolean matches(long instruction) {
        return (instruction & mask) == match;
    }

    /** Whether some instruction fits both patterns. */
    public boolean overlaps(Encoding other) {
        return bits == other.bits && ((match ^ other.match) & mask & other.mask) == 0;
    }

    /** Whether every instruction that fits this pattern fits the other. */
    public boolean within(Encoding other) {
        return overlaps(other) && (other.mask & ~mask) == 0;
    }

    @Override
    public String toString() {
        return pattern;
    }
}
