package dev.rhea.device.flash;

import dev.rhea.block.BlockBackend;
import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.RamBlock;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The array of flash that guests read and run code from as it lies in memory: who must know hears of each change. */
final class CfiArray implements AutoCloseable {
    private final RamBlock block;
    private final AddressSpace.WriteObserver observer;
    private final @Nullable FlashStore store;

    /**
     * With what the drive has.
     *
     * @param drive null for memory only, as it is
     * @throws IOException where the drive cannot be read
     */
    CfiArray(RamBlock block, AddressSpace.WriteObserver observer, @Nullable BlockBackend drive) throws IOException {
        this.block = block;
        this.observer = observer;
        store = drive == null ? null : new FlashStore(block, drive);
        if (store != null) {
            store.load();
        }
    }

    boolean isReadOnly() {
        return store != null && store.isReadOnly();
    }

    long read(long offset, int size) {
        long host = block.address() + offset;
        return switch (size) {
            case 1 -> RawMemory.getByte(host) & 0xffL;
            case 2 -> RawMemory.getShort(host) & 0xffffL;
            default -> RawMemory.getInt(host) & 0xffffffffL;
        };
    }

    /** Sets 1, 2 or 4 bytes. */
    void program(long offset, long value, int size) {
        long host = block.address() + offset;
        switch (size) {
            case 1 -> RawMemory.putByte(host, (byte) value);
            case 2 -> RawMemory.putShort(host, (short) value);
            default -> RawMemory.putInt(host, (int) value);
        }
        changed(offset, size);
    }

    void program(byte[] bytes, int from, long offset, int length) {
        RawMemory.copyIn(bytes, from, block.address() + offset, length);
        changed(offset, length);
    }

    void erase(long offset, long length) {
        RawMemory.fill(block.address() + offset, length, (byte) 0xff);
        changed(offset, length);
    }

    private void changed(long offset, long length) {
        observer.written(block.address() + offset, length);
        if (store != null) {
            store.changed(offset, length);
        }
    }

    /** Returns when all that was programmed is on the drive. */
    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
