package dev.rhea.board;

import dev.rhea.board.boot.BootException;
import dev.rhea.machine.device.BadDeviceException;
import java.util.List;
import java.util.Set;

/**
 * A machine type: which devices, where, wired how. Modules provide boards as services.
 */
public interface Board {
    /** {@code riscv64}: the architectures it is for. */
    Set<String> architectures();

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

    /** The CPU model if nothing is said. @param architecture one of {@link #architectures} */
    String defaultCpu(String architecture);

    /** How few processors it can have. */
    default int minCpus() {
        return 1;
    }

    /** How many processors it can have. */
    int maxCpus();

    /** How many it has if nothing is said. */
    default int defaultCpus() {
        return minCpus();
    }

    /** Bytes of RAM if nothing is said. */
    default long defaultMemory() {
        return 128L << 20;
    }

    /** How many drives of an interface ({@code sd}, {@code mtd}) devices of its own take: {@code -drive if=sd,unit=0}. */
    default int driveUnits(String interfaceType) {
        return 0;
    }

    /** The types of the network cards that are part of it, which {@code -nic} connects in this order. */
    default List<String> networkCards() {
        return List.of();
    }

    /** Options of {@code -M virt,...} that it knows beside {@link MachineOption#COMMON}, with what they mean. */
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
}
