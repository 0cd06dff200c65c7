package dev.rhea.machine.memory;

import dev.rhea.host.RawMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * What one kind of master sees: the processors' physical memory, a PCI device's, an I/O space. Reading and writing is safe
 * from any thread; the map is changed with the machine lock held. Little-endian.
 */
public final class AddressSpace {
    /** Is told when RAM was written by something else than a processor: decoded code there is outdated. */
    @FunctionalInterface
    public interface WriteObserver {
        /**
         * Bytes of host memory changed.
         *
         * @param host address of the first
         */
        void written(long host, long bytes);
    }

    private final String name;
    private final Container root;
    private final Lock lock;
    private final List<Runnable> changeObservers = new CopyOnWriteArrayList<>();
    /** The space that this one is a gate to; null where it has a map of its own. */
    private final @Nullable AddressSpace upstream;

    private final Masters masters;

    private volatile boolean open = true;
    private volatile FlatView view;
    private volatile WriteObserver writeObserver = (host, bytes) -> {};

    /** @param lock the machine lock: taken around accesses to devices */
    public AddressSpace(String name, Container root, Lock lock) {
        this.name = name;
        this.root = root;
        this.lock = lock;
        upstream = null;
        masters = new Masters();
        view = FlatView.of(root);
        root.observe(this::rebuild);
    }

    private AddressSpace(String name, AddressSpace upstream) {
        this.name = name;
        this.upstream = upstream;
        root = upstream.root;
        lock = upstream.lock;
        masters = upstream.masters;
        view = FlatView.EMPTY;
        open = false;
    }

    /**
     * The same space for a master that may be refused: a PCI function, which reaches memory only while it is bus master.
     * Opening and closing it costs nothing; gates can stand behind gates. It is closed at first: nothing answers.
     */
    public AddressSpace gate(String name) {
        return new AddressSpace(name, this);
    }

    /** Who else works on it than processors; gates have those of the space behind them. */
    public Masters masters() {
        return masters;
    }

    /** Opens or closes a {@link #gate}. With the machine lock held. */
    public void setOpen(boolean value) {
        if (upstream == null) {
            throw new IllegalStateException(name + " is no gate");
        }
        if (open != value) {
            open = value;
            changeObservers.forEach(Runnable::run);
        }
    }

    private FlatView view() {
        AddressSpace space = this;
        for (AddressSpace next = upstream; next != null; next = next.upstream) {
            if (!space.open) {
                return FlatView.EMPTY;
            }
            space = next;
        }
        return space.view;
    }

    private void rebuild() {
        view = FlatView.of(root);
        changeObservers.forEach(Runnable::run);
    }

    public String name() {
        return name;
    }

    public Container root() {
        return root;
    }

    /** Whoever caches answers of {@link #host} is told when they may be wrong, with the machine lock held. */
    public void onChange(Runnable observer) {
        changeObservers.add(observer);
        if (upstream != null) {
            upstream.onChange(observer);
        }
    }

    public void setWriteObserver(WriteObserver observer) {
        writeObserver = observer;
    }

    /** Whether anything answers at an address. */
    public boolean isMapped(long address) {
        return view().find(address) != null;
    }

    // ---- RAM by host address

    /**
     * Host address of RAM that the guest may read, or 0 where anything else is.
     *
     * @param bytes how many from there on must be RAM, and host-contiguous
     */
    public long host(long address, long bytes) {
        FlatView.Range range = view().find(address);
        return range == null || range.end() - address < bytes ? 0 : range.host(address);
    }

    /** Host address of RAM that the guest may write, or 0: as {@link #host}. */
    public long writableHost(long address, long bytes) {
        FlatView.Range range = view().find(address);
        return range == null || range.end() - address < bytes || range.leaf() instanceof Ram ram && !ram.isWritable()
                ? 0
                : range.host(address);
    }

    /** Whoever wrote through {@link #writableHost} says so here. */
    public void written(long host, long bytes) {
        if (upstream != null) {
            upstream.written(host, bytes);
        } else {
            writeObserver.written(host, bytes);
        }
    }

    /**
     * Gives the host memory behind RAM back, as far as it is whole pages of {@link RamBlock#PAGE}; it reads as zeros then.
     * What is no writable RAM is left alone.
     */
    public void discard(long address, long bytes) {
        long at = address;
        long left = bytes;
        while (left > 0) {
            FlatView.Range range = view().find(at);
            if (range == null) {
                return;
            }
            long piece = Math.min(left, range.end() - at);
            if (range.leaf() instanceof Ram ram && ram.isWritable()) {
                discard(ram.block(), range.host(at), piece);
            }
            at += piece;
            left -= piece;
        }
    }

    /** The same by host address: what {@link #writableHost} gave. */
    public void discardHost(long host, long bytes) {
        for (FlatView.Range range : view().ranges()) {
            if (range.leaf() instanceof Ram ram
                    && ram.isWritable()
                    && ram.block().contains(host, bytes)) {
                discard(ram.block(), host, bytes);
                return;
            }
        }
    }

    private void discard(RamBlock block, long host, long bytes) {
        long from = host + RamBlock.PAGE - 1 & -RamBlock.PAGE;
        long to = host + bytes & -RamBlock.PAGE;
        if (from < to) {
            block.discard(from - block.address(), to - from);
            written(from, to - from);
        }
    }

    // ---- single accesses

