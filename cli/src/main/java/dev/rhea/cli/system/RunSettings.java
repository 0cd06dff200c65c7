package dev.rhea.cli.system;

import org.jspecify.annotations.Nullable;

/** How the machine's process runs, and what happens at the machine's end. */
final class RunSettings {
    /** {@code -S}: the processors wait for a monitor's {@code cont}. */
    boolean paused;

    boolean noReboot;
    boolean noShutdown;

    /** {@code -snapshot}: what is written to disks goes to temporary files. */
    boolean snapshot;

    boolean noDefaults;

    /** {@code -stats}: where time and instructions went is printed at the end. */
    boolean statistics;

    /** {@code -daemonize}. */
    boolean daemon;

    @Nullable
    String pidFile;

    /** What {@code ps} shows: {@code -name process=}; null for the JVM's own. */
    @Nullable
    String processName;

    /** {@code -accel tcg,one-insn-per-tb=on}: instruction by instruction. */
    boolean interpretOnly;
}
