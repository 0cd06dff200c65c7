package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;

/** Options of the reference's that are known, and whose work is still to be done. */
final class LaterOptions {
    private LaterOptions() {}

    static void add(Effects effects) {
        later(effects, "qmp qmp-pretty", "the monitor for programs (QMP) is not there yet; -monitor is for people");
        later(effects, "gdb s", "debugging with gdb is not there yet");
        later(effects, "icount", "time by instructions, record and replay are not there yet");
        later(effects, "incoming", "migration is not there yet");
        later(effects, "loadvm", "starting from a snapshot is not there yet");
        later(effects, "semihosting semihosting-config", "semihosting is not there yet");
        later(effects, "trace", "events to trace are not there yet; -d has what can be logged");
        later(effects, "run-with", "chroot, async-teardown and user are not there yet");
        later(effects, "vnc spice full-screen g", "displays are not there yet: a machine has a serial console");
        later(effects, "audio audiodev", "sound is not there yet");
        later(effects, "usbdevice", "USB is not there yet");
        later(effects, "numa", "NUMA is not there yet");
        later(effects, "plugin", "plugins for the reference's C interface do not load here");
        later(effects, "option-rom smbios acpitable", "this board has no such tables");
        later(effects, "tpmdev", "TPMs are not there yet");
        later(effects, "sandbox", "the process's own sandbox is not there yet");
        later(effects, "preconfig only-migratable dump-vmstate", "machine states for other versions are not there yet");
        later(effects, "add-fd", "descriptors of other processes are not there yet");
    }

    private static void later(Effects effects, String names, String message) {
        effects.on(names, use -> {
            throw new OptionException(message);
        });
    }
}
