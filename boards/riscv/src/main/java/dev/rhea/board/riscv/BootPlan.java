package dev.rhea.board.riscv;

import dev.rhea.board.MachineSpec;
import dev.rhea.board.Workbench;
import dev.rhea.board.boot.BootException;
import dev.rhea.board.boot.EfiHeader;
import dev.rhea.board.boot.Image;
import dev.rhea.board.fdt.BadDeviceTree;
import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.board.fdt.Node;
import dev.rhea.engine.abi.ElfHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

    /** Where the first instruction of an image is, and one past the last byte that it takes. */
    private record Placed(long entry, long end) {}

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
        Placed placed = place("firmware", image, firmwareAt);
        firmware = placed.entry();
        return Math.max(ram, placed.end());
    }

    private void kernel(Node chosen, long free) throws BootException {
        Path kernel = spec.boot().kernel();
        if (kernel == null) {
            return;
        }
        long at = isBare() ? ram : align(Math.max(free, ram + (firmware == 0 ? large : 0)), large);
        Image image = Image.read("kernel", kernel);
        Placed placed = place("kernel", image, at);
        kernelEntry = placed.entry();
        initrd(chosen, Math.max(kernelEntry, ram), align(placed.end(), large));
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
        tree = treeAt(blob.length);
        bench.boot().add("device tree", tree, blob);
        bench.setDeviceTree(guest.toBytes());
    }

    private long treeEnd() {
        return Math.min(ram + spec.memory(), Math.max(LOW_END, ram + 64 * MEGABYTE));
    }

    private long treeAt(long size) {
        return treeEnd() - align(size, MEGABYTE) & -large;
    }

    private @Nullable DeviceTree given() throws BootException {
        Path file = spec.boot().dtb();
        if (file == null) {
            return null;
        }
        try {
            return DeviceTree.parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new BootException("Couldn't open dtb file '" + file + "': " + reason(e));
        } catch (BadDeviceTree e) {
            throw new BootException("'" + file + "' is no device tree: " + e.getMessage());
        }
    }

    /** Puts an image where it says, or where nothing is said. @return where its first instruction is, and its end */
    private Placed place(String what, Image image, long at) throws BootException {
        ElfHeader elf = image.elf();
        if (elf == null) {
            check(image.name(), EfiHeader.of(image.bytes()), image.bytes().length);
            bench.boot().add(what, at, image.bytes());
            return new Placed(at, at + memorySize(image.bytes()));
        }
        if (elf.machine() != EM_RISCV) {
            throw new BootException("'" + image.name() + "' is an ELF file for another architecture (e_machine "
                    + elf.machine() + "), not for RISC-V");
        }
        if (elf.wide() && xlen == 32) {
            throw new BootException("'" + image.name() + "' is an ELF file for 64-bit processors; these have 32");
        }
        Image placed = image.isMovable() && !bench.boot().hasPlaceFor(image) ? image.movedTo(at) : image;
        for (Image.Segment segment : placed.segments()) {
            bench.boot().addSegment(what, segment);
        }
        return new Placed(placed.entry(), placed.end());
    }

    /** A header that says that a file is for other processors, or that not all of it is there. */
    private void check(String name, @Nullable EfiHeader header, int size) throws BootException {
        if (header == null) {
            return;
        }
        if (header.machine() != (xlen == 64 ? EfiHeader.RISCV64 : EfiHeader.RISCV32)) {
            throw new BootException(String.format(
                    "'%s' is an EFI program for another architecture (machine 0x%x), not for %d-bit RISC-V",
                    name, header.machine(), xlen));
        }
        if (header.end() > size) {
            throw new BootException(
                    "'" + name + "' is cut short: its header says " + header.end() + " bytes, it has " + size);
        }
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
        long tree = treeAt(MEGABYTE);
        if (at + bytes.length > ram + spec.memory() || at < treeEnd() && at + bytes.length > tree) {
            at = lowest;
        }
        if (at < treeEnd() && at + bytes.length > tree) {
            throw new BootException(String.format(
                    "ramdisk '%s' does not fit: of its %d bytes %d do between kernel and device tree (0x%x to 0x%x); see -m",
                    file, bytes.length, Math.max(0, tree - at), at, tree));
        }
        bench.boot().add("initrd", at, bytes);
        if (xlen == 64) {
            chosen.longs("linux,initrd-start", at).longs("linux,initrd-end", at + bytes.length);
        } else {
            chosen.cells("linux,initrd-start", (int) at).cells("linux,initrd-end", (int) (at + bytes.length));
        }
    }

    private static @Nullable String reason(IOException e) {
        return e instanceof NoSuchFileException ? "No such file or directory" : e.getMessage();
    }

    private static long align(long value, long to) {
        return value + to - 1 & -to;
    }
}
