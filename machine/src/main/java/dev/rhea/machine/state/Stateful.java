package dev.rhea.machine.state;

/**
 * Has state that snapshots, migration and forks of a machine keep. The state is one Java record: of primitives, strings,
 * enums, arrays and lists of these, and records of all that; none of them null. Its type carries {@link Version}, and is public in
 * a package that its module exports: see {@link StateCodec}.
 *
 * @param <S> the record
 */
public interface Stateful<S extends Record> {
    /** The record's type. */
    Class<S> stateType();

    /** The state now. With the machine lock held and the processors stopped. */
    S saveState();

    /**
     * Takes over a state. Either all of it or, where it throws, nothing.
     *
     * @throws BadStateException where the record's values cannot be a state of this device: it may come from a damaged or
     *     hostile file
     */
    void loadState(S state) throws BadStateException;
}
