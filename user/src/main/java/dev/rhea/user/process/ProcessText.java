package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.abi.GuestMemory.BadAddress;
import dev.rhea.user.file.FileContext;
import dev.rhea.user.file.FileTable;
import dev.rhea.user.file.proc.ProcessView;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A process as {@code /proc/PID} shows it: what its memory and its kernel know, in the formats of proc(5). */
public final class ProcessText implements ProcessView {
    /** More than any stack holds: an end for damaged ones. */
    private static final int MAX_STRINGS = 1 << 20;

    private static final int MAX_BYTES = 8 << 20;
    private static final long TICK = 10_000_000;

    private final Task task;
    private final Process process;

    private ProcessText(Task task) {
        this.task = task;
        this.process = task.process();
    }

    /** The process with this pid or thread id, or null. */
    public static @Nullable ProcessView find(Task caller, int pid) {
        Task task = pid == caller.tid() ? caller : caller.kernel().findTask(pid);
        return task == null ? null : new ProcessText(task);
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
        return strings(process.initialStack + word());
    }

    @Override
    public byte[] environment() {
        long at = process.initialStack + word();
        return strings(skipVector(at));
    }

    @Override
    public byte[] auxiliaryVector() {
        var out = new ByteArrayOutputStream();
        try {
            long at = skipVector(skipVector(process.initialStack + word()));
            byte[] entry = new byte[2 * word()];
            for (int i = 0; i < 64; i++, at += entry.length) {
                memory().read(at, entry, 0, entry.length);
                out.write(entry, 0, entry.length);
                if (memory().read(at, word()) == 0) {
                    break;
                }
            }
        } catch (BadAddress e) {
            // the program has unmapped it: what is left
        }
        return out.toByteArray();
    }

    private int word() {
        return process.kernel().abi().wordSize();
    }

    private GuestMemory memory() {
        return process.memory();
    }

    /** Address behind a vector of pointers that ends with a null one. */
    private long skipVector(long from) {
        long at = from;
        try {
            for (int i = 0; i < MAX_STRINGS && memory().read(at, word()) != 0; i++) {
                at += word();
            }
        } catch (BadAddress e) {
            return at;
        }
        return at + word();
    }

    /** The strings of a vector of pointers, each with its NUL. */
    private byte[] strings(long vector) {
        var out = new ByteArrayOutputStream();
        if (process.initialStack == 0) {
            return new byte[0];
        }
        try {
            for (int i = 0; i < MAX_STRINGS && out.size() < MAX_BYTES; i++) {
                long at = memory().read(vector + (long) i * word(), word());
                if (at == 0) {
                    break;
                }
                for (int b = 1; b != 0 && out.size() < MAX_BYTES; at++) {
                    b = (int) memory().read(at, 1);
                    out.write(b);
                }
            }
        } catch (BadAddress e) {
            // the program has unmapped it: what is left
        }
        return out.toByteArray();
    }

    @Override
    public String maps() {
        return process.memory().maps();
    }

    @Override
    public String name() {
        return new String(task.name(), StandardCharsets.UTF_8);
    }

    private char state() {
        return process.zombie ? 'Z' : process.stopSignal != 0 ? 'T' : Thread.currentThread() == thread() ? 'R' : 'S';
    }

    private @Nullable Thread thread() {
        return task.hostThread().thread();
    }

    @Override
    public String stat() {
        int threads = tasks().length;
        long user = process.cpuUse.user() / TICK;
        long system = process.cpuUse.system() / TICK;
        long start = (task.kernel().uptime() - (System.nanoTime() - process.startNanos)) / TICK;
        long bytes = process.memory().mappedBytes();
        String terminal = " 0 -1"; // no controlling terminal that the host's numbers would name
        return process.pid() + " (" + name() + ") " + state() + " " + process.parentPid() + " " + process.group() + " "
                + process.session() + terminal + " 4194304 0 0 0 0 " + user + " " + system + " "
                + process.cpuUse.childrenUser() / TICK + " " + process.cpuUse.childrenSystem() / TICK + " "
                + (20 + task.nice) + " " + task.nice + " " + threads + " 0 " + Math.max(0, start) + " " + bytes + " "
                + bytes / 4096 + " 18446744073709551615 0 0 " + Long.toUnsignedString(process.initialStack)
                + " 0 0 " + task.pendingSignals() + " " + task.signalMask()
                + " 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
    }

    @Override
    public String status() {
        Credentials ids = task.kernel().credentials();
        long kilobytes = process.memory().mappedBytes() / 1024;
        char state = state();
        String word = switch (state) {
            case 'R' -> "running";
            case 'Z' -> "zombie";
            case 'T' -> "stopped";
            default -> "sleeping";
        };
        return "Name:\t" + name()
                + "\nUmask:\t0" + Integer.toOctalString(fileContext().umask())
                + "\nState:\t" + state + " (" + word + ")"
                + "\nTgid:\t" + process.pid()
                + "\nNgid:\t0\nPid:\t" + task.tid()
                + "\nPPid:\t" + process.parentPid()
                + "\nTracerPid:\t0\nUid:\t" + ids.uid() + "\t" + ids.euid() + "\t" + ids.euid() + "\t" + ids.euid()
                + "\nGid:\t" + ids.gid() + "\t" + ids.egid() + "\t" + ids.egid() + "\t" + ids.egid()
                + "\nFDSize:\t64\nVmPeak:\t" + kilobytes + " kB\nVmSize:\t" + kilobytes + " kB\nVmRSS:\t" + kilobytes
                + " kB"
                + "\nThreads:\t" + tasks().length
                + "\nSigPnd:\t" + hex(task.pendingSignals())
                + "\nShdPnd:\t" + hex(0)
                + "\nSigBlk:\t" + hex(task.signalMask())
                + "\nCapInh:\t" + hex(0) + "\nNoNewPrivs:\t0\nSeccomp:\t0\n";
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value);
        return "0".repeat(16 - digits.length()) + digits;
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
