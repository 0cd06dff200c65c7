package dev.rhea.machine.state;

/** The byte that says what follows in an encoded state. Primitive types have the letters of the class file format. */
final class Tag {
    static final char BOOLEAN = 'Z';
    static final char BYTE = 'B';
    static final char SHORT = 'S';
    static final char CHAR = 'C';
    static final char INT = 'I';
    static final char LONG = 'J';
    static final char FLOAT = 'F';
    static final char DOUBLE = 'D';
    /** A string: its length in bytes, then UTF-8. */
    static final char STRING = 'T';
    /** An enum constant: its name as a string. */
    static final char ENUM = 'E';
    /** An array of a primitive type: that type's tag, how many, and the values without tags. */
    static final char ARRAY = '[';
    /** A list or an array of anything else: how many, and the values, each with its tag. */
    static final char LIST = 'L';
    /** A record: version, how many components, and for each its name and its value. */
    static final char RECORD = 'R';

    private Tag() {}

    /** The tag of a primitive type. */
    static char of(Class<?> primitive) {
        return primitive.descriptorString().charAt(0);
    }

    /** The primitive type of a tag; void where it is none's. */
    static Class<?> type(char tag) {
        return switch (tag) {
            case BOOLEAN -> boolean.class;
            case BYTE -> byte.class;
            case SHORT -> short.class;
            case CHAR -> char.class;
            case INT -> int.class;
            case LONG -> long.class;
            case FLOAT -> float.class;
            case DOUBLE -> double.class;
            default -> void.class;
        };
    }

    /** Bytes of a value of a primitive type. */
    static int size(char tag) {
        return switch (tag) {
            case BOOLEAN, BYTE -> 1;
            case SHORT, CHAR -> 2;
            case INT, FLOAT -> 4;
            default -> 8;
        };
    }
}
