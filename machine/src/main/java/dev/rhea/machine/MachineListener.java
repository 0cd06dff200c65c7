package dev.rhea.machine;

/** Is told what happens to a machine. Called on the machine's own threads with the machine lock held: must not block. */
public interface MachineListener {
    /** It went from one state to another. */
    default void stateChanged(RunState from, RunState to) {}

    /** All devices and processors were reset. */
    default void reset(ShutdownCause cause) {}

    /** It ended; {@code exitCode} is what the process is to end with. */
    default void shutDown(ShutdownCause cause, int exitCode) {}

    /** The power button was pressed for the guest: {@code system_powerdown}. */
    default void powerDown() {}
}
