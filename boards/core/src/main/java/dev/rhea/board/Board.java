package dev.rhea.board;

import dev.rhea.board.boot.BootException;
import dev.rhea.machine.device.BadDeviceException;
import java.util.List;

/**
 * A machine type: which devices, where, wired how. Modules provide boards as services.
 */
public interface Board {
    /** {@code riscv64}: the architecture it is for. */
    String architecture();

    /** {@code virt}. */
    String name();

    /** Other names for it. */
    default List<String> aliases() {
        return List.of();
    }

    /** One line for {@code -M help}. */
    String description();

    /** Whether it is what its architecture has if nothing is said. */
    default boolean isDefault() {
        return false;
    }

    /** The CPU model if nothing is said. */
    String defaultCpu();

    /** How many processors it can have. */
    int maxCpus();

    /** Bytes of RAM if nothing is said. */
    default long defaultMemory() {
        return 128L << 20;
    }

    /**
     * Options of {@code -M virt,...} that it knows, with what they mean.
     */
    default List<MachineOption> options() {
        return List.of();
    }

    /**
     * Builds the machine into a bench that is empty but for its chassis.
     *
     * @throws BadMachineException where it cannot have what is asked for
     * @throws BootException where a file to boot is wrong
     * @throws BadDeviceException where a device is
     */
    void build(Workbench bench) throws BadMachineException, BootException, BadDeviceException;

    /**
     * An option of a board.
     *
     * @param choices what it may be; empty for anything
     */
    record MachineOption(String name, List<String> choices, String help) {}
}
