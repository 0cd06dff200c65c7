package dev.rhea.device.pci;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A function's configuration space: bytes, and for each bit whether guests may write it or clear it by writing a one. All other
 * bits are read-only. Little-endian.
 */
public final class ConfigSpace {
    private record Hooked(int from, int to, ConfigHook hook) {}

    private final byte[] values = new byte[PciRegs.CFG_SPACE_EXP_SIZE];
    private final byte[] initial = new byte[PciRegs.CFG_SPACE_EXP_SIZE];
    private final byte[] writable = new byte[PciRegs.CFG_SPACE_EXP_SIZE];
    private final byte[] clearedByOnes = new byte[PciRegs.CFG_SPACE_EXP_SIZE];
    private final byte[] changedByDevice = new byte[PciRegs.CFG_SPACE_EXP_SIZE];
    private final List<Hooked> hooks = new ArrayList<>();
    private int size = PciRegs.CFG_SPACE_SIZE;

    ConfigSpace() {}

    /** 256 bytes, or 4096 for an Express function. */
    public int size() {
        return size;
    }

    void extend() {
        size = PciRegs.CFG_SPACE_EXP_SIZE;
    }

    // ---- what the device says

    /** The register's value; all sizes from 1 to 8 bytes. */
    public long get(int offset, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (values[offset + i] & 0xffL) << 8 * i;
        }
        return value;
    }

    /** A register of at most 4 bytes. */
    public int getInt(int offset, int bytes) {
        return (int) get(offset, bytes);
    }

    /** Sets a register, whatever its masks are. Reset brings back what {@link #declare} said. */
    public void set(int offset, int bytes, long value) {
        for (int i = 0; i < bytes; i++) {
            values[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    /** A register that guests only read, with its value. */
    public void declare(int offset, int bytes, long value) {
        declare(offset, bytes, value, 0, 0);
    }

    /** A register with its value after reset and the bits that guests may write. */
    public void declare(int offset, int bytes, long value, long writableBits) {
        declare(offset, bytes, value, writableBits, 0);
    }

    /** @param onesClear the bits that a guest clears by writing ones */
    public void declare(int offset, int bytes, long value, long writableBits, long onesClear) {
        if (offset < 0 || offset + bytes > values.length) {
            throw new IllegalArgumentException("no configuration space at 0x" + Integer.toHexString(offset));
        }
        for (int i = 0; i < bytes; i++) {
            initial[offset + i] = (byte) (value >>> 8 * i);
            values[offset + i] = initial[offset + i];
            writable[offset + i] = (byte) (writableBits >>> 8 * i);
            clearedByOnes[offset + i] = (byte) (onesClear >>> 8 * i);
        }
    }

    /** Says which read-only bits the device itself changes, so that a saved space may differ in them. */
    public void changes(int offset, int bytes, long bits) {
        for (int i = 0; i < bytes; i++) {
            changedByDevice[offset + i] |= (byte) (bits >>> 8 * i);
        }
    }

    /** Calls a hook for accesses that touch a range. */
    public void hook(int offset, int bytes, ConfigHook hook) {
        hooks.add(new Hooked(offset, offset + bytes, hook));
    }

    // ---- what the guest does

    /** A guest reads; beyond the space all bits are ones. @param bytes 1, 2 or 4, at any offset */
    long read(int offset, int bytes) {
        for (Hooked hooked : hooks) {
            if (offset < hooked.to && hooked.from < offset + bytes) {
                hooked.hook.beforeRead(offset, bytes);
            }
        }
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value |= (offset + i < size ? values[offset + i] & 0xffL : 0xffL) << 8 * i;
        }
        return value;
    }

    /** A guest writes; what is read-only, and beyond the space, stays. */
    void write(int offset, int bytes, long value) {
        for (int i = 0; i < bytes && offset + i < size; i++) {
            int at = offset + i;
            int written = (int) (value >>> 8 * i) & 0xff;
            int kept = values[at] & ~writable[at] & ~(clearedByOnes[at] & written);
            values[at] = (byte) (kept | written & writable[at]);
        }
        for (Hooked hooked : hooks) {
            if (offset < hooked.to && hooked.from < offset + bytes) {
                hooked.hook.afterWrite(offset, bytes);
            }
        }
    }

    // ---- reset and state

    /** Back to what was declared. Hooks are not called. */
    void reset() {
        System.arraycopy(initial, 0, values, 0, values.length);
    }

    byte[] save() {
        return Arrays.copyOf(values, size);
    }

    /** Whether saved bytes could be this space: what nobody can change is as it was built. */
    boolean accepts(byte[] saved) {
        if (saved.length != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            int fixed = ~(writable[i] | clearedByOnes[i] | changedByDevice[i]);
            if (((saved[i] ^ initial[i]) & fixed) != 0) {
                return false;
            }
        }
        return true;
    }

    void load(byte[] saved) {
        System.arraycopy(saved, 0, values, 0, size);
    }
}
