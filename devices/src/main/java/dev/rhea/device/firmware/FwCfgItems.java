package dev.rhea.device.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a machine tells its firmware: items by number and files by name. Boards fill it before the guest runs; the numbers of
 * files follow the order of their names.
 */
public final class FwCfgItems {
    // Numbers of items that firmware knows without a file name.
    public static final int SIGNATURE = 0x00;
    public static final int ID = 0x01;
    public static final int UUID = 0x02;
    public static final int RAM_SIZE = 0x03;
    public static final int NOGRAPHIC = 0x04;
    public static final int NB_CPUS = 0x05;
    public static final int MACHINE_ID = 0x06;
    public static final int KERNEL_ADDR = 0x07;
    public static final int KERNEL_SIZE = 0x08;
    public static final int KERNEL_CMDLINE = 0x09;
    public static final int INITRD_ADDR = 0x0a;
    public static final int INITRD_SIZE = 0x0b;
    public static final int BOOT_DEVICE = 0x0c;
    public static final int NUMA = 0x0d;
    public static final int BOOT_MENU = 0x0e;
    public static final int MAX_CPUS = 0x0f;
    public static final int KERNEL_ENTRY = 0x10;
    public static final int KERNEL_DATA = 0x11;
    public static final int INITRD_DATA = 0x12;
    public static final int CMDLINE_ADDR = 0x13;
    public static final int CMDLINE_SIZE = 0x14;
    public static final int CMDLINE_DATA = 0x15;
    public static final int SETUP_ADDR = 0x16;
    public static final int SETUP_SIZE = 0x17;
    public static final int SETUP_DATA = 0x18;
    public static final int FILE_DIR = 0x19;
    public static final int FILE_FIRST = 0x20;

    /** Bit of a number: the item belongs to the architecture. */
    public static final int ARCH_LOCAL = 0x8000;

    /** Longest file name in bytes. */
    public static final int MAX_NAME = 55;

    private static final int NUMBERS = 0x3fff;
    private static final int TRADITIONAL = 1;
    private static final int WITH_DMA = 1 << 1;

    /**
     * An item.
     *
     * @param data what it holds; of a writable item, the guest changes it
     * @param writable whether the guest may write it, by DMA
     * @param selected runs before the guest reads it from its start; may change {@code data}, not its length
     * @param written runs after the guest wrote a part of it
     */
    record Item(byte[] data, boolean writable, Runnable selected, Runnable written) {}

    private static final Runnable NOTHING = () -> {};

    private final Map<Integer, Item> numbered = new HashMap<>();
    private final TreeMap<String, Item> files = new TreeMap<>();
    private @Nullable List<Item> fileOrder;

    public FwCfgItems() {
        add(SIGNATURE, "QEMU".getBytes(StandardCharsets.US_ASCII));
        setDma(true);
    }

    /** Says whether items can be copied by DMA too. */
    void setDma(boolean there) {
        add32(ID, there ? TRADITIONAL | WITH_DMA : TRADITIONAL);
    }

    /** Sets an item. Its content is not copied. */
    public void add(int number, byte[] data) {
        int local = number & ~ARCH_LOCAL;
        if (local >= FILE_FIRST && (number & ARCH_LOCAL) == 0 || local > NUMBERS || local == FILE_DIR) {
            throw new IllegalArgumentException("number 0x" + Integer.toHexString(number) + " belongs to files");
        }
        numbered.put(number, new Item(data, false, NOTHING, NOTHING));
    }

    /** A 16-bit number, little-endian. */
    public void add16(int number, int value) {
        add(number, new byte[] {(byte) value, (byte) (value >> 8)});
    }

    /** A 32-bit number, little-endian. */
    public void add32(int number, int value) {
        add(
                number,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(value)
                        .array());
    }

    /** A 64-bit number, little-endian. */
    public void add64(int number, long value) {
        add(
                number,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(value)
                        .array());
    }

    /** A text, ended by 0. */
    public void addText(int number, String text) {
        add(number, (text + '\0').getBytes(StandardCharsets.UTF_8));
    }

    /** Sets a file, in the place of one of the same name. Its content is not copied. */
    public void addFile(String name, byte[] data) {
        addFile(name, new Item(data, false, NOTHING, NOTHING));
    }

    /**
     * Sets a file that the guest may write, or whose content is made when it is read.
     *
     * @param selected runs before the guest reads it from its start, with the machine lock held; may change {@code data}
     * @param written runs after the guest wrote a part of it, with the machine lock held
     */
    public void addFile(String name, byte[] data, boolean writable, Runnable selected, Runnable written) {
        addFile(name, new Item(data, writable, selected, written));
    }

    private void addFile(String name, Item item) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MAX_NAME || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a file's name has 1 to " + MAX_NAME + " bytes, unlike '" + name + "'");
        }
        if (files.size() == NUMBERS + 1 - FILE_FIRST && !files.containsKey(name)) {
            throw new IllegalStateException("there are as many files as numbers already");
        }
        files.put(name, item);
        fileOrder = null;
    }

    public boolean hasFile(String name) {
        return files.containsKey(name);
    }

    /** The item of a number, or null. */
    @Nullable
    Item find(int number) {
        if (number == FILE_DIR) {
            return new Item(directory(), false, NOTHING, NOTHING);
        }
        Item item = numbered.get(number);
        if (item != null || number < FILE_FIRST) {
            return item;
        }
        List<Item> order = fileOrder;
        if (order == null) {
            order = new ArrayList<>(files.values());
            fileOrder = order;
        }
        return number - FILE_FIRST < order.size() ? order.get(number - FILE_FIRST) : null;
    }

    /** Big-endian: a count, and for each file its size, its number, two reserved bytes and its name in 56. */
    private byte[] directory() {
        ByteBuffer result = ByteBuffer.allocate(4 + 64 * files.size());
        result.putInt(files.size());
        int number = FILE_FIRST;
        for (Map.Entry<String, Item> file : files.entrySet()) {
            int start = result.position();
            result.putInt(file.getValue().data.length)
                    .putShort((short) number++)
                    .putShort((short) 0);
            result.put(file.getKey().getBytes(StandardCharsets.UTF_8));
            result.position(start + 64);
        }
        return result.array();
    }
}
