package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.block.Drive;
import dev.rhea.block.DriveOptions;
import dev.rhea.board.Console;
import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.junit.Guest;
import dev.rhea.junit.GuestDefinition;
import dev.rhea.machine.RunState;
import dev.rhea.network.user.UserOptions;
import dev.rhea.network.user.UserStack;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that boot Debian's kernel, as Java sees them. */
class MachineTest {
    private static final Duration LONG = Duration.ofMinutes(4);

    /** Runs a command in the guest's shell; what it printed. */
    private static String run(Machine vm, String command) throws Exception {
        Console console = vm.console();
        // The quotes keep the shell's echo of the line apart from what it prints.
        console.type("echo st''art; " + command + "; echo en''d\n");
        return console.expect(Pattern.compile("(?s)\nstart\r?\n(.*?)end\r?\n"), LONG)
                .group(1)
                .replace("\r", "");
    }

    private static void awaitShell(Machine vm) throws Exception {
        vm.console().expect("poweroff' ends it.", LONG);
        vm.console().expect("# ", LONG);
    }

    private static void switchOff(Machine vm) throws Exception {
        vm.console().type("poweroff -f\n");
        assertThat(vm.awaitEnd(LONG).exitCode()).isZero();
        assertThat(vm.state()).isEqualTo(RunState.SHUTDOWN);
    }

    /** Two processors. */
    static final class TwoProcessors extends DebianShell {
        @Override
        public MachineBuilder describe() {
            return super.describe().cpus(2);
        }
    }

    @Test
    void aKernelBootsToAShellAndSwitchesItselfOff(@Guest(TwoProcessors.class) Machine vm) throws Exception {
        awaitShell(vm);
        assertThat(run(vm, "nproc")).isEqualTo("2\n");
        assertThat(run(vm, "uname -m")).isEqualTo("riscv64\n");
        assertThat(run(vm, "awk 'BEGIN { print 1 / 3 }'")).isEqualTo("0.333333\n");
        switchOff(vm);
    }

    /** With OpenSBI in guest memory instead of the one inside. */
    static final class WithFirmware extends DebianShell {
        @Override
        public MachineBuilder describe() {
            return super.describe()
                    .bios(Guests.firmware().resolve("fw_dynamic.bin").toString());
        }
    }

    @Test
    void firmwareOfDebiansStartsTheKernel(@Guest(WithFirmware.class) Machine vm) throws Exception {
        vm.console().expect("OpenSBI", LONG);
        awaitShell(vm);
        switchOff(vm);
    }

    /** U-Boot in S mode, on the firmware inside. */
    static final class UBoot implements GuestDefinition {
        @Override
        public MachineBuilder describe() {
            return Machine.of("riscv64", "virt").kernel(Guests.firmware().resolve("u-boot-smode.bin"));
        }
    }

    @Test
    void uBootFindsTheBoardsFlash(@Guest(UBoot.class) Machine vm) throws Exception {
        vm.console().expect("Hit any key", LONG);
        vm.console().type("\n");
        vm.console().expect("=> ", LONG);
        vm.console().type("flinfo\n");
        vm.console().expect("Bank # 2", LONG);
    }

    @Test
    void aMachineThatIsPausedStandsStillAndGoesOn(@Guest(DebianShell.class) Machine vm) throws Exception {
        awaitShell(vm);
        vm.pause();
        assertThat(vm.state()).isEqualTo(RunState.PAUSED);
        long before = vm.chassis().clock().now();
        long executed = vm.chassis().processors().getFirst().executed();
        assertThat(vm.chassis().clock().now()).isEqualTo(before);
        assertThat(vm.chassis().processors().getFirst().executed()).isEqualTo(executed);
        vm.start();
        assertThat(run(vm, "echo again")).isEqualTo("again\n");
    }

    @Test
    void aResetBootsAgain(@Guest(DebianShell.class) Machine vm) throws Exception {
        awaitShell(vm);
        vm.console().type("reboot -f\n");
        awaitShell(vm);
        vm.reset();
        awaitShell(vm);
    }

