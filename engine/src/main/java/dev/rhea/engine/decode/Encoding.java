package dev.rhea.engine.decode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
 * @param bits length in bits: 8 to 64
 * @param mask which bits are fixed
 * @param match what they are
 * @param fields the operands, in the order they appear
 */
public record Encoding(int bits, long mask, long match, Field... fields) {
    /** Reads a pattern. @throws IllegalArgumentException naming the word that is wrong */
    public static Encoding of(String pattern) {
        String[] words = pattern.trim().split("\\s+");
        int bits = 0;
        for (String word : words) {
            bits += width(word, pattern);
        }
        if (bits % 8 != 0 || bits > 64) {
            throw new IllegalArgumentException("pattern '" + pattern + "' has " + bits + " bits; instructions have a multiple of 8, at most 64");
        }
        long mask = 0;
        long match = 0;
        Map<String, List<Field.Piece>> pieces = new LinkedHashMap<>();
        Map<String, Boolean> signs = new LinkedHashMap<>();
        int at = bits;
        for (String word : words) {
            int width = width(word, pattern);
            at -= width;
            char first = word.charAt(0);
            if (first == '0' || first == '1') {
                mask |= ones(width) << at;
                match |= Long.parseUnsignedLong(word, 2) << at;
            } else if (first != '-') {
                boolean signed = word.endsWith("s") && (word.contains(":") || word.contains("["));
                String name = word.split("[\\[:]", 2)[0].intern();
                signs.merge(name, signed, Boolean::logicalOr);
                List<Field.Piece> list = pieces.computeIfAbsent(name, k -> new ArrayList<>());
                if (word.contains("[")) {
                    int from = at + width;
                    for (String range : word.substring(word.indexOf('[') + 1, word.indexOf(']')).split("\\|")) {
                        String[] ends = range.split(":");
                        int high = Integer.parseInt(ends[0]);
                        int low = Integer.parseInt(ends[ends.length - 1]);
                        from -= high - low + 1;
                        list.add(new Field.Piece(from, low, high - low + 1));
                    }
                } else {
                    list.add(new Field.Piece(at, 0, width));
                }
            }
        }
        List<Field> fields = new ArrayList<>();
        pieces.forEach((name, list) -> fields.add(new Field(
                name,
                list.stream().mapToInt(p -> p.to() + p.width()).max().orElseThrow(),
                Boolean.TRUE.equals(signs.get(name)),
                list.toArray(Field.Piece[]::new))));
        return new Encoding(bits, mask, match, fields.toArray(Field[]::new));
    }

    private static long ones(int width) {
        return width == 64 ? -1 : (1L << width) - 1;
    }

    private static int width(String word, String pattern) {
        try {
            if (word.matches("[01]+|-+")) {
                return word.length();
            }
            if (word.contains("[")) {
                int sum = 0;
                for (String range : word.substring(word.indexOf('[') + 1, word.indexOf(']')).split("\\|")) {
                    String[] ends = range.split(":");
                    sum += Integer.parseInt(ends[0]) - Integer.parseInt(ends[ends.length - 1]) + 1;
                }
                return sum;
            }
            String number = word.substring(word.indexOf(':') + 1);
            return Integer.parseInt(number.endsWith("s") ? number.substring(0, number.length() - 1) : number);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("cannot read '" + word + "' in the pattern '" + pattern + "'", e);
        }
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
}
