package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.file.proc.ProcessView;
import java.nio.charset.StandardCharsets;

/** What {@code /proc/PID} tells of a process: proc(5). */
final class ProcessStatus implements ProcessView {
    private static final int MAX_STRINGS = 4 << 20;

    private final Process process;
    private final Task task;

    ProcessStatus(Process process, Task task) {
        this.process = process;
        this.task = task;
    }

    @Override
    public int pid() {
        return process.pid();
    }

    @Override
    public byte[] executable() {
        return process.executable().getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public byte[] commandLine() {
        ProgramLoader.Strings s = process.strings();
        return read(s.argumentStart(), s.argumentEnd());
    }

    @Override
    public byte[] environment() {
        ProgramLoader.Strings s = process.strings();
        return read(s.environmentStart(), s.environmentEnd());
    }

    private byte[] read(long from, long to) {
        byte[] bytes = new byte[(int) Math.max(0, Math.min(to - from, MAX_STRINGS))];
        try {
            process.memory().read(from, bytes, 0, bytes.length);
            return bytes;
        } catch (GuestMemory.BadAddress e) {
            return new byte[0];
        }
    }

    @Override
    public byte[] auxiliaryVector() {
        return process.strings().auxv().clone();
    }

    @Override
    public String maps() {
        return process.memory().maps();
    }

    private char state() {
        synchronized (process.kernel().lock) {
            return process.zombie ? 'Z' : process.stopSignal != 0 ? 'T' : task.waiting() ? 'S' : 'R';
        }
    }

    @Override
    public String stat() {
        long tick = 10_000_000;
        CpuUse use = process.cpuUse;
        StringBuilder s = new StringBuilder(256);
        s.append(process.pid()).append(" (").append(name()).append(") ").append(state()).append(' ');
        s.append(process.parentPid()).append(' ').append(process.group()).append(' ').append(process.session());
        // tty_nr, tpgid, flags, four counts of faults.
        s.append(" 0 ").append(process.kernel().foregroundGroup()).append(" 0 0 0 0 0 ");
        s.append(use.user() / tick).append(' ').append(use.system() / tick).append(' ');
        s.append(use.childrenUser() / tick).append(' ').append(use.childrenSystem() / tick).append(' ');
        // priority, nice, threads, itrealvalue, starttime.
        s.append("20 ").append(task.nice).append(' ').append(tasks().length).append(" 0 ");
        s.append(process.startNanos / tick).append(' ');
        long bytes = process.memory().mappedBytes();
        s.append(bytes).append(' ').append(bytes >>> 12);
        // rsslim to kstkeip, with the start of the stack where bash and glibc look for it.
        s.append(" 18446744073709551615 0 0 ").append(process.strings().stack()).append(" 0 0");
        for (int i = 31; i <= 52; i++) {
            s.append(i == 38 ? " 17" : " 0");
        }
        return s.append('\n').toString();
    }

    @Override
    public String status() {
        var who = process.kernel().credentials();
        StringBuilder s = new StringBuilder(512);
        s.append("Name:\t").append(name()).append('\n');
        char state = state();
        s.append("State:\t").append(state);
        s.append(state == 'R' ? " (running)" : state == 'T' ? " (stopped)" : state == 'Z' ? " (zombie)" : " (sleeping)");
        s.append('\n').append("Tgid:\t").append(process.pid()).append('\n');
        s.append("Pid:\t").append(task.tid()).append('\n');
        s.append("PPid:\t").append(process.parentPid()).append('\n').append("TracerPid:\t0\n");
        ids(s, "Uid:", who.uid(), who.euid());
        ids(s, "Gid:", who.gid(), who.egid());
        s.append("VmSize:\t").append(process.memory().mappedBytes() >>> 10).append(" kB\n");
        s.append("Threads:\t").append(tasks().length).append('\n');
        synchronized (process.kernel().lock) {
            set(s, "SigPnd:", task.signals.pending.set());
            set(s, "ShdPnd:", process.pending.set());
            set(s, "SigBlk:", task.signals.settledMask());
            long ignored = 0;
            long caught = 0;
            for (int i = 1; i <= Signal.MAX; i++) {
                SignalAction action = process.actions.get(i);
                ignored |= action.handler() == SignalAction.IGNORE ? Signal.bit(i) : 0;
                caught |= action.isHandler() ? Signal.bit(i) : 0;
            }
            set(s, "SigIgn:", ignored);
            set(s, "SigCgt:", caught);
        }
        return s.toString();
    }

    private static void ids(StringBuilder s, String name, int real, int effective) {
        s.append(name).append('\t').append(real);
        for (int i = 0; i < 3; i++) {
            s.append('\t').append(effective);
        }
        s.append('\n');
    }

    private static void set(StringBuilder s, String name, long set) {
        String digits = Long.toHexString(set);
        s.append(name).append('\t').append("0".repeat(16 - digits.length())).append(digits).append('\n');
    }

    @Override
    public String name() {
        return new String(task.name(), StandardCharsets.ISO_8859_1).replace("\n", "\\n");
    }

    @Override
    public int[] tasks() {
        return process.taskIds();
    }

    @Override
    public FileTable files() {
        return task.files();
    }

    @Override
    public FileContext fileContext() {
        return task.fileContext();
    }
}
