package dev.rhea.examples;

import dev.rhea.board.Machine;
import dev.rhea.network.Hub;
import java.nio.file.Path;
import java.time.Duration;

/** Two machines in one process, and a network that is nowhere else. */
public final class TwoMachines {
    private static final Duration LONG = Duration.ofMinutes(2);

    private TwoMachines() {}

    /** @param arguments a Linux kernel for riscv64, and an initial file system with a shell, busybox and a driver for virtio cards */
    public static void main(String[] arguments) throws Exception {
        Path kernel = Path.of(arguments[0]);
        Path initrd = Path.of(arguments[1]);
        try (Hub hub = new Hub();
                Machine one = machine(kernel, initrd, hub, 1);
                Machine other = machine(kernel, initrd, hub, 2)) {
            one.start();
            other.start();
            configure(one, "10.0.0.1");
            configure(other, "10.0.0.2");
            other.console().type("nc -l -p 1234\n");
            one.console().type("while ! echo hello, other | nc 10.0.0.2 1234; do sleep 1; done\n");
            System.out.println(other.console().expect("hello, other", LONG));
        }
    }

    private static Machine machine(Path kernel, Path initrd, Hub hub, int number) throws Exception {
        return Machine.of("riscv64", "virt")
                .memory(128L << 20)
                .kernel(kernel)
                .initrd(initrd)
                .append("console=ttyS0 quiet")
                .network("lan", hub.port())
                .device("virtio-net-pci", "netdev", "lan", "mac", "52:54:00:00:00:0" + number)
                .build();
    }

    private static void configure(Machine vm, String address) throws Exception {
        vm.console().expect("# ", LONG);
        vm.console().type("ip addr add " + address + "/24 dev eth0; ip link set eth0 up; echo configu''red\n");
        vm.console().expect("configured", LONG);
    }
}
