package dev.rhea.board;

import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.BusError;

/** A machine's physical memory, as a debugger sees it. Little-endian. Any thread; what a running guest writes meanwhile is its own. */
public final class Memory {
    private final AddressSpace space;

    Memory(AddressSpace space) {
        this.space = space;
    }

    /** Reads a range. @throws IllegalArgumentException where nothing answers */
    public byte[] read(long address, int length) {
        byte[] bytes = new byte[length];
        try {
            space.read(address, bytes, 0, length);
        } catch (BusError e) {
            throw nothing(e);
        }
        return bytes;
    }

    /** Writes a range. @throws IllegalArgumentException where nothing answers */
    public void write(long address, byte[] bytes) {
        try {
            space.write(address, bytes, 0, bytes.length);
        } catch (BusError e) {
            throw nothing(e);
        }
    }

    /** Reads an int. */
    public int readInt(long address) {
        return (int) single(address, 4);
    }

    /** Reads a long. */
    public long readLong(long address) {
        return single(address, 8);
    }

    private long single(long address, int size) {
        try {
            return space.read(address, size);
        } catch (BusError e) {
            throw nothing(e);
        }
    }

    private static IllegalArgumentException nothing(BusError e) {
        return new IllegalArgumentException("nothing answers at physical address 0x" + Long.toHexString(e.address));
    }
}
