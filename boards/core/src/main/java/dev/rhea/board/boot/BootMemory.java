package dev.rhea.board.boot;

import dev.rhea.host.RawMemory;
import dev.rhea.machine.memory.AddressSpace;
import dev.rhea.machine.memory.RamBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Blobs that stand in guest memory when the machine starts, and are put there again at each reset, since guests overwrite
 * them.
 */
public final class BootMemory {
    /**
     * A blob in physical memory.
     *
     * @param name for {@code info roms} and messages
     */
    public record Blob(String name, long address, byte[] bytes) {
        long end() {
            return address + bytes.length;
        }
    }

    private static final long PAGE = 4096;

    private final AddressSpace memory;
    private final List<Placed> blobs = new ArrayList<>();

    /** @param host where it comes to: what lies over its memory later, as registers may, does not keep it away */
    private record Placed(Blob blob, long host) {}

    public BootMemory(AddressSpace memory) {
        this.memory = memory;
    }

    /**
     * Adds a blob.
     *
     * @throws BootException where no RAM or ROM is, or another blob
     */
    public void add(String name, long address, byte[] bytes) throws BootException {
        if (bytes.length == 0) {
            return;
        }
        Blob blob = new Blob(name, address, bytes);
        for (Blob other : blobs()) {
            if (address < other.end() && other.address < blob.end()) {
                throw new BootException(String.format(
                        "%s (0x%x to 0x%x) overlaps %s (0x%x to 0x%x); load one of them elsewhere",
                        name, address, blob.end(), other.name, other.address, other.end()));
            }
        }
        long host = memory.host(address, bytes.length);
        if (host == 0) {
            throw new BootException(String.format(
                    "%s needs memory from 0x%x to 0x%x, where this machine has none (or not enough: see -m)",
                    name, address, blob.end()));
        }
        blobs.add(new Placed(blob, host));
    }

    /** Whether all of a file's segments find memory where they want to be. */
    public boolean hasPlaceFor(Image image) {
        return image.segments().stream().allMatch(s -> memory.host(s.address(), s.bytes().length) != 0);
    }

    /**
     * Adds a segment of an executable. Linkers put the file's own header in front of the first section: pages there that no memory
     * has are left out.
     *
     * @throws BootException as {@link #add}
     */
    public void addSegment(String name, Image.Segment segment) throws BootException {
        byte[] bytes = segment.bytes();
        long address = segment.address();
        while (memory.host(address, 1) == 0 && (address | PAGE - 1) + 1 < segment.address() + bytes.length) {
            address = (address | PAGE - 1) + 1;
        }
        boolean none = memory.host(address, 1) == 0;
        int from = none ? 0 : (int) (address - segment.address());
        add(name, segment.address() + from, from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length));
    }

    /** What is loaded, in order of address. */
    public List<Blob> blobs() {
        return blobs.stream()
                .map(Placed::blob)
                .sorted(Comparator.comparingLong(Blob::address))
                .toList();
    }

    /** Puts them into memory, ROM too. With the processors stopped. */
    public void load() {
        for (Placed placed : blobs) {
            byte[] bytes = placed.blob.bytes;
            RawMemory.copyIn(bytes, 0, placed.host, bytes.length);
            long page = placed.host & -RamBlock.PAGE;
            memory.written(page, placed.host + bytes.length - page);
        }
    }
}
