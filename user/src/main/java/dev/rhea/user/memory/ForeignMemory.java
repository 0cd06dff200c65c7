package dev.rhea.user.memory;

import dev.rhea.engine.abi.GuestMemory.BadAddress;
import dev.rhea.engine.mmu.Mmu;

/**
 * Another process's memory, for a thread that is none of that process's: the space is locked meanwhile, so that no page that
 * is looked at can become somebody else's.
 */
public final class ForeignMemory {
    private ForeignMemory() {}

    private static int piece(long address, int length) {
        return (int) Math.min(length, Mmu.PAGE_SIZE - (address & Mmu.PAGE_SIZE - 1));
    }

    /** Reads up to the first page that cannot be read. @return how many bytes */
    public static int read(AddressSpace space, long address, byte[] to, int length) {
        space.lock.lock();
        try {
            int done = 0;
            while (done < length) {
                int piece = piece(address + done, length - done);
                space.read(address + done, to, done, piece);
                done += piece;
            }
            return done;
        } catch (BadAddress e) {
            return (int) Math.max(0, e.address - address);
        } finally {
            space.lock.unlock();
        }
    }

    /** Writes up to the first page that cannot be written. @return how many bytes */
    public static int write(AddressSpace space, long address, byte[] from, int length) {
        space.lock.lock();
        try {
            int done = 0;
            while (done < length) {
                int piece = piece(address + done, length - done);
                space.write(address + done, from, done, piece);
                done += piece;
            }
            return done;
        } catch (BadAddress e) {
            return (int) Math.max(0, e.address - address);
        } finally {
            space.lock.unlock();
        }
    }
}
