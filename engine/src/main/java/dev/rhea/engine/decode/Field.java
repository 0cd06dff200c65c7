package dev.rhea.engine.decode;

/**
 * An operand field of an encoding: bits gathered from one or more places.
 *
 * @param name as in the manual: {@code rd}, {@code imm}
 * @param width bits of the value, counting low bits that the encoding implies to be 0
 * @param signed whether the value is sign-extended from its top bit
 * @param pieces where its bits stand
 */
public record Field(String name, int width, boolean signed, Piece... pieces) {
    /**
     * A run of bits.
     *
     * @param from lowest bit in the instruction
     * @param to lowest bit in the value
     * @param width how many
     */
    public record Piece(int from, int to, int width) {
        private long mask() {
            return -1L >>> 64 - width;
        }
    }

    /** The field's value in an instruction. */
    public long extract(long bits) {
        long value = 0;
        for (Piece p : pieces) {
            value |= (bits >>> p.from & p.mask()) << p.to;
        }
        return signed ? value << 64 - width >> 64 - width : value;
    }

    /** The instruction bits that hold {@code value}; the inverse of {@link #extract}. */
    public long insert(long value) {
        long bits = 0;
        for (Piece p : pieces) {
            bits |= (value >>> p.to & p.mask()) << p.from;
        }
        return bits;
    }
}
