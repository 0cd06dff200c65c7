package dev.rhea.user.memory;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.engine.cpu.Cpu;
import dev.rhea.engine.jit.UnitTable;
import dev.rhea.engine.mmu.Access;
import dev.rhea.engine.mmu.Mmu;
import dev.rhea.user.call.Errno;
import dev.rhea.user.elf.ImageMemory;
import dev.rhea.user.process.FutexKey;
import dev.rhea.user.process.SignalInfo;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A guest process's memory: mappings as Linux has them, and the soft TLB's answers. All threads of the process share it;
 * every method may be called on any of them.
 */
public final class AddressSpace implements Mmu, ImageMemory {
    final GuestRam ram;
    final Layout layout;
    final PageMap map;
    final ReentrantLock lock = new ReentrantLock();
    private final UnitTable units = new UnitTable();
    private final PageFaults faults;
    private final UserAccess access;
    private final boolean bigEndian;
    private final byte[] sigreturnCode;
    private final Heap heap;

    /**
     * Empty but for the trampoline page.
     *
     * @param reserved one past the highest address, a multiple of the page size; 0 for the usual
     */
    public AddressSpace(GuestRam ram, LinuxAbi abi, long reserved) {
        this(ram, Layout.of(abi.wordSize() == 8, reserved), abi.bigEndian(), abi.sigreturnCode());
        mapTrampoline();
    }

    AddressSpace(GuestRam ram, boolean wide, boolean bigEndian, byte[] sigreturnCode) {
        this(ram, Layout.of(wide, 0), bigEndian, sigreturnCode);
        mapTrampoline();
    }

    private void mapTrampoline() {
        Backing page = ram.trampoline(sigreturnCode);
        page.retain();
        map.add(new Vma(
                layout.trampoline(), layout.trampoline() + PAGE_SIZE, READ | EXECUTE, true, false, page, 0, "[vdso]"));
    }

    private AddressSpace(GuestRam ram, Layout layout, boolean bigEndian, byte[] sigreturnCode) {
        this.ram = ram;
        this.layout = layout;
        this.map = new PageMap(ram);
        this.faults = new PageFaults(ram, map, lock);
        this.access = new UserAccess(map, faults, bigEndian);
        this.bigEndian = bigEndian;
        this.sigreturnCode = sigreturnCode;
        this.heap = new Heap(map, layout, ram);
        ram.spaces.add(this);
    }

    // ---- the life of a space

    /** A processor begins to run in this memory: its TLB is looked after from now on. */
    public void attach(Cpu cpu) {
        lock.lock();
        try {
            map.processors.attach(cpu);
            cpu.flushTlb();
        } finally {
            lock.unlock();
        }
    }

    /** The processor will not use this memory any more. */
    public void detach(Cpu cpu) {
        lock.lock();
        try {
            map.processors.detach(cpu);
        } finally {
            lock.unlock();
        }
    }

    /** A copy for fork: private pages are copied on write, shared mappings are shared. */
    public AddressSpace fork() {
        AddressSpace copy = new AddressSpace(ram, layout, bigEndian, sigreturnCode);
        lock.lock();
        try {
            map.copyTo(copy.map);
            copy.heap.copy(heap);
        } finally {
            lock.unlock();
        }
        if (!map.processors.isAlone()) {
            faults.awaitSettled();
        }
        return copy;
    }

