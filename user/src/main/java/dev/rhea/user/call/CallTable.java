package dev.rhea.user.call;

import dev.rhea.engine.abi.LinuxAbi;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The system calls of one kernel: its families, asked by name, remembered by the architecture's number. Thread-safe. */
public final class CallTable {
    /** No architecture's table of calls goes further. */
    private static final int NUMBERS = 1024;

    private final LinuxAbi abi;
    private final CallFamily[] families;
    private final AtomicReferenceArray<@Nullable Call> calls = new AtomicReferenceArray<>(NUMBERS);

    private final Consumer<String> missing;

    /** Numbers beyond every table that were asked for. */
    private final Set<Integer> beyond = ConcurrentHashMap.newKeySet();

    /**
     * The first family that knows a name serves it.
     *
     * @param missing told once of each call that nobody serves: its number, and its name if it has one
     */
    public CallTable(LinuxAbi abi, Consumer<String> missing, CallFamily... families) {
        this.missing = missing;
        this.abi = abi;
        this.families = families.clone();
    }

    /** The call with this number; one that answers ENOSYS where there is none, named once in the log. */
    public Call find(int number) {
        if (number < 0 || number >= NUMBERS) {
            // Not more of them than a guest needs for its mistakes: it could fill our memory with numbers.
            if (beyond.size() < NUMBERS && beyond.add(number)) {
                missing.accept(Integer.toString(number));
            }
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
            if (calls.compareAndSet(number, null, found)) {
                missing.accept(name == null ? Integer.toString(number) : number + " (" + name + ")");
            }
        } else {
            calls.set(number, found);
        }
        return found;
    }

    private static long unimplemented(dev.rhea.user.process.Task task, long[] arguments) {
        return -Errno.ENOSYS;
    }
}
