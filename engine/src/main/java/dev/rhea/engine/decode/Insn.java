package dev.rhea.engine.decode;

/** A decoded instruction: its bits and its row. */
public final class Insn {
    private final Row<?> row;
    private final long bits;

    public Insn(Row<?> row, long bits) {
        this.row = row;
        this.bits = bits;
    }

    public Row<?> row() {
        return row;
    }

    /** The instruction's bits, zero-extended. */
    public long bits() {
        return bits;
    }

    /** Length in bytes. */
    public int length() {
        return row.length();
    }

    /** The value of a field. {@code name} must be a literal: names are compared by identity, which makes this cheap. */
    @SuppressWarnings("StringEquality") // field names are interned, literals too
    public long get(String name) {
        for (Field field : row.encoding().fields()) {
            if (field.name() == name) {
                return field.extract(bits);
            }
        }
        throw new IllegalArgumentException("'" + row.mnemonic() + "' has no field '" + name + "'");
    }

    // The names that nearly every manual uses.

    public int rd() {
        return (int) get("rd");
    }

    public int rs1() {
        return (int) get("rs1");
    }

    public int rs2() {
        return (int) get("rs2");
    }

    public int rs3() {
        return (int) get("rs3");
    }

    public long imm() {
        return get("imm");
    }
}
