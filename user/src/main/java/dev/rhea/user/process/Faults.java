package dev.rhea.user.process;

import dev.rhea.engine.abi.LinuxAbi;

/** Traps that are no system calls, as the signals Linux makes of them. */
final class Faults {
    private Faults() {}

    static SignalInfo signalOf(Task task) {
        SignalInfo memoryFault = task.memory().signalOf(task.cpu().trap, task.cpu().trapValue);
        if (memoryFault != null) {
            return memoryFault;
        }
        LinuxAbi.TrapSignal trap = task.abi().signalOf(task.cpu());
        return SignalInfo.fault(trap.number(), trap.code(), trap.address());
    }
}
