package dev.rhea.board.riscv;

import dev.rhea.board.MachineSpec;
import dev.rhea.board.Workbench;
import dev.rhea.board.boot.BootException;
import dev.rhea.board.boot.Image;
import dev.rhea.board.fdt.BadDeviceTree;
import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.board.fdt.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a RISC-V board starts: which blobs stand where in RAM, and where the harts begin. RAM holds, from below: firmware, kernel,
 * initial file system, and near the end the device tree.
 */
final class BootPlan {
    private static final int SEED_BYTES = 32;

    private static final long MEGABYTE = 1 << 20;

    /** Kernels stand at multiples of this: 2 MiB on RV64, 4 MiB on RV32, which are their large pages. */
    private final long large;

    /** Bootloaders may not see memory above this. */
    private static final long LOW_END = 3L << 30;

    /**
     * Boot loaders copy the tree with the size it says, and add boot arguments, initial file system and reserved memory where it
     * ends: U-Boot's own data stand there. OpenSBI leaves them a kibibyte.
     */
    private static final int TREE_ROOM = 4096;

    private static final int EM_RISCV = 243;
    private static final int IMAGE_MAGIC_AT = 56;
    private static final int IMAGE_MAGIC = 0x05435352; // "RSC\5"
    private static final int IMAGE_SIZE_AT = 16;

    private final Workbench bench;
    private final MachineSpec spec;
    private final long ram;
    private final long firmwareAt;
    private final int xlen;

    private long firmware;
    private long kernelEntry;
    private long tree;

    /** @param ram where RAM begins, with the firmware */
    BootPlan(Workbench bench, int xlen, long ram) {
        this(bench, xlen, ram, ram);
    }

    /** @param ram where RAM begins @param firmwareAt where firmware stands, unless its file says so */
    BootPlan(Workbench bench, int xlen, long ram, long firmwareAt) {
        this.firmwareAt = firmwareAt;
        this.bench = bench;
        this.spec = bench.spec();
        this.ram = ram;
        this.xlen = xlen;
        large = xlen == 64 ? 2 * MEGABYTE : 4 * MEGABYTE;
    }

    /** Whether Rhea itself is the firmware. */
    boolean isBuiltIn() {
        String bios = spec.boot().bios();
        return bios == null || bios.equals("default");
    }

    /** Whether the kernel runs in M mode, with no firmware below it. */
    boolean isBare() {
        return "none".equals(spec.boot().bios());
    }

    /** First instruction of the firmware; 0 if there is none in memory. */
    long firmware() {
        return firmware;
    }

    /** First instruction of the kernel; 0 if there is none. */
    long kernel() {
        return kernelEntry;
    }

    /** Where the device tree is. */
    long tree() {
        return tree;
    }

    /**
     * Loads all of it.
     *
     * @param board the board's own device tree, to which the boot arguments are added
     */
    void load(DeviceTree board) throws BootException {
        long free = firmwareImage();
        DeviceTree tree = tree(board);
        kernel(tree.root().child("chosen"), free);
        finish(tree);
    }

    /** Loads firmware and device tree alone: firmware finds the kernel elsewhere. */
    void loadFirmware(DeviceTree board) throws BootException {
        firmwareImage();
        finish(tree(board));
    }

    /** @return where memory is free above it */
    private long firmwareImage() throws BootException {
        String bios = spec.boot().bios();
        if (isBuiltIn() || isBare() || bios == null) {
            return ram;
        }
        Image image = Image.read("firmware", Path.of(bios));
        firmware = place("firmware", image, firmwareAt);
        long end = image.isElf() ? image.end() : firmwareAt + image.end();
        return Math.max(ram, end);
    }

    private void kernel(Node chosen, long free) throws BootException {
        Path kernel = spec.boot().kernel();
        if (kernel == null) {
            return;
        }
        long at = isBare() ? ram : align(Math.max(free, ram + (firmware == 0 ? large : 0)), large);
        Image image = Image.read("kernel", kernel);
        kernelEntry = place("kernel", image, at);
        long end = image.isElf() ? image.end() : at + memorySize(image.bytes());
        initrd(chosen, Math.max(kernelEntry, ram), align(end, large));
    }

    /** The tree that the guest gets: with the command line. */
    private DeviceTree tree(DeviceTree board) throws BootException {
        DeviceTree given = given();
        DeviceTree tree = given == null ? board : given;
        if (!spec.boot().append().isEmpty()) {
            tree.root().child("chosen").text("bootargs", spec.boot().append());
        }
        return tree;
    }

    private void finish(DeviceTree guest) throws BootException {
        guest.root().child("chosen").bytes("rng-seed", bench.randomBytes(SEED_BYTES));
        byte[] blob = guest.toBytes(TREE_ROOM);
        long end = Math.min(ram + spec.memory(), Math.max(LOW_END, ram + 64 * MEGABYTE));
        tree = end - align(blob.length, MEGABYTE) & -large;
        bench.boot().add("device tree", tree, blob);
        bench.setDeviceTree(guest.toBytes());
    }

    private @Nullable DeviceTree given() throws BootException {
        Path file = spec.boot().dtb();
        if (file == null) {
            return null;
        }
        try {
            return DeviceTree.parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new BootException("Couldn't open dtb file '" + file + "': " + e.getMessage());
        } catch (BadDeviceTree e) {
            throw new BootException("'" + file + "' is no device tree: " + e.getMessage());
        }
    }

    private long place(String what, Image image, long at) throws BootException {
        if (image.isElf()) {
            if (image.machine() != EM_RISCV) {
                throw new BootException("'" + image.name() + "' is an ELF file for another architecture (e_machine "
                        + image.machine() + "), not for RISC-V");
            }
            for (Image.Segment segment : image.segments()) {
                bench.boot().addSegment(what, segment);
            }
            return image.entry();
        }
        bench.boot().add(what, at, image.bytes());
        return at;
    }

    /** How much memory a kernel takes where it was loaded, with what is no part of its file: Linux, "Boot image header in RISC-V Linux". */
    private static long memorySize(byte[] image) {
        ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        if (image.length >= 64 && header.getInt(IMAGE_MAGIC_AT) == IMAGE_MAGIC) {
            return Math.max(image.length, header.getLong(IMAGE_SIZE_AT));
        }
        return image.length;
    }

    private void initrd(Node chosen, long kernel, long lowest) throws BootException {
        Path file = spec.boot().initrd();
        if (file == null) {
            return;
        }
        byte[] bytes = Image.bytes("ramdisk", file);
        long at = Math.max(lowest, align(kernel + Math.min(spec.memory() / 2, 512 * MEGABYTE), 4096));
        if (at + bytes.length > ram + spec.memory()) {
            at = lowest;
        }
        bench.boot().add("initrd", at, bytes);
        if (xlen == 64) {
            chosen.longs("linux,initrd-start", at).longs("linux,initrd-end", at + bytes.length);
        } else {
            chosen.cells("linux,initrd-start", (int) at).cells("linux,initrd-end", (int) (at + bytes.length));
        }
    }

    private static long align(long value, long to) {
        return value + to - 1 & -to;
    }
}
