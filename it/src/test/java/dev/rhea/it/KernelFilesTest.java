package dev.rhea.it;

import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.engine.abi.ElfExecutable;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's kernel in the kinds of files that kernels come in, as far as its first line. */
class KernelFilesTest {
    private static final long VIRTUAL = 0xffff_ffff_8000_0000L;
    private static final int EM_RISCV = 243;
    private static final int IMAGE_SIZE_AT = 16;

    @TempDir
    Path folder;

    private static MachineBuilder virt(Path kernel) {
        return Machine.of("riscv64", "virt").memory(128L << 20).kernel(kernel).append("earlycon=sbi console=ttyS0");
    }

    private static void assertStarts(MachineBuilder builder) throws Exception {
        try (Machine vm = builder.build()) {
            vm.start();
            new BootPrompt(vm).await("Linux version");
        }
    }

    @Test
    void startsPackedWithGzip() throws Exception {
        Path file = folder.resolve("Image.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            Files.copy(Guests.kernel(), out);
        }
        assertStarts(virt(file));
    }

    @Test
    void startsAsTheProgramThatItWasLinkedTo() throws Exception {
        byte[] image = Files.readAllBytes(Guests.kernel());
        long size = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN).getLong(IMAGE_SIZE_AT);
        byte[] memory = Arrays.copyOf(image, Math.toIntExact(size));
        Path file = folder.resolve("vmlinux");
        Files.write(file, new ElfExecutable(EM_RISCV, 0, 8, VIRTUAL, memory, VIRTUAL, Map.of()).bytes());
        assertStarts(virt(file));
    }

    @Test
    void findsInitialFileSystemAndAnotherDeviceTreeInSmallMemory() throws Exception {
        Path tree = folder.resolve("tree");
        try (Machine vm = virt(Guests.kernel()).cpus(2).build()) {
            Files.write(tree, vm.deviceTree());
        }
        try (Machine vm = virt(Guests.kernel())
                .cpus(2)
                .dtb(tree)
                .initrd(Guests.initrd())
                .append("console=ttyS0 quiet")
                .build()) {
            vm.start();
            new BootPrompt(vm).awaitShell().switchOff();
        }
    }

    @Test
    void isStartedByOpenSbiThatIsAProgramWithoutAPlaceOfItsOwn() throws Exception {
        assertStarts(virt(Guests.kernel())
                .bios(Guests.firmware().resolve("fw_dynamic.elf").toString()));
        assertStarts(virt(Guests.kernel())
                .bios(Guests.firmware().resolve("fw_jump.elf").toString()));
    }
}
