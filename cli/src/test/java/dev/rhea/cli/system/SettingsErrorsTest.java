package dev.rhea.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages as the reference was seen to print them. */
class SettingsErrorsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-rtc base=bogus|invalid datetime format",
                "-rtc base=2020-13-01|invalid datetime format",
                "-rtc clock=bogus|invalid option value 'bogus'",
                "-rtc driftfix=bogus|invalid option value 'bogus'",
                "-boot order=xyz|Invalid boot device 'x'",
                "-boot aa|Boot device 'a' was given twice",
                "-boot once=ab1|Invalid boot device '1'",
                "-boot A|Invalid boot device 'A'",
                "-boot menu=maybe|Parameter 'boot.menu' expects 'on' or 'off'",
                "-boot bogus=1|Parameter 'boot.bogus' is unexpected",
                "-boot splash-time=x|Parameter 'boot.splash-time' expects integer",
                "-boot reboot-timeout=99999999|reboot timeout is invalid,it should be a value between -1 and 65535",
                "-boot order=cd|no function defined to set boot device list for this architecture",
                "-boot splash-time=-1|splash-time is invalid,it should be a value between 0 and 65535",
                "-M virt,boot.bogus=1|Parameter 'boot.bogus' is unexpected",
                "-M virt,memory.bogus=1|Parameter 'memory.bogus' is unexpected",
                "-M virt,smp=3|Invalid parameter type for 'smp', expected: object",
                "-smp 0|Invalid CPU topology: CPU topology parameters must be greater than zero",
                "-smp abc|Parameter 'smp.cpus' expects integer",
                "-smp 2,bogus=1|Parameter 'smp.bogus' is unexpected",
                "-smp 2,dies=2|dies > 1 not supported by this machine's CPU topology",
                "-smp 4,sockets=3|Invalid CPU topology: product of the hierarchy must match maxcpus:"
                        + " sockets (3) * cores (1) * threads (1) != maxcpus (4)",
                "-smp 4,maxcpus=2|Invalid CPU topology: maxcpus must be equal to or greater than smp:"
                        + " sockets (1) * cores (2) * threads (1) == maxcpus (2) < smp_cpus (4)",
                "-m 1G,slots=2|slots specified but no max-size",
                "-m 1G,maxmem=512M|invalid value of maxmem: maximum memory size (0x20000000) must be at least the initial"
                        + " memory size (0x40000000)",
                "-fw_cfg name=opt/x|name, plus exactly one of file, string and gen_id, are needed",
                "-drive file=x,format=qcow2|images in the format qcow2 are not there yet",
                "-drive file=x,readonly=maybe|Parameter 'read-only' expects 'on' or 'off'",
                "-drive file=x,rerror=enospc|'enospc' invalid read error action",
                "-accel bogus|invalid accelerator bogus",
                "-accel tcg,thread=bogus|Invalid 'thread' setting bogus",
                "-accel tcg,tb-size=x|Parameter 'tb-size' expects uint64",
                "-accel tcg,foo=1|Property 'tcg-accel.foo' not found",
                "-action reboot=x|Parameter 'reboot' does not accept value 'x'",
                "-watchdog-action foo|Parameter 'watchdog' does not accept value 'foo'",
                "-object rng-random|Parameter 'id' is missing",
                "-object rng-random,id=1a|Parameter 'id' expects an identifier",
                "-object rng-random,id=a,foo=1|Invalid parameter 'foo'",
                "-object nosuch,id=a|Parameter 'qom-type' does not accept value 'nosuch'",
                "-object rng-random,id=a,filename=/nonex|Could not open '/nonex': No such file or directory",
                "-object memory-backend-ram,id=m|Parameter 'size' is missing",
                "-object memory-backend-ram,id=m,size=0|property 'size' of memory-backend-ram doesn't take value '0'",
                "-object memory-backend-file,id=m,size=1M|Parameter 'mem-path' is missing",
                "-object secret,id=x|Either 'file' or 'data' must be provided",
                "-object secret,id=x,data=a,file=b|'file' and 'data' are mutually exclusive",
                "-object filter-dump,id=f|Parameter 'file' is missing",
                "-object filter-dump,id=f,netdev=x,file=/tmp/x|Parameter 'netdev' expects a network backend id",
                "-blockdev file,filename=/nonex,node-name=n|Could not open '/nonex': No such file or directory",
                "-blockdev file,node-name=n|Parameter 'filename' is missing",
                "-blockdev driver=nosuch,node-name=n|Parameter 'driver' does not accept value 'nosuch'",
                "-blockdev file,filename=x|'node-name' must be specified for the root node",
                "-blockdev file,filename=x,node-name=1x|Invalid node-name: '1x'",
                "-blockdev raw,node-name=r|Parameter 'file' is missing",
                "-blockdev raw,node-name=r,file=nope|Cannot find device='nope' nor node-name='nope'",
                "-blockdev raw,node-name=r,file.driver=file,file.filename=x,foo=1|Parameter 'foo' is unexpected",
                "-blockdev raw,node-name=r,file.driver=file,file.filename=x,file.foo=1|Parameter 'file.foo' is unexpected",
                "-blockdev raw,node-name=r,file.driver=file,read-only=maybe|Parameter 'file.filename' is missing",
                "-blockdev null-co,node-name=n,read-only=maybe|Parameter 'read-only' expects 'on' or 'off'",
                "-blockdev null-co,node-name=n,discard=x|Parameter 'discard' does not accept value 'x'",
                "-blockdev null-co,node-name=n,size=1M|Parameter 'size' expects integer",
                "-blockdev node-name=r|Parameter 'driver' is missing",
                "-drive file=x,format=raw,index=1,unit=1|index cannot be used with bus and unit",
                "-drive if=virtio|Device needs media, but drive is empty",
                "-display foo|Parameter 'type' does not accept value 'foo'",
                "-display none,foo=1|Parameter 'foo' is unexpected",
                "-vga foo|unknown vga type: foo",
                "-echr x|Bad argument to echr",
                "-D %d%d|Bad logfile template: %d%d",
                "-device virtio-rng-pci,bogus=1|Property 'virtio-rng-pci.bogus' not found",
                "-device virtio-rng-pci,bus=x|Bus 'x' not found",
                "-device virtio-rng-device,rng=nope|Device 'nope' not found",
                "-device virtio-blk-device|drive property not set",
            })
    void saysWhatIsWrongAndWhere(String line, String message) throws Exception {
        assertThat(Typed.complaint(line.split(" "))).isEqualTo(line + ": " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-M virt,accel=foo:kvm|invalid accelerator kvm",
                "-smp 9999|Invalid SMP CPUs 9999. The max CPUs supported by machine 'virt' is 512",
                "-append x|-append only allowed with -kernel option",
                "-initrd x|-initrd only allowed with -kernel option",
                "-global virtio-mmio.nosuch=1|can't apply global virtio-mmio.nosuch=1: Property 'virtio-mmio.nosuch' not found",
                "-global goldfish_rtc.x=1|can't apply global goldfish_rtc.x=1: Property 'goldfish_rtc.x' not found",
                "-global riscv-cpu.nosuch=1|can't apply global riscv-cpu.nosuch=1: Property 'rv64-riscv-cpu.nosuch' not found",
                "-global riscv-cpu.zbb=maybe|can't apply global riscv-cpu.zbb=maybe: Parameter 'zbb' expects 'on' or 'off'"
            })
    void saysWhatIsWrongWithTheMachineAsAWhole(String line, String message) throws Exception {
        assertThat(Typed.complaint(line.split(" "))).isEqualTo(message);
    }

    @Test
    void jsonHasTypes() throws Exception {
        String node = "{\"driver\":\"file\",\"node-name\":\"r\",\"filename\":1}";
        assertThat(Typed.complaint("-blockdev", node))
                .endsWith(": Invalid parameter type for 'filename', expected: string");
        String flag = "{\"driver\":\"null-co\",\"node-name\":\"r\",\"read-only\":\"on\"}";
        assertThat(Typed.complaint("-blockdev", flag))
                .endsWith(": Invalid parameter type for 'read-only', expected: boolean");
    }

    @Test
    void whatIsThereTwiceIsRefused() throws Exception {
        assertThat(Typed.complaint("-object", "rng-builtin,id=a", "-object", "rng-builtin,id=a"))
                .isEqualTo("-object rng-builtin,id=a: Duplicate ID 'a' for object");
        assertThat(Typed.complaint("-device", "virtio-rng-pci,id=a", "-device", "virtio-rng-pci,id=a"))
                .isEqualTo("-device virtio-rng-pci,id=a: Duplicate ID 'a' for device");
        assertThat(Typed.complaint("-blockdev", "null-co,node-name=n", "-blockdev", "null-co,node-name=n"))
                .isEqualTo("-blockdev null-co,node-name=n: Duplicate nodes with node-name='n'");
        assertThat(Typed.complaint(
                        "-drive", "if=none,id=a,format=null-co,size=512",
                        "-device", "virtio-blk-device,drive=a",
                        "-device", "virtio-blk-device,drive=a"))
                .isEqualTo("-device virtio-blk-device,drive=a: Drive 'a' is already in use by another device");
    }

    @Test
    void memoryThatIsNotAsLargeAsTheMachineWantsIsRefused() throws Exception {
        assertThat(Typed.complaint(
                        "-object", "memory-backend-ram,id=m,size=64M", "-M", "virt,memory-backend=m", "-m", "128"))
                .isEqualTo("Machine memory size does not match the size of the memory backend");
        assertThat(Typed.complaint("-M", "virt,memory-backend=nope")).isEqualTo("Memory backend 'nope' not found");
    }

    @Test
    void globalsAreCheckedWhereTheyApply() throws Exception {
        assertThat(Typed.complaint("-global", "virtio-rng-device.bogus=1", "-device", "virtio-rng-device"))
                .isEqualTo("-device virtio-rng-device: can't apply global virtio-rng-device.bogus=1: Property"
                        + " 'virtio-rng-device.bogus' not found");
        assertThat(Typed.complaint("-global", "virtio-rng-device.bogus=1")).isEmpty();
    }

    @Test
    void nearMissesAreSuggested() throws Exception {
        assertThat(Typed.whole("-object", "rng-ramdom,id=a")).contains("Did you mean 'rng-random'?");
        assertThat(Typed.whole("-blockdev", "rax,node-name=n")).contains("Did you mean 'raw'?");
        assertThat(Typed.whole("-boot", "ordr=c")).contains("Did you mean 'order'?");
    }

    @Test
    void whatIsStillToComeSaysSo() throws Exception {
        for (String option : List.of("-s", "-full-screen")) {
            assertThat(Typed.complaint(option)).contains("not there yet");
        }
        for (String option : List.of("-qmp", "-gdb", "-incoming", "-loadvm", "-vnc")) {
            assertThat(Typed.complaint(option, "x")).contains("not there yet");
        }
    }
}
