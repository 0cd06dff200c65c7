package dev.rhea.user.call;

import dev.rhea.engine.abi.LinuxAbi;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The system calls of one kernel: its families, asked by name, remembered by the architecture's number. Thread-safe. */
public final class CallTable {
    /** No architecture's table of calls goes further. */
    private static final int NUMBERS = 1024;

    private final LinuxAbi abi;
    private final CallFamily[] families;
    private final AtomicReferenceArray<@Nullable Call> calls = new AtomicReferenceArray<>(NUMBERS);

    /** The first family that knows a name serves it. */
    public CallTable(LinuxAbi abi, CallFamily... families) {
        this.abi = abi;
        this.families = families.clone();
    }

    /** The call with this number; one that answers ENOSYS where there is none: {@code -strace} tells. */
    public Call find(int number) {
        if (number < 0 || number >= NUMBERS) {
            return CallTable::unimplemented;
        }
        Call call = calls.get(number);
        return call != null ? call : link(number);
    }

    private Call link(int number) {
        String name = abi.syscallName(number);
        Call found = null;
        if (name != null) {
            for (int i = 0; i < families.length && found == null; i++) {
                found = families[i].find(name);
            }
        }
        if (found == null) {
            found = CallTable::unimplemented;
        }
        calls.set(number, found);
        return found;
    }

    private static long unimplemented(dev.rhea.user.process.Task task, long[] arguments) {
        return -Errno.ENOSYS;
    }
}
