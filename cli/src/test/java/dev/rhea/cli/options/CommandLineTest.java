package dev.rhea.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are those that the reference was seen to print. */
class CommandLineTest {
    private static final String PROGRAM = "qemu-system-riscv64";

    private final Map<String, String> files = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();

    private List<OptionUse> parse(String... words) throws OptionException {
        CommandLine.Files reader = path -> {
            String text = files.get(path);
            if (text == null) {
                throw new NoSuchFileException(path);
            }
            return text;
        };
        return CommandLine.parse(SystemOptions.table(), List.of(words), reader, warnings::add);
    }

    private String error(String... words) {
        try {
            return "no error: " + parse(words);
        } catch (OptionException e) {
            return e.report(PROGRAM);
        }
    }

    @Test
    void orderIsKeptAndOneDashOrTwoAreTheSame() throws Exception {
        List<OptionUse> uses = parse("-M", "virt", "--m", "1.5G,slots=2", "-nographic", "a.img", "-S", "-m", "2G");
        assertThat(uses).extracting(OptionUse::name).containsExactly("machine", "m", "nographic", "hda", "S", "m");
        assertThat(uses)
                .extracting(OptionUse::place)
                .containsExactly("-M virt", "--m 1.5G,slots=2", "-nographic", "a.img", "-S", "-m 2G");
        assertThat(uses.get(1).parameters().size("size", 0)).isEqualTo(3L << 29);
        assertThat(uses.get(3).text()).isEqualTo("a.img");
        assertThat(uses.get(0).data())
                .isEqualTo(new OptionData.Tree(
                        JsonParser.parseString("{\"type\":\"virt\"}").getAsJsonObject(), true, false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            -foo   | ``        | qemu-system-riscv64: -foo: invalid option
            --foo  | ``        | qemu-system-riscv64: --foo: invalid option
            --     | ``        | qemu-system-riscv64: --: invalid option
            -      | ``        | qemu-system-riscv64: -: invalid option
            -m     | foo=1     | qemu-system-riscv64: -m foo=1: Invalid parameter 'foo'
            -m     | 1.5G,slots=x | qemu-system-riscv64: -m 1.5G,slots=x: Parameter 'slots' expects a number
            -m     | 0x100000000000000000 | qemu-system-riscv64: -m 0x100000000000000000: Value '0x100000000000000000' is out of range for parameter 'size'
            -drive | index=x   | qemu-system-riscv64: -drive index=x: Parameter 'index' expects a number
            -device | {"driver":"x" | qemu-system-riscv64: -device {"driver":"x": JSON parse error, premature EOI
            -blockdev | a..b=3 | qemu-system-riscv64: -blockdev a..b=3: Invalid parameter 'a..b'
            -M     | virt,usb  | qemu-system-riscv64: -M virt,usb: Expected '=' after parameter 'usb'
            -rtc   | bogus=1   | qemu-system-riscv64: -rtc bogus=1: Invalid parameter 'bogus'
            -name  | foo,bogus=1 | qemu-system-riscv64: -name foo,bogus=1: Invalid parameter 'bogus'
            -action | bogus=x  | qemu-system-riscv64: -action bogus=x: Invalid parameter 'bogus'
            -icount | bogus=1  | qemu-system-riscv64: -icount bogus=1: Invalid parameter 'bogus'
            -msg   | foo=1     | qemu-system-riscv64: -msg foo=1: Invalid parameter 'foo'
            -msg   | timestamp=x | qemu-system-riscv64: -msg timestamp=x: Parameter 'timestamp' expects 'on' or 'off'
            -overcommit | mem-lock=huh | qemu-system-riscv64: -overcommit mem-lock=huh: Parameter 'mem-lock' expects 'on' or 'off'
            -semihosting-config | foo=1 | qemu-system-riscv64: -semihosting-config foo=1: Invalid parameter 'foo'
            -seed  | x         | qemu-system-riscv64: -seed x: Invalid seed number: x
            -seed  | -1        | qemu-system-riscv64: -seed -1: Invalid seed number: -1
            -uuid  | foo       | qemu-system-riscv64: -uuid foo: failed to parse UUID string: wrong format
            -global | a=b      | qemu-system-riscv64: -global a=b: Invalid parameter 'a'
            -global | driver=a | qemu-system-riscv64: -global driver=a: options 'driver', 'property', and 'value' are required
            -set   | foo       | qemu-system-riscv64: -set foo: can't parse: "foo"
            -set   | a.b=c     | qemu-system-riscv64: -set a.b=c: can't parse: "a.b=c"
            -set   | drive..x=3 | qemu-system-riscv64: -set drive..x=3: can't parse: "drive..x=3"
            -set   | a.b.c=d   | qemu-system-riscv64: -set a.b.c=d: There is no option group 'a'
            -set   | drive.x.y=z | qemu-system-riscv64: -set drive.x.y=z: there is no drive "x" defined
            -readconfig | /nonexistent | qemu-system-riscv64: -readconfig /nonexistent: Could not open '/nonexistent': No such file or directory
            -chardev | null,id=x,bogus=1 | qemu-system-riscv64: -chardev null,id=x,bogus=1: Invalid parameter 'bogus'
            """)
    void errorsAreTheReferences(String option, String argument, String message) {
        String said = argument.isEmpty() ? error(option) : error(option, argument);
        assertThat(said).isEqualTo(message);
    }

    @Test
    void aMistypedOptionIsNotLeftWithoutASuggestion() {
        assertThat(error("-dirve", "x"))
                .isEqualTo("qemu-system-riscv64: -dirve: invalid option\nDid you mean '-drive'?");
        assertThat(error("--nograhpic"))
                .isEqualTo("qemu-system-riscv64: --nograhpic: invalid option\nDid you mean '--nographic'?");
        assertThat(error("-no-reboot=3"))
                .isEqualTo("qemu-system-riscv64: -no-reboot=3: invalid option\nDid you mean '-no-reboot'?");
        assertThat(error("-rtc", "bse=utc"))
                .isEqualTo("qemu-system-riscv64: -rtc bse=utc: Invalid parameter 'bse'\nDid you mean 'base'?");
    }

    @Test
    void everyOptionThatNeedsAnArgumentSaysSo() {
        for (OptionSpec spec : SystemOptions.table().specs()) {
            for (String name : spec.names()) {
                if (spec.syntax().takesArgument()) {
                    assertThat(error("-" + name)).isEqualTo("qemu-system-riscv64: -" + name + ": requires an argument");
                } else {
                    assertThat(error("-" + name)).startsWith("no error");
                }
            }
        }
    }

    @Test
    void identifiersAreUsedOnceInTheirGroup() throws Exception {
        assertThat(error("-chardev", "null,id=x", "-chardev", "null,id=x,path=a b"))
                .isEqualTo("qemu-system-riscv64: -chardev null,id=x,path=a b: Duplicate ID 'x' for chardev");
        assertThat(error("-device", "virtio-rng,id=a", "-device", "{'driver':'b','id':'a'}"))
                .isEqualTo("qemu-system-riscv64: -device {'driver':'b','id':'a'}: Duplicate ID 'a' for device");
        assertThat(error("-netdev", "user,id=x", "-netdev", "user,id=x"))
                .isEqualTo("qemu-system-riscv64: -netdev user,id=x: Duplicate ID 'x' for netdev");
        assertThat(parse("-chardev", "null,id=x", "-netdev", "user,id=x", "-device", "a", "-device", "a"))
                .hasSize(4);
    }

    @Test
    void warningsSayWhereTheyBelong() throws Exception {
        parse("-name", "guest=a,debug-threads", "-chardev", "ringbuf,id=x,size=0x10k");
        assertThat(warnings)
                .containsExactly(
                        "-name guest=a,debug-threads: warning: short-form boolean option 'debug-threads' deprecated\n"
                                + "Please use debug-threads=on instead",
                        "-chardev ringbuf,id=x,size=0x10k: warning: Using a multiplier suffix on hex numbers is"
                                + " deprecated: 0x10k");
    }

    @Test
    void jsonIsTakenWhereTheReferenceTakesIt() throws Exception {
        List<OptionUse> uses = parse(
                "-device", "{\"driver\":\"x\",\"id\":\"i\",\"n\":3}",
                "-blockdev", "{\"driver\":\"raw\",\"file\":{\"driver\":\"file\"}}",
                "-netdev", "{\"type\":\"user\",\"id\":\"i\"}",
                "-object", "{\"qom-type\":\"x\",\"id\":\"i\"}",
                "-display", "{\"type\":\"none\"}");
        assertThat(uses).allSatisfy(use -> assertThat(use.data()).isInstanceOf(OptionData.Tree.class));
        OptionData.Tree device = (OptionData.Tree) uses.getFirst().data();
        assertThat(device.root().get("n").getAsInt()).isEqualTo(3);
        assertThat(device.untyped()).isFalse();
        assertThat(uses.getFirst().id()).isEqualTo("i");
        assertThat(parse("-device", "[1]").getFirst().parameters().get("driver"))
                .isEqualTo("[1]");
        assertThat(parse("-chardev", "{,id=x").getFirst().parameters().get("backend"))
                .isEqualTo("{");
    }

    @Test
    void globalsHaveTwoForms() throws Exception {
        List<OptionUse> uses = parse("-global", "a.b.c=d,e=f", "-global", "driver=a,property=b,value=c");
        assertThat(uses.get(0).parameters().toMap())
                .containsExactlyInAnyOrderEntriesOf(Map.of("driver", "a", "property", "b.c", "value", "d,e=f"));
        assertThat(uses.get(1).parameters().toMap())
                .containsExactlyInAnyOrderEntriesOf(Map.of("driver", "a", "property", "b", "value", "c"));
    }

    @Test
    void settingsChangeWhatCameBefore() throws Exception {
        List<OptionUse> uses = parse("-drive", "id=d,if=none", "-drive", "id=e", "-set", "drive.d.file=a=b.img");
        assertThat(uses).hasSize(2);
        assertThat(uses.getFirst().parameters().get("file")).isEqualTo("a=b.img");
        assertThat(error("-chardev", "null,id=q", "-set", "chardev.q.bogus=on"))
                .isEqualTo("qemu-system-riscv64: -set chardev.q.bogus=on: Invalid parameter 'bogus'");
        assertThat(error("-chardev", "null,id=q", "-set", "chardev.q.mux=x"))
                .isEqualTo("qemu-system-riscv64: -set chardev.q.mux=x: Parameter 'mux' expects 'on' or 'off'");
    }

    @Test
    void configurationFilesStandForOptions() throws Exception {
        files.put("conf", """
                # a machine
                [machine]
                  type = "virt"
                  aclint = "on"

                [memory]
                  size = "1G"
                [drive "d0"]   # a disk
                  file = "a,b.img"
                  if = "none"
                [device]
                  driver = "virtio-blk-device"
                  drive = "d0"
                  id = "blk"
                [boot-opts]
                  menu = "on"
                """);
        List<OptionUse> uses = parse("-S", "-readconfig", "conf", "-nographic");
        assertThat(uses)
                .extracting(OptionUse::name)
                .containsExactly("S", "machine", "m", "drive", "device", "boot", "nographic");
        assertThat(((OptionData.Tree) uses.get(1).data()).root())
                .isEqualTo(JsonParser.parseString("{\"type\":\"virt\",\"aclint\":\"on\"}"));
        assertThat(uses.get(2).parameters().size("size", 0)).isEqualTo(1L << 30);
        assertThat(uses.get(3).id()).isEqualTo("d0");
        assertThat(uses.get(3).parameters().get("file")).isEqualTo("a,b.img");
        assertThat(uses.get(4).id()).isEqualTo("blk");
        assertThat(uses.get(3).wrong("unsupported bus type 'nosuch'").report(PROGRAM))
                .isEqualTo("qemu-system-riscv64:conf:10: unsupported bus type 'nosuch'");
        assertThat(uses.get(0).wrong("no").report(PROGRAM)).isEqualTo("qemu-system-riscv64: -S: no");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            [chardev "x"]; backend = "null"; mux = "foo" | conf:3: Parameter 'mux' expects 'on' or 'off'
            foo = "x"                                    | conf:1: no group defined
            [chardev "x"]; bogus = "a"                   | conf:2: Invalid parameter 'bogus'
            [memory]; size = "x"                         | conf:2: Parameter 'size' expects a non-negative number below 2^64
            [bogus "x"]                                  | conf:1: There is no option group 'bogus'
            [chardev "9"]                                | conf:1: Parameter 'id' expects an identifier
            [chardev "x"]; backend = null                | conf:2: parse error
            [chardev "x"];[chardev "x"]                  | conf:2: Duplicate ID 'x' for chardev
            [machine]; a..b = "1"                        | conf:2: Invalid parameter 'a..b'
            """)
    void errorsInFilesNameTheLine(String text, String message) {
        files.put("conf", text.replace(";", "\n"));
        assertThat(error("-readconfig", "conf")).startsWith("qemu-system-riscv64:" + message);
    }

    @Test
    void seedsAndIdentitiesAreRead() throws Exception {
        String uuid = "123e4567-e89b-12d3-a456-426614174000";
        List<OptionUse> uses = parse("-seed", "0x10", "-uuid", uuid);
        assertThat(uses.get(0).data()).isEqualTo(new OptionData.Number(16));
        assertThat(uses.get(1).data()).isEqualTo(new OptionData.Identity(UUID.fromString(uuid)));
        assertThat(error("-uuid", "1-2-3-4-5")).endsWith("wrong format");
    }

    @Test
    void theHelpHasEveryOption() {
        OptionTable table = SystemOptions.table();
        assertThat(table.help().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(110));
        for (OptionSpec spec : table.specs()) {
            assertThat(table.help()).contains("\n-" + spec.name());
        }
        for (String name : ("M machine cpu smp m bios kernel initrd append dtb drive blockdev device netdev nic chardev"
                        + " serial monitor mon qmp nographic display object global rtc boot no-reboot no-shutdown"
                        + " snapshot S s gdb d D dfilter name uuid pidfile daemonize accel fw_cfg fsdev virtfs hda cdrom"
                        + " pflash version h nodefaults no-user-config action semihosting icount seed L readconfig set"
                        + " overcommit run-with msg trace loadvm incoming")
                .split(" ")) {
            assertThat(table.find(name)).as(name).isNotNull();
        }
        assertThatThrownBy(() -> new OptionTable(
                        List.of(table.specs().get(0), table.specs().get(0))))
                .hasMessageContaining("-h is in the table twice");
    }
}
