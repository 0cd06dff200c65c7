package dev.rhea.board.boot;

import dev.rhea.board.BootOrder;
import dev.rhea.board.BootSpec;
import dev.rhea.board.MachineSpec;
import dev.rhea.device.firmware.FwCfgItems;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What every board tells its firmware through fw_cfg. */
public final class FirmwareConfig {
    private static final String BOOT_ORDER = "bootorder";

    private final MachineSpec spec;
    private final FwCfgItems items = new FwCfgItems();

    private FirmwareConfig(MachineSpec spec) {
        this.spec = spec;
    }

    /** The items of a machine. @throws BootException where one of {@code -fw_cfg} cannot be */
    public static FirmwareConfig of(MachineSpec spec) throws BootException {
        var config = new FirmwareConfig(spec);
        config.common();
        return config;
    }

    public FwCfgItems items() {
        return items;
    }

    private void common() throws BootException {
        BootSpec boot = spec.boot();
        UUID uuid = spec.identity().uuid();
        items.add(
                FwCfgItems.UUID,
                uuid == null
                        ? new byte[16]
                        : ByteBuffer.allocate(16)
                                .putLong(uuid.getMostSignificantBits())
                                .putLong(uuid.getLeastSignificantBits())
                                .array());
        items.add16(FwCfgItems.NOGRAPHIC, 1);
        items.add16(FwCfgItems.NB_CPUS, spec.topology().cpus());
        items.add16(FwCfgItems.BOOT_MENU, boot.configuration().menu() ? 1 : 0);
        items.addFile("bios-geometry", new byte[0]);
        items.addFile(BOOT_ORDER, new byte[0]);
        items.addFile("etc/boot-fail-wait", littleEndian(boot.configuration().rebootTimeout(), 4));
        Integer menuWait = boot.configuration().menuWait();
        if (menuWait != null) {
            items.addFile("etc/boot-menu-wait", littleEndian(menuWait, 2));
        }
        for (Map.Entry<String, byte[]> file : boot.files().entrySet()) {
            String name = file.getKey();
            int length = name.getBytes(StandardCharsets.UTF_8).length;
            if (length == 0 || length > FwCfgItems.MAX_NAME) {
                throw new BootException("name too long (max. " + FwCfgItems.MAX_NAME + " char)");
            }
            if (items.hasFile(name)) {
                throw new BootException("duplicate fw_cfg file name: " + name);
            }
            items.addFile(name, file.getValue());
        }
    }

    /** Tells which devices to boot from, once they are plugged in. */
    public void addBootOrder(BootOrder order) {
        items.addFile(BOOT_ORDER, order.file(spec.boot().configuration().strict()));
    }

    private static byte[] littleEndian(int value, int bytes) {
        byte[] result = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            result[i] = (byte) (value >> 8 * i);
        }
        return result;
    }

    /** Leaves kernel, initial file system and command line to the firmware, as the files are. */
    public void addKernel() throws BootException {
        BootSpec boot = spec.boot();
        addImage(boot.kernel(), "kernel", FwCfgItems.KERNEL_SIZE, FwCfgItems.KERNEL_DATA);
        addImage(boot.initrd(), "ramdisk", FwCfgItems.INITRD_SIZE, FwCfgItems.INITRD_DATA);
        if (!boot.append().isEmpty()) {
            items.add32(FwCfgItems.CMDLINE_SIZE, boot.append().getBytes(StandardCharsets.UTF_8).length + 1);
            items.addText(FwCfgItems.CMDLINE_DATA, boot.append());
        }
    }

    private void addImage(@Nullable Path file, String what, int size, int data) throws BootException {
        if (file == null) {
            return;
        }
        byte[] bytes = Image.bytes(what, file);
        items.add32(size, bytes.length);
        items.add(data, bytes);
    }
}