    @Test
    void machinesLiveBesideEachOtherAndLeaveNothingBehind() throws Exception {
        int threads = Thread.activeCount();
        List<Machine> machines = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                Machine vm = new DebianShell()
                        .describe()
                        .memory((128L + 64 * i) << 20)
                        .cpus(1 + i % 2)
                        .build();
                machines.add(vm);
                vm.start();
            }
            for (Machine vm : machines) {
                awaitShell(vm);
                assertThat(run(vm, "nproc").strip())
                        .isEqualTo(Integer.toString(vm.spec().topology().cpus()));
            }
        } finally {
            machines.forEach(Machine::close);
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("rhea-hart"))
                        .toList())
                .isEmpty();
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 2);
    }

    @Test
    void disksAndNetworkReachTheHost(@TempDir Path folder) throws Exception {
        Path disk = folder.resolve("disk");
        byte[] content = new byte[4 << 20];
        new java.util.Random(7).nextBytes(content);
        Files.write(disk, content);
        Path script = folder.resolve("init");
        Files.writeString(
                script,
                "#!/bin/sh\n/bin/busybox --install -s /bin; mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev\n"
                        + "while read -r name; do insmod /modules/$name.ko; done </modules/order\n"
                        + "sha256sum /dev/vda; dd if=/dev/vda of=/dev/vda bs=512 count=2 seek=4 conv=notrunc 2>/dev/null; sync\n"
                        + "ip addr add 10.0.2.15/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.2.2\n"
                        + "(echo hello from inside; sleep 1) | nc -l -p 80\n"
                        + "echo DONE; poweroff -f\n");
        Path initrd = Guests.initrd(script, "virtio_blk", "virtio_net");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (Machine vm = Machine.of("riscv64", "virt")
                .memory(256L << 20)
                .kernel(Guests.kernel())
                .initrd(initrd)
                .append("console=ttyS0 quiet")
                .drive(
                        "d0",
                        Drive.open(
                                DriveOptions.of(
                                        Map.of("file", disk.toString(), "format", "raw", "if", "none", "id", "d0")),
                                false))
                .device("virtio-blk-pci", "drive", "d0")
                .network(
                        "n0",
                        UserStack.open(UserOptions.parse(Map.of("hostfwd", List.of("tcp:127.0.0.1:" + port + "-:80")))))
                .device("virtio-net-pci", "netdev", "n0")
                .build()) {
            vm.start();
            String sum = vm.console()
                    .expect(Pattern.compile("([0-9a-f]{64})  /dev/vda"), LONG)
                    .group(1);
            assertThat(sum)
                    .isEqualTo(java.util.HexFormat.of()
                            .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                    .digest(content)));
            assertThat(greeting(port)).isEqualTo("hello from inside");
            vm.console().expect("DONE", LONG);
            vm.awaitEnd(LONG);
        }
        byte[] after = Files.readAllBytes(disk);
        System.arraycopy(content, 0, content, 2048, 1024);
        assertThat(after).isEqualTo(content);
    }

    /** What the guest's server says; it may not listen yet. */
    private static String greeting(int port) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() < deadline) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                String line = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
                if (!line.isEmpty()) {
                    return line;
                }
            } catch (IOException e) {
                // Refused, or reset by a guest that has no server yet.
            }
            Thread.sleep(50);
        }
        throw new IOException("nobody answers in the guest");
    }

    @Test
    void bothKindsOfCodeBootTheSameWay() throws Exception {
        for (Engine.Tiers tiers : List.of(Engine.Tiers.INTERPRETER, Engine.Tiers.DEFAULT)) {
            try (Machine vm = new DebianShell().describe().tiers(tiers).build()) {
                vm.start();
                awaitShell(vm);
                assertThat(run(vm, "seq 1 1000 | sha256sum"))
                        .startsWith("67d4ff71d43921d5739f387da09746f405e425b07d727e4c69d029461d1f051f");
            }
        }
    }
}
