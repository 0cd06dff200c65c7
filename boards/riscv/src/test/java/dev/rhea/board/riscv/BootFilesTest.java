package dev.rhea.board.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.board.BadMachineException;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.board.boot.BootMemory.Blob;
import dev.rhea.engine.abi.ElfExecutable;
import dev.rhea.engine.cpu.Engine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels, firmware and initial file systems: where they are put, and what is said where they cannot be. */
class BootFilesTest {
    private static final long RAM = 0x8000_0000L;
    private static final int EM_RISCV = 243;
    private static final int E_TYPE = 16;
    private static final int E_MACHINE = 18;
    private static final byte[] CODE = {0x6f, 0, 0, 0}; // j .

    @TempDir
    Path folder;

    private static MachineBuilder virt() {
        return Machine.of("riscv64", "virt").memory(64 << 20).tiers(Engine.Tiers.INTERPRETER);
    }

    private Path file(byte... bytes) throws IOException {
        return Files.write(folder.resolve("file"), bytes);
    }

    private static byte[] elf(long address, Consumer<ByteBuffer> change) {
        byte[] bytes = new ElfExecutable(EM_RISCV, 0, 8, address, CODE, address, Map.of()).bytes();
        change.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
        return bytes;
    }

    /** A file that begins as kernels do that EFI can start, with one section. */
    private static byte[] efi(int machine, int sectionEnd) {
        ByteBuffer b = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, new byte[] {'M', 'Z'}).putInt(0x3c, 64);
        b.put(64, new byte[] {'P', 'E'}).putShort(68, (short) machine).putShort(70, (short) 1);
        b.putInt(88 + 16, sectionEnd - 128).putInt(88 + 20, 128);
        return b.array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var packed = new GZIPOutputStream(out)) {
            packed.write(bytes);
        }
        return out.toByteArray();
    }

    private static byte[] zboot(String type, byte[] payload) {
        ByteBuffer b = ByteBuffer.allocate(64 + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        b.put(0, new byte[] {'M', 'Z', 0, 0, 'z', 'i', 'm', 'g'}).putInt(8, 64).putInt(12, payload.length);
        return b.put(24, type.getBytes(StandardCharsets.US_ASCII))
                .put(64, payload)
                .array();
    }

    private static Blob blob(MachineBuilder builder, String name) throws BadMachineException {
        try (Machine machine = builder.build()) {
            return machine.bootBlobs().stream()
                    .filter(b -> b.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static void assertRefused(MachineBuilder builder, String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(BadMachineException.class)
                .hasMessageContaining(message);
    }

    // ---- where they are put

    @Test
    void aProgramIsWhereItSays() throws Exception {
        byte[] elf = elf(0x8080_0000L, b -> {});
        assertThat(blob(virt().kernel(file(elf)), "kernel").address()).isEqualTo(0x8080_0000L);
    }

    @ParameterizedTest
    @CsvSource({"3, 0, 0x80000000", "3, 0x80400000, 0x80400000", "2, 0xffffffff80000000, 0x80000000"})
    void whatHasNoPlaceInMemoryIsPutWhereFirmwareBegins(int type, String linked, String expected) throws Exception {
        byte[] elf = elf(Long.parseUnsignedLong(linked.replace("0x", ""), 16), b -> b.putShort(E_TYPE, (short) type));
        assertThat(blob(virt().bios(file(elf).toString()), "firmware").address())
                .isEqualTo(Long.decode(expected));
    }

    @Test
    void aKernelLinkedAtVirtualAddressesIsPutWhereKernelsAre() throws Exception {
        byte[] elf = elf(0xffff_ffff_8000_0000L, b -> {});
        assertThat(blob(virt().kernel(file(elf)), "kernel").address()).isEqualTo(RAM + (2 << 20));
    }

    @Test
    void whatIsPackedIsUnpacked() throws Exception {
        byte[] kernel = new byte[5000];
        Arrays.fill(kernel, (byte) 7);
        assertThat(blob(virt().kernel(file(gzip(kernel))), "kernel").bytes()).isEqualTo(kernel);
        assertThat(blob(virt().kernel(file(zboot("gzip", gzip(kernel)))), "kernel")
                        .bytes())
                .isEqualTo(kernel);
    }

    @Test
    void anInitialFileSystemThatWouldReachTheDeviceTreeStandsBehindTheKernel() throws Exception {
        Path initrd = Files.write(folder.resolve("initrd"), new byte[40 << 20]);
        assertThat(blob(virt().kernel(file(CODE)).initrd(initrd), "initrd").address())
                .isEqualTo(RAM + (4 << 20));
    }

    // ---- what is said

    @Test
    void anInitialFileSystemThatDoesNotFitIsToldHowMuchOfItDoes() throws Exception {
        Path initrd = Files.write(folder.resolve("initrd"), new byte[60 << 20]);
        assertRefused(
                virt().kernel(file(CODE)).initrd(initrd),
                "ramdisk '" + initrd
                        + "' does not fit: of its 62914560 bytes 60817408 do between kernel and device tree"
                        + " (0x80400000 to 0x83e00000); see -m");
        Path larger = Files.write(folder.resolve("larger"), new byte[70 << 20]);
        assertRefused(virt().kernel(file(CODE)).initrd(larger), "does not fit: of its 73400320 bytes 60817408 do");
    }

    @Test
    void aProgramOfAnotherKindIsNamed() throws Exception {
        assertRefused(
                virt().kernel(file(elf(RAM, b -> b.putShort(E_MACHINE, (short) 62)))),
                "is an ELF file for another architecture (e_machine 62), not for RISC-V");
        assertRefused(virt().kernel(file(elf(RAM, b -> b.putShort(E_TYPE, (short) 1)))), "is an ELF file of e_type 1");
        assertRefused(
                Machine.of("riscv32", "virt").kernel(file(elf(RAM, b -> {}))),
                "is an ELF file for 64-bit processors; these have 32");
        assertRefused(
                virt().kernel(file(efi(0xaa64, 256))),
                "is an EFI program for another architecture (machine 0xaa64), not for 64-bit RISC-V");
        assertRefused(
                virt().kernel(file(zboot("zstd22", new byte[64]))), "is an EFI zboot image packed with zstd22, which");
    }

    @Test
    void aFileThatIsCutShortIsNamed() throws Exception {
        byte[] elf = elf(RAM, b -> {});
        assertRefused(virt().kernel(file(Arrays.copyOf(elf, 30))), "ends inside its ELF header, after 30 bytes");
        assertRefused(virt().kernel(file(Arrays.copyOf(elf, 100))), "ends inside its program headers");
        assertRefused(
                virt().kernel(file(Arrays.copyOf(elf, 200))),
                "is an ELF file that is cut short: a segment goes on to 0x1004, the file to 0xc8");
        assertRefused(virt().kernel(file(efi(0x5064, 4096))), "is cut short: its header says 4096 bytes, it has 256");
        assertRefused(
                virt().kernel(file(Arrays.copyOf(zboot("gzip", new byte[100]), 100))),
                "is an EFI zboot image that is cut short");
        assertRefused(
                virt().kernel(file(Arrays.copyOf(gzip(new byte[100]), 20))), "looks like gzip but does not unpack");
        assertRefused(virt().kernel(file()), "could not load kernel '" + folder.resolve("file") + "': it is empty");
    }

    @Test
    void whatGoesWithAKernelIsNothingWithoutOne() throws Exception {
        assertRefused(virt().append("quiet"), "-append only allowed with -kernel option");
        assertRefused(virt().initrd(file(CODE)), "-initrd only allowed with -kernel option");
    }
}
