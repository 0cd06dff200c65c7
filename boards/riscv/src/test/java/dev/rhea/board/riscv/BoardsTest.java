package dev.rhea.board.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.board.BadMachineException;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.board.NetworkCard;
import dev.rhea.board.fdt.BadDeviceTree;
import dev.rhea.board.fdt.DeviceTree;
import dev.rhea.board.fdt.Node;
import dev.rhea.engine.cpu.Engine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoardsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private static MachineBuilder of(String architecture, String board) {
        return Machine.of(architecture, board).memory(64 << 20).tiers(Engine.Tiers.INTERPRETER);
    }

    private static Node tree(MachineBuilder builder) throws BadMachineException, BadDeviceTree {
        try (Machine machine = builder.build()) {
            return DeviceTree.parse(Objects.requireNonNull(machine.deviceTree()))
                    .root();
        }
    }

    private static List<String> names(Node node) {
        return node.children().stream().map(Node::name).toList();
    }

    private static String text(Node node, String property) {
        byte[] value = Objects.requireNonNull(node.get(property), property);
        return new String(value, 0, value.length - 1, StandardCharsets.UTF_8);
    }

    private static int[] cells(Node node, String property) {
        ByteBuffer value = ByteBuffer.wrap(Objects.requireNonNull(node.get(property), property));
        int[] cells = new int[value.capacity() / 4];
        value.asIntBuffer().get(cells);
        return cells;
    }

    private Path program(int... words) throws IOException {
        ByteBuffer code = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int word : words) {
            code.putInt(word);
        }
        return Files.write(folder.resolve("program"), code.array());
    }

    // ---- what all of them have

    @ParameterizedTest
    @CsvSource({
        "riscv32, virt, riscv-virtio",
        "riscv64, virt, riscv-virtio",
        "riscv32, spike, ucbbar,spike-bare-dev",
        "riscv64, sifive_u, 'sifive,hifive-unleashed-a00'"
    })
    void isWhatItsDeviceTreeSays(String architecture, String board, String compatible) throws Exception {
        Node root = tree(of(architecture, board));
        assertThat(text(root, "compatible")).startsWith(compatible.split(",")[0]);
        Node cpu = root.child("cpus").children().stream()
                .filter(node -> node.name().startsWith("cpu@"))
                .reduce((first, last) -> last)
                .orElseThrow();
        assertThat(text(cpu, "riscv,isa")).startsWith("rv" + architecture.substring(5) + "ima");
        assertThat(text(cpu, "mmu-type")).isEqualTo(architecture.equals("riscv32") ? "riscv,sv32" : mmu(board));
    }

    private static String mmu(String board) {
        return board.equals("sifive_u") ? "riscv,sv39" : "riscv,sv57";
    }

    @ParameterizedTest
    @ValueSource(strings = {"virt", "spike", "sifive_u"})
    void anOptionThatItHasNotIsNamed(String board) {
        assertThatThrownBy(() -> of("riscv64", board).option("foo", "on").build())
                .isInstanceOf(BadMachineException.class)
                .hasMessage("Property '" + board + "-machine.foo' not found");
    }

    @Test
    void anOptionThatIsOnOrOffIsNothingElse() {
        assertThatThrownBy(() -> of("riscv64", "virt").option("aclint", "maybe").build())
                .hasMessage("Parameter 'aclint' expects 'on' or 'off'");
    }

    @Test
    void thereIsNoMachineOfAnUnknownType() {
        assertThatThrownBy(() -> of("riscv64", "vir").build()).hasMessage("unsupported machine type: \"vir\"");
    }

    // ---- virt

    @ParameterizedTest
    @ValueSource(strings = {"riscv32", "riscv64"})
    void aBareProgramEndsVirtThroughItsTestDevice(String architecture) throws Exception {
        // lui t0, 0x100; lui t1, 0x5; addi t1, t1, 0x555; sw t1, 0(t0); j .
        Path program = program(0x001002b7, 0x00005337, 0x55530313, 0x0062a023, 0x6f);
        try (Machine machine =
                of(architecture, "virt").bios("none").kernel(program).build()) {
            machine.start();
            assertThat(machine.awaitEnd(LIMIT).exitCode()).isZero();
        }
    }

    @Test
    void withAclintTheClintIsThreeDevices() throws Exception {
        Node soc = tree(of("riscv64", "virt").option("aclint", "on").cpus(2)).child("soc");
        assertThat(names(soc)).contains("mswi@2000000", "mtimer@2004000", "sswi@2f00000");
        assertThat(names(soc)).doesNotContain("clint@2000000");
        // the last hart's controller has the lowest phandle
        assertThat(cells(soc.child("sswi", 0x2f00000), "interrupts-extended")).containsExactly(4, 1, 2, 1);
    }

    @Test
    void whatIsNotThereYetIsRefused() {
        assertThatThrownBy(() -> of("riscv64", "virt").option("acpi", "on").build())
                .hasMessageStartingWith("acpi=on is not there yet");
        assertThatThrownBy(() -> of("riscv64", "virt").option("aia", "aplic").build())
                .hasMessageStartingWith("aia=aplic is not there yet");
        assertThatThrownBy(() -> of("riscv64", "virt").option("aia", "foo").build())
                .hasMessageStartingWith("Invalid AIA interrupt controller type");
    }

    @Test
    void theLoaderSetsMemoryAndAProcessorsStart() throws Exception {
        Path program = program(0x001002b7, 0x00005337, 0x55530313, 0x0062a023, 0x6f);
        try (Machine machine = of("riscv64", "virt")
                .bios("none")
                .device("loader", "file", program.toString(), "addr", "0x80010000", "cpu-num", "0")
                .device("loader", "addr", "0x80020000", "data", "0x01020304", "data-len", "4", "data-be", "on")
                .build()) {
            assertThat(machine.memory().readInt(0x80020000L)).isEqualTo(0x04030201);
            machine.start();
            assertThat(machine.awaitEnd(LIMIT).exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', please include valid arguments",
        "addr=1, cpu_num must be specified when setting a program counter",
        "file=/nope, Cannot load specified image /nope",
        "data=1, Both data and data-len must be specified",
        "data=1 data-len=9, data-len cannot be greater then 8 bytes",
        "file=x data=1, Specifying a file is not supported when loading memory values",
        "cpu-num=7, Specified boot CPU#7 is nonexistent"
    })
    void theLoaderSaysWhatItMisses(String properties, String message) {
        String[] words = properties.isEmpty() ? new String[0] : properties.split("[ =]");
        assertThatThrownBy(() -> of("riscv64", "virt").device("loader", words).build())
                .hasMessage(message);
    }

    // ---- spike

    @Test
    void aProgramEndsSpikeThroughTheHostTargetInterface() throws Exception {
        // lui t0, 0x1000; li t1, 5 << 1 | 1; sd t1, 8(t0); j .
        Path program = program(0x010002b7, 0x00b00313, 0x0062b423, 0x6f);
        try (Machine machine =
                of("riscv64", "spike").bios("none").kernel(program).build()) {
            machine.start();
            assertThat(machine.awaitEnd(LIMIT).exitCode()).isEqualTo(5);
        }
    }

    @Test
    void aNarrowHartWritesItInHalves() throws Exception {
        // lui t0, 0x1000; li t1, 5 << 1 | 1; sw t1, 8(t0); sw zero, 12(t0); j .
        Path program = program(0x010002b7, 0x00b00313, 0x0062a423, 0x0002a623, 0x6f);
        try (Machine machine =
                of("riscv32", "spike").bios("none").kernel(program).build()) {
            machine.start();
            assertThat(machine.awaitEnd(LIMIT).exitCode()).isEqualTo(5);
        }
    }

    @Test
    void spikeHasEightHartsAtMost() {
        assertThatThrownBy(() -> of("riscv64", "spike").cpus(9).build())
                .hasMessage("Invalid SMP CPUs 9. The max CPUs supported by machine 'spike' is 8");
    }

    // ---- sifive_u

    @ParameterizedTest
    @CsvSource({"1, min, 2", "6, max, 5"})
    void sifiveUHasTwoToFiveHarts(int cpus, String limit, int value) {
        assertThatThrownBy(() -> of("riscv64", "sifive_u").cpus(cpus).build())
                .hasMessage("Invalid SMP CPUs " + cpus + ". The " + limit + " CPUs supported by machine 'sifive_u' is "
                        + value);
    }

    @Test
    void itsMonitorCoreHasNoSupervisorModeAndOnePlicContext() throws Exception {
        Node root = tree(of("riscv64", "sifive_u").cpus(3));
        Node first = root.child("cpus").child("cpu@0");
        assertThat(first.get("mmu-type")).isNull();
        assertThat(text(first, "status"))
                .as("for the guest of the built-in firmware")
                .isEqualTo("disabled");
        assertThat(cells(root.child("soc").child("interrupt-controller@c000000"), "interrupts-extended"))
                .containsExactly(3, 11, 2, 11, 2, 9, 1, 11, 1, 9);
    }

    @Test
    void itsTreeHasTheEthernetControllerWithItsAddressAndWhatIsOnTheSpiBuses() throws Exception {
        Node soc = tree(of("riscv64", "sifive_u").card(new NetworkCard(null, "52:54:00:ab:cd:ef")))
                .child("soc");
        Node ethernet = soc.child("ethernet@10090000");
        assertThat(ethernet.get("local-mac-address"))
                .containsExactly(0x52, 0x54, 0, 0xab - 256, 0xcd - 256, 0xef - 256);
        assertThat(cells(ethernet, "phy-handle")).isEqualTo(cells(ethernet.child("ethernet-phy@0"), "phandle"));
        assertThat(text(soc.child("spi@10040000").child("flash@0"), "compatible"))
                .isEqualTo("jedec,spi-nor");
        assertThat(text(soc.child("spi@10050000").child("mmc@0"), "compatible")).isEqualTo("mmc-spi-slot");
    }

    @Test
    void propertiesOfItsOwnEthernetControllerCanBeSet() {
        assertThatThrownBy(() -> of("riscv64", "sifive_u")
                        .global("cadence_gem", "netdev", "nope")
                        .build())
                .hasMessage("Property 'cadence_gem.netdev' can't find value 'nope'");
        assertThatThrownBy(() -> of("riscv64", "sifive_u")
                        .global("cadence_gem", "jumbo-max-len", "20000")
                        .build())
                .hasMessage("jumbo-max-len is greater than 16383");
    }

    @Test
    void aDriveThatIsNotThereIsNamed() {
        assertThatThrownBy(() ->
                        of("riscv64", "sifive_u").boardDrive("sd", 0, "nope").build())
                .hasMessage("there is no drive 'nope' for if=sd,unit=0");
    }

    @Test
    void theModeSelectPinsSayWhereFirmwareStands() throws Exception {
        Path firmware = program(0x6f);
        try (Machine machine = of("riscv64", "sifive_u")
                .option("msel", "11")
                .bios(firmware.toString())
                .build()) {
            assertThat(machine.bootBlobs()).anyMatch(blob -> blob.address() == 0x8000000);
            assertThat(machine.memory().readInt(0x1000)).isEqualTo(11);
        }
        assertThatThrownBy(() -> of("riscv64", "sifive_u").option("msel", "x").build())
                .hasMessage("Parameter 'msel' expects uint32_t");
    }
}
