package dev.rhea.machine.state;

/**
 * State records as bytes. The bytes describe themselves: they have each component's name and type, and each record's version.
 *
 * <p>A record's components are primitives, strings, enums, lists, records, and arrays of all that; none is null. Bytes may come
 * from anywhere: whatever is wrong with them ends in {@link BadStateException}, and they cannot ask for much more memory than
 * they have themselves.
 */
public final class StateCodec {
    private StateCodec() {}

    /**
     * Encodes.
     *
     * @throws IllegalArgumentException where the record's type cannot be a state
     */
    public static byte[] encode(Record state) {
        return StateWriter.write(state);
    }

    /**
     * Decodes.
     *
     * @throws BadStateException where the bytes are no state of this type and version; the message says what is wrong
     */
    public static <S extends Record> S decode(Class<S> type, byte[] bytes) throws BadStateException {
        return StateBinder.bind(type, StateParser.parse(bytes));
    }
}