    /** Unmaps everything; no processor is attached any more. */
    public void close() {
        ram.spaces.remove(this);
        lock.lock();
        try {
            map.clear();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A file that guests may have mapped is about to be cut to {@code size} bytes, or was: what is mapped beyond raises SIGBUS
     * from now on. To be called before the host's call and after it.
     */
    public void fileCut(int hostFd, long size) {
        ram.cut(hostFd, size);
    }

    /** A system call wrote to a file that guests may have mapped and run code from. */
    public void fileWritten(int hostFd) {
        ram.written(hostFd);
    }

    /** Forgets the pages of a file beyond its new end. */
    void cut(SharedFile file, long size) {
        long gone = size + PAGE_SIZE - 1 >>> 12;
        lock.lock();
        try {
            for (int i = 0; i < map.vmas.size(); i++) {
                Vma vma = map.vmas.get(i);
                long from = vma.start + (Math.max(gone, vma.firstPage) - vma.firstPage << 12);
                if (vma.backing == file && from >= vma.start && from < vma.end) {
                    map.dropPages(from, vma.end);
                }
            }
            // Copies that a private mapping had go with this space's own next change: its processor may be at work on
            // them.
        } finally {
            lock.unlock();
        }
    }

    /**
     * Memory that other threads of the process unmapped is reused only when each processor has been here, or waits: called
     * by the processor's own thread whenever it leaves guest code and holds no host address of guest memory.
     */
    public void quiescent(Cpu cpu) {
        if (map.processors.waiting()) {
            lock.lock();
            try {
                map.processors.quiescent(cpu);
            } finally {
                lock.unlock();
            }
        }
    }

    /** The processor's own thread begins to wait, and will call {@link #unpark} before it touches guest memory again. */
    public void park(Cpu cpu) {
        parked(cpu, true);
    }

    /** The wait has ended. */
    public void unpark(Cpu cpu) {
        parked(cpu, false);
    }

    private void parked(Cpu cpu, boolean parked) {
        if (map.processors.isAlone()) {
            return;
        }
        lock.lock();
        try {
            map.processors.parked(cpu, parked);
        } finally {
            lock.unlock();
        }
    }

    // ---- Mmu

    @Override
    public UnitTable units() {
        return units;
    }

    @Override
    public long translate(Cpu cpu, long address, Access access) {
        int right = access == Access.READ ? PageTable.READ : access == Access.WRITE ? PageTable.WRITE : PageTable.EXEC;
        long host = map.present(address, right);
        if (host == 0) {
            host = faults.pageIn(address, right);
            if (host < PAGE_SIZE) {
                throw cpu.fault(PageFaults.TRAP + (int) host, address);
            }
        }
        return host;
    }

    /** See {@link PageFaults#signalOf}. */
    public @Nullable SignalInfo signalOf(int trap, long value) {
        return faults.signalOf(trap, value);
    }

    // ---- GuestMemory

    @Override
    public long read(long address, int size) {
        return access.read(address, size);
    }

    @Override
    public void write(long address, long value, int size) {
        access.write(address, value, size);
    }

    @Override
    public void read(long address, byte[] to, int offset, int length) {
        access.read(address, to, offset, length);
    }

    @Override
    public void write(long address, byte[] from, int offset, int length) {
        access.write(address, from, offset, length);
    }

    /**
     * Host address of the byte at {@code address}, for host calls that transfer to and from guest memory. Valid until the
     * calling thread is {@link #quiescent} or parked.
     *
     * @throws BadAddress where it cannot be accessed
     */
    public long hostAddress(long address, boolean write) {
        return access.host(address, write ? PageTable.WRITE : PageTable.READ);
    }

    /** How many of {@code length} bytes from {@code address} on lie together on the host at {@code host}: at least up to the page's end. */
    public long hostLength(long address, long host, long length, boolean write) {
        return access.hostLength(address, host, length, write ? PageTable.WRITE : PageTable.READ);
    }

    // ---- ImageMemory

    @Override
    public long lowest() {
        return layout.lowest();
    }

    @Override
    public long highest() {
        return layout.highest();
    }

    @Override
    public long programBase() {
        return layout.programBase();
    }

    @Override
    public long findFree(long length, long alignment) {
        lock.lock();
        try {
            long room = length + alignment - PAGE_SIZE;
            long at = room < length || room > layout.highest()
                    ? -1
                    : map.vmas.holeBelow(layout.mappingTop(map.stackLimit), layout.lowest(), room);
            if (at < 0) {
                throw new Errno(Errno.ENOMEM);
            }
            return at + alignment - 1 & -alignment;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isMapped(long address, long length) {
        lock.lock();
        try {
            return map.vmas.overlaps(address, address + length);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void mapFile(long address, long length, int protection, int hostFd, long offset) {
        FileIdentity identity = FileIdentity.of(hostFd);
        Backing file = identity == null || !identity.isRegular() ? null : ram.files.open(hostFd, identity);
        if (file == null) {
            throw new Errno(identity == null ? Errno.EBADF : identity.isRegular() ? Errno.ENFILE : Errno.ENODEV);
        }
        replace(new Vma(address, address + length, protection, false, false, file, offset >>> 12, null));
    }

    @Override
    public void mapZero(long address, long length, int protection) {
        replace(new Vma(address, address + length, protection, false, false, null, 0, null));
    }

    /** Puts a mapping in place of what is there. Takes over the reference to its backing. */
    void replace(Vma vma) {
        lock.lock();
        try {
            if (vma.start < layout.lowest() || vma.end > layout.highest() || vma.start >= vma.end) {
                if (vma.backing != null) {
                    vma.backing.release();
                }
                throw new Errno(Errno.ENOMEM);
            }
            map.unmap(vma.start, vma.end);
            map.add(vma);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long mapStack(long size, boolean executable) {
        long limit = Math.min(size, (layout.stackTop() - layout.lowest()) / 2) + PAGE_SIZE - 1 & PAGE_MASK;
        long first = Math.min(limit, 32L * PAGE_SIZE);
        map.stackLimit = limit;
        long end = layout.stackTop();
        int protection = READ | WRITE | (executable ? EXECUTE : 0);
        replace(new Vma(end - first, end, protection, false, true, null, 0, "[stack]"));
        return end;
    }

    @Override
    public void setBreak(long address) {
        heap.begin(address);
    }

    // ---- what the calls of the mmap family need

    /** See {@link Heap#setBreak}. */
    long setBreak(long wanted, long limit) {
        lock.lock();
        try {
            return heap.setBreak(wanted, limit);
        } finally {
            lock.unlock();
        }
    }

    // ---- facts

    /** Address of the page with the code that calls rt_sigreturn. */
    public long trampoline() {
        return layout.trampoline();
    }

    /** Bytes in mappings: what RLIMIT_AS limits. */
    public long mappedBytes() {
        return map.mapped;
    }

    /**
     * What tells futexes apart: this and the address, or where {@code mayBeShared} and the mapping is shared, what is mapped
     * and the offset in it.
     *
     * @throws BadAddress where nothing is mapped
     */
    public FutexKey futexKey(long address, boolean mayBeShared) {
        if (mayBeShared) {
            lock.lock();
            try {
                Vma vma = map.vmas.find(address);
                if (vma == null) {
                    throw new BadAddress(address);
                }
                if (vma.shared && vma.backing != null) {
                    return new FutexKey(
                            vma.backing.identity(),
                            (vma.pageOf(address & PAGE_MASK) << 12) + (address & PAGE_SIZE - 1));
                }
            } finally {
                lock.unlock();
            }
        }
        return new FutexKey(this, address);
    }

    /** The text of /proc/self/maps. */
    public String maps() {
        var text = new StringBuilder();
        lock.lock();
        try {
            MapsLine.append(text, map.vmas);
        } finally {
            lock.unlock();
        }
        return text.toString();
    }
}
