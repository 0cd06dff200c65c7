package dev.rhea.user;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.ir.Global;
import dev.rhea.engine.ir.Globals;
import dev.rhea.user.log.CallObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What every thread of a run was like at each of its system calls: all registers, how many instructions it had executed, what
 * it wrote. Time stands still meanwhile: what a program makes of it would differ from run to run.
 */
final class CallTrace implements CallObserver {
    private static final Set<String> CLOCKS = Set.of("clock_gettime", "gettimeofday", "times", "getrusage");

    /** Of what is written, so much is compared. */
    private static final int MOST = 1 << 16;

    /** A thread at a call. */
    record Moment(
            String call,
            long pc,
            long executed,
            int flags,
            int rounding,
            long[] arguments,
            byte[] written,
            long[] registers) {}

    private final LinuxAbi abi;
    private final Map<Integer, List<Moment>> threads = new TreeMap<>();

    CallTrace(LinuxAbi abi) {
        this.abi = abi;
    }

    @Override
    public @Nullable Long calls(CallObserver.Moment call) {
        Cpu cpu = call.cpu();
        String name = String.valueOf(abi.syscallName(call.number()));
        long[] arguments = call.arguments().clone();
        byte[] written = new byte[name.equals("write") ? (int) Math.min(MOST, arguments[2]) : 0];
        call.memory().read(arguments[1], written, 0, written.length);
        long[] registers = Arrays.copyOf(cpu.r, Globals.FIRST_TEMPORARY);
        Moment moment =
                new Moment(name, cpu.pc, cpu.executed, cpu.fp.flags, cpu.fp.rounding, arguments, written, registers);
        synchronized (threads) {
            threads.computeIfAbsent(call.thread(), key -> new ArrayList<>()).add(moment);
        }
        if (!CLOCKS.contains(name)) {
            return null;
        }
        // Seconds and what is below, both 0: the kernel's other structures begin like that as well.
        call.memory().write(arguments[name.equals("gettimeofday") || name.equals("times") ? 0 : 1], 0, 8);
        return 0L;
    }

    int length() {
        return threads.values().stream().mapToInt(List::size).sum();
    }

    /** Leaves out the first thread: signals of its children's ends reach a shell at any time. */
    CallTrace withoutFirst() {
        threads.remove(threads.keySet().iterator().next());
        return this;
    }

    /** The first difference to another run, as a sentence; null where there is none. */
    @Nullable
    String differenceTo(CallTrace other, List<Global> names) {
        if (!threads.keySet().equals(other.threads.keySet())) {
            return "threads " + threads.keySet() + " and " + other.threads.keySet();
        }
        for (Map.Entry<Integer, List<Moment>> thread : threads.entrySet()) {
            List<Moment> mine = thread.getValue();
            List<Moment> theirs = other.threads.get(thread.getKey());
            for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
                String difference = difference(mine.get(i), theirs.get(i), names);
                long executed = executedBefore(mine, i);
                long others = executedBefore(theirs, i);
                if (difference == null && executed != others) {
                    difference = "after " + executed + " instructions and " + others;
                }
                if (difference != null) {
                    return "thread " + thread.getKey() + ", call " + i + ", "
                            + mine.get(i).call + " after "
                            + (i == 0 ? "nothing" : mine.get(i - 1).call) + ": " + difference;
                }
            }
            if (mine.size() != theirs.size()) {
                return "thread " + thread.getKey() + " makes " + mine.size() + " calls and " + theirs.size();
            }
        }
        return null;
    }

    /** Instructions since the call before. A child begins with its parent's count, a program with 0. */
    private static long executedBefore(List<Moment> thread, int call) {
        if (call == 0) {
            return 0;
        }
        long now = thread.get(call).executed;
        Moment before = thread.get(call - 1);
        return now < before.executed && before.call.equals("execve") ? now : now - before.executed;
    }

    private static @Nullable String difference(Moment a, Moment b, List<Global> names) {
        if (!a.call.equals(b.call)) {
            return "it is " + b.call;
        }
        if (a.pc != b.pc) {
            return String.format("pc %x and %x", a.pc, b.pc);
        }
        for (Global name : names) {
            long x = a.registers[name.slot()];
            long y = b.registers[name.slot()];
            if (x != y) {
                return String.format("%s %x and %x", name.name(), x, y);
            }
        }
        if (!Arrays.equals(a.registers, b.registers)) {
            return "registers without a name";
        }
        if (a.flags != b.flags || a.rounding != b.rounding) {
            return String.format("flags %x, rounding %d and %x, %d", a.flags, a.rounding, b.flags, b.rounding);
        }
        return Arrays.equals(a.written, b.written) ? null : "it writes other bytes";
    }
}
