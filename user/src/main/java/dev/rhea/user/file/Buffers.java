package dev.rhea.user.file;

import dev.rhea.engine.abi.GuestMemory.BadAddress;
import dev.rhea.host.RawMemory;
import dev.rhea.user.call.Errno;
import dev.rhea.user.memory.AddressSpace;
import dev.rhea.user.process.Task;

/**
 * The guest's buffers as the host's {@code struct iovec}s, so that the host's kernel transfers to and from guest memory
 * without a copy of ours.
 *
 * <p>Like the kernel's own copying, a buffer counts as far as it can be accessed: the transfer ends before the first byte
 * that cannot, and only when that is the very first byte of all, the answer is EFAULT. One object per task, filled anew for
 * each attempt, since another thread may change the map while this one waits.
 */
public final class Buffers {
    private final Task task;
    private int count;
    private long total;

    Buffers(Task task) {
        this.task = task;
    }

    /** How many of the host's buffers there are. */
    public int count() {
        return count;
    }

    /** Their bytes. */
    public long total() {
        return total;
    }

    /** Address of the host's {@code struct iovec}s. */
    public long iov() {
        return task.scratch().iov();
    }

    /** Address of the first one's memory. */
    public long first() {
        return RawMemory.getLong(iov());
    }

    /**
     * One buffer.
     *
     * @param toGuest whether the guest's memory will be written
     * @throws BadAddress where the first byte cannot be accessed
     */
    public Buffers range(long address, long length, boolean toGuest) {
        count = 0;
        total = 0;
        append(address, Math.min(length, Linux.MAX_RW_COUNT), toGuest);
        return this;
    }

    /**
     * What a guest's vector says, from its byte {@code skip} on.
     *
     * @param vector address of the guest's {@code struct iovec}s
     * @throws Errno EINVAL where the count or a length is negative or too large
     * @throws BadAddress where the vector or the first byte cannot be accessed
     */
    public Buffers vector(Abi abi, long vector, long entries, long skip, boolean toGuest) {
        if (entries < 0 || entries > Linux.IOV_MAX) {
            throw new Errno(Errno.EINVAL);
        }
        count = 0;
        total = 0;
        long left = skip;
        long room = Linux.MAX_RW_COUNT;
        boolean whole = true;
        for (int i = 0; i < entries; i++) {
            long at = vector + (long) i * abi.iovec.size();
            long base = abi.word(abi.iovec.get(task.memory(), at, Abi.Iovec.BASE));
            long length = abi.iovec.get(task.memory(), at, Abi.Iovec.LENGTH);
            if (length < 0 || abi.is32() && length > Integer.MAX_VALUE) {
                throw new Errno(Errno.EINVAL);
            }
            length = Math.min(length, room);
            room -= length;
            long skipped = Math.min(left, length);
            left -= skipped;
            if (whole && length > skipped) {
                whole = append(base + skipped, length - skipped, toGuest);
            }
        }
        return this;
    }

    /** Copies bytes into the buffers, as far as there is room. @return how many */
    public int fill(byte[] bytes) {
        int done = 0;
        for (int i = 0; i < count && done < bytes.length; i++) {
            long entry = iov() + 16L * i;
            int n = (int) Math.min(RawMemory.getLong(entry + 8), bytes.length - done);
            RawMemory.copyIn(bytes, done, RawMemory.getLong(entry), n);
            done += n;
        }
        return done;
    }

    /** Adds a buffer; false if not all of it is accessible or fits, so that what follows must not be added. */
    private boolean append(long address, long length, boolean toGuest) {
        long at = address;
        long left = length;
        while (left > 0) {
            if (count == Linux.IOV_MAX) {
                return false;
            }
            long host;
            try {
                host = piece(at, left, toGuest);
            } catch (BadAddress e) {
                if (total == 0) {
                    throw e;
                }
                return false;
            }
            long entry = iov() + 16L * count++;
            RawMemory.putLong(entry, host);
            RawMemory.putLong(entry + 8, pieceLength);
            total += pieceLength;
            at += pieceLength;
            left -= pieceLength;
        }
        return true;
    }

    private long pieceLength;

    /** Host address of the byte at {@code address}; {@link #pieceLength} says how far it goes. */
    private long piece(long address, long length, boolean toGuest) {
        AddressSpace memory = task.memory();
        long host = memory.hostAddress(address, toGuest);
        pieceLength = memory.hostLength(address, host, length, toGuest);
        return host;
    }
}