    /** Reads 1, 2, 4 or 8 bytes, zero-extended. */
    public long read(long address, int size) throws BusError {
        FlatView.Range range = view().find(address);
        if (range == null || range.end() - address < size) {
            return readPieces(range, address, size);
        }
        long host = range.host(address);
        if (host != 0) {
            return switch (size) {
                case 1 -> RawMemory.getByte(host) & 0xffL;
                case 2 -> RawMemory.getShort(host) & 0xffffL;
                case 4 -> RawMemory.getInt(host) & 0xffffffffL;
                default -> RawMemory.getLong(host);
            };
        }
        Mmio device = (Mmio) range.leaf();
        long offset = range.offset() + (address - range.start());
        try {
            if (!device.isLocked()) {
                return device.read(offset, size);
            }
            lock.lock();
            try {
                return device.read(offset, size);
            } finally {
                lock.unlock();
            }
        } catch (BusError e) {
            throw new BusError(address);
        }
    }

    /** Writes the low 1, 2, 4 or 8 bytes. ROM ignores it. */
    public void write(long address, long value, int size) throws BusError {
        FlatView.Range range = view().find(address);
        if (range == null || range.end() - address < size) {
            writePieces(range, address, value, size);
            return;
        }
        Mmio device = range.writes();
        if (device != null) {
            writeRegister(device, range.offset() + (address - range.start()), address, value, size);
        } else if (((Ram) range.leaf()).isWritable()) {
            long host = range.host(address);
            switch (size) {
                case 1 -> RawMemory.putByte(host, (byte) value);
                case 2 -> RawMemory.putShort(host, (short) value);
                case 4 -> RawMemory.putInt(host, (int) value);
                default -> RawMemory.putLong(host, value);
            }
            written(host, size);
        }
    }

    private void writeRegister(Mmio device, long offset, long address, long value, int size) throws BusError {
        try {
            if (!device.isLocked()) {
                device.write(offset, value, size);
                return;
            }
            lock.lock();
            try {
                device.write(offset, value, size);
            } finally {
                lock.unlock();
            }
        } catch (BusError e) {
            throw new BusError(address);
        }
    }

    private long readPieces(FlatView.@Nullable Range range, long address, int size) throws BusError {
        if (range == null || size == 1) {
            throw new BusError(address);
        }
        int half = size / 2;
        return read(address, half) | read(address + half, half) << 8 * half;
    }

    private void writePieces(FlatView.@Nullable Range range, long address, long value, int size) throws BusError {
        if (range == null || size == 1) {
            throw new BusError(address);
        }
        int half = size / 2;
        write(address, value, half);
        write(address + half, value >>> 8 * half, half);
    }

    // ---- many bytes, as DMA does

    /** Reads a range. What was read before an error is in {@code to}. */
    public void read(long address, byte[] to, int offset, int length) throws BusError {
        while (length > 0) {
            int piece = piece(address, length);
            long host = host(address, piece);
            if (host != 0) {
                RawMemory.copyOut(host, to, offset, piece);
            } else {
                piece = Integer.highestOneBit(Math.min(piece, unit(address)));
                long value = read(address, piece);
                for (int i = 0; i < piece; i++) {
                    to[offset + i] = (byte) (value >>> 8 * i);
                }
            }
            address += piece;
            offset += piece;
            length -= piece;
        }
    }

    /** Writes a range. ROM ignores it. */
    public void write(long address, byte[] from, int offset, int length) throws BusError {
        while (length > 0) {
            int piece = piece(address, length);
            FlatView.Range range = view().find(address);
            if (range != null && range.writes() == null) {
                if (range.leaf() instanceof Ram ram && ram.isWritable()) {
                    long host = range.host(address);
                    RawMemory.copyIn(from, offset, host, piece);
                    written(host, piece);
                }
            } else {
                piece = Integer.highestOneBit(Math.min(piece, unit(address)));
                long value = 0;
                for (int i = 0; i < piece; i++) {
                    value |= (from[offset + i] & 0xffL) << 8 * i;
                }
                write(address, value, piece);
            }
            address += piece;
            offset += piece;
            length -= piece;
        }
    }

    /** How many bytes from an address on, at most {@code length}, are in one range. */
    private int piece(long address, int length) throws BusError {
        FlatView.Range range = view().find(address);
        if (range == null) {
            throw new BusError(address);
        }
        return (int) Math.min(length, range.end() - address);
    }

    /** The largest access to a device that it answers and an address is aligned for. */
    private int unit(long address) {
        FlatView.Range range = view().find(address);
        Mmio device = range == null ? null : range.writes();
        int largest = device == null ? 8 : device.rule().validMax();
        return (int) Math.min(largest, address == 0 ? 8 : Long.lowestOneBit(address));
    }

    /** The ranges as text, a line each: {@code info mtree -f}. */
    public List<String> describe() {
        List<String> lines = new ArrayList<>();
        for (FlatView.Range range : view().ranges()) {
            String kind = range.leaf() instanceof Ram ram
                    ? ram.isWritable() ? "ram" : ram.writes() == null ? "rom" : "romd"
                    : "i/o";
            lines.add(String.format(
                            "  %016x-%016x (prio 0, %s): %s",
                            range.start(), range.end() - 1, kind, range.leaf().name())
                    + (range.offset() == 0 ? "" : String.format(" @%016x", range.offset())));
        }
        return lines;
    }
}
