package dev.rhea.junit;

import dev.rhea.board.MachineBuilder;

/** What a {@link Guest} is. */
@FunctionalInterface
public interface GuestDefinition {
    /**
     * Describes it.
     *
     * @throws Exception where it cannot be had: the test fails; one thrown by JUnit's {@code Assumptions} skips the test instead
     */
    MachineBuilder describe() throws Exception;
}
