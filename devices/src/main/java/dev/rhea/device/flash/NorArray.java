package dev.rhea.device.flash;

import dev.rhea.block.BlockBackend;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.RamBlock;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The cells of flash memory: programming clears bits, erasing sets them. What was never touched costs no memory. */
final class NorArray implements AutoCloseable {
    static final int SECTOR = 4096;

    private final RamBlock block;
    private final @Nullable FlashStore store;
    /** Sectors that are erased, whatever memory says. */
    private BitSet blank = new BitSet();

    NorArray(RamBlock block, @Nullable BlockBackend drive) throws IOException {
        this.block = block;
        if (drive == null) {
            store = null;
            blank.set(0, sectors());
        } else {
            FlashStore made = new FlashStore(block, drive);
            made.load();
            store = made.isReadOnly() ? null : made;
        }
    }

    long size() {
        return block.size();
    }

    private int sectors() {
        return (int) (block.size() / SECTOR);
    }

    int read(long address) {
        return blank.get((int) (address / SECTOR)) ? 0xff : RawMemory.getByte(block.address() + address) & 0xff;
    }

    /** Clears the bits that are 0 in the given bytes; the range is inside one sector. */
    void program(long address, byte[] data, int offset, int length) {
        int sector = (int) (address / SECTOR);
        if (blank.get(sector)) {
            RawMemory.fill(block.address() + (long) sector * SECTOR, SECTOR, (byte) 0xff);
            blank.clear(sector);
        }
        for (int i = 0; i < length; i++) {
            long at = block.address() + address + i;
            RawMemory.putByte(at, (byte) (RawMemory.getByte(at) & data[offset + i]));
        }
        changed(address, length);
    }

    /** Sets all bits of a range of whole sectors. */
    void erase(long address, long length) {
        int first = (int) (address / SECTOR);
        int end = (int) ((address + length) / SECTOR);
        if (store == null) {
            blank.set(first, end);
        } else {
            RawMemory.fill(block.address() + address, length, (byte) 0xff);
            changed(address, length);
        }
    }

    private void changed(long address, long length) {
        if (store != null) {
            store.changed(address, length);
        }
    }

    long[] saveBlank() {
        return blank.toLongArray();
    }

    boolean accepts(long[] saved) {
        return BitSet.valueOf(saved).length() <= sectors();
    }

    /** The cells' own content comes with the memory block. */
    void loadBlank(long[] saved) {
        blank = BitSet.valueOf(saved);
        if (store != null) {
            blank.stream()
                    .forEach(sector -> RawMemory.fill(block.address() + (long) sector * SECTOR, SECTOR, (byte) 0xff));
            blank.clear();
        }
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
