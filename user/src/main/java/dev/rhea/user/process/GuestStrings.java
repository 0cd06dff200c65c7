package dev.rhea.user.process;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.user.call.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Strings and arrays of strings in guest memory. */
final class GuestStrings {
    private GuestStrings() {}

    /** The kernel's limit on one argument. */
    private static final int MAX_STRING = 128 << 10;

    /** What execve takes at most, all together. */
    private static final int MAX_TOTAL = 6 << 20;

    static final int PATH_MAX = 4096;

    /**
     * Reads up to a zero byte, which is left out.
     *
     * @param limit bytes at most, with the zero
     * @param tooLong the error where there is no zero so far
     */
    static byte[] read(GuestMemory memory, long address, int limit, int tooLong) {
        byte[] buffer = new byte[64];
        int length = 0;
        while (length < limit) {
            // Never past a page whose successor may not be mapped.
            long at = address + length;
            int left = (int) (Mmu.PAGE_SIZE - (at & Mmu.PAGE_SIZE - 1));
            int chunk = Math.min(Math.min(left, 256), limit - length);
            if (length + chunk > buffer.length) {
                buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + chunk));
            }
            memory.read(at, buffer, length, chunk);
            for (int i = length; i < length + chunk; i++) {
                if (buffer[i] == 0) {
                    return Arrays.copyOf(buffer, i);
                }
            }
            length += chunk;
        }
        throw new Errno(tooLong);
    }

    static byte[] path(Task task, long address) {
        return read(task.memory(), task.address(address), PATH_MAX, Errno.ENAMETOOLONG);
    }

    /** An array of pointers to strings that ends with a null pointer. */
    static List<byte[]> array(Task task, long argument) {
        List<byte[]> result = new ArrayList<>();
        long address = task.address(argument);
        if (address == 0) {
            return result;
        }
        int word = task.abi().wordSize();
        long total = 0;
        while (true) {
            long pointer = task.memory().read(address, word);
            if (pointer == 0) {
                return result;
            }
            byte[] string = read(task.memory(), pointer, MAX_STRING, Errno.E2BIG);
            total += string.length + 1L + word;
            if (total > MAX_TOTAL) {
                throw new Errno(Errno.E2BIG);
            }
            result.add(string);
            address += word;
        }
    }
}
