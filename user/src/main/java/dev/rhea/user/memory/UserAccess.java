package dev.rhea.user.memory;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.host.RawMemory;

/** How the kernel reads and writes a process's memory for a system call: Linux's copy_from_user, copy_to_user and kin. */
final class UserAccess {
    private final PageMap map;
    private final PageFaults faults;
    private final boolean bigEndian;

    UserAccess(PageMap map, PageFaults faults, boolean bigEndian) {
        this.map = map;
        this.faults = faults;
        this.bigEndian = bigEndian;
    }

    /**
     * Host address of a byte the kernel accesses for the guest.
     *
     * @param right {@link PageTable#READ} or {@link PageTable#WRITE}
     */
    long host(long address, int right) {
        long host = map.present(address, right);
        if (host == 0) {
            host = faults.pageIn(address, right);
            if (host < Mmu.PAGE_SIZE) {
                throw new GuestMemory.BadAddress(address);
            }
        }
        if (right == PageTable.WRITE) {
            map.changed(host);
        }
        return host;
    }

    long read(long address, int size) {
        if ((address & Mmu.PAGE_SIZE - 1) + size > Mmu.PAGE_SIZE) {
            return readAcross(address, size);
        }
        long host = host(address, PageTable.READ);
        long value = switch (size) {
            case 1 -> RawMemory.getByte(host) & 0xffL;
            case 2 -> RawMemory.getShort(host) & 0xffffL;
            case 4 -> RawMemory.getInt(host) & 0xffffffffL;
            default -> RawMemory.getLong(host);
        };
        return bigEndian ? Long.reverseBytes(value) >>> 64 - 8 * size : value;
    }

    private long readAcross(long address, int size) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            long part = RawMemory.getByte(host(address + i, PageTable.READ)) & 0xffL;
            value |= part << 8 * (bigEndian ? size - 1 - i : i);
        }
        return value;
    }

    void write(long address, long value, int size) {
        if ((address & Mmu.PAGE_SIZE - 1) + size > Mmu.PAGE_SIZE) {
            host(address, PageTable.WRITE);
            host(address + size - 1, PageTable.WRITE);
            for (int i = 0; i < size; i++) {
                int shift = 8 * (bigEndian ? size - 1 - i : i);
                RawMemory.putByte(host(address + i, PageTable.WRITE), (byte) (value >>> shift));
            }
            return;
        }
        long host = host(address, PageTable.WRITE);
        long stored = bigEndian ? Long.reverseBytes(value) >>> 64 - 8 * size : value;
        switch (size) {
            case 1 -> RawMemory.putByte(host, (byte) stored);
            case 2 -> RawMemory.putShort(host, (short) stored);
            case 4 -> RawMemory.putInt(host, (int) stored);
            default -> RawMemory.putLong(host, stored);
        }
    }

    void read(long address, byte[] to, int offset, int length) {
        for (int done = 0; done < length; ) {
            long at = address + done;
            int piece = (int) Math.min(length - done, Mmu.PAGE_SIZE - (at & Mmu.PAGE_SIZE - 1));
            RawMemory.copyOut(host(at, PageTable.READ), to, offset + done, piece);
            done += piece;
        }
    }

    void write(long address, byte[] from, int offset, int length) {
        for (int done = 0; done < length; ) {
            long at = address + done;
            int piece = (int) Math.min(length - done, Mmu.PAGE_SIZE - (at & Mmu.PAGE_SIZE - 1));
            RawMemory.copyIn(from, offset + done, host(at, PageTable.WRITE), piece);
            done += piece;
        }
    }

    /** How many of {@code length} bytes from {@code address} on lie together on the host at {@code host}: at least up to the page's end. */
    long hostLength(long address, long host, long length, int right) {
        long run = Math.min(length, Mmu.PAGE_SIZE - (address & Mmu.PAGE_SIZE - 1));
        while (run < length) {
            long next = map.present(address + run, right);
            if (next == 0) {
                next = faults.pageIn(address + run, right);
            }
            if (next != host + run) {
                break;
            }
            if (right == PageTable.WRITE) {
                map.changed(next);
            }
            run = Math.min(length, run + Mmu.PAGE_SIZE);
        }
        return run;
    }
}
