package dev.rhea.examples;

import dev.rhea.board.Machine;
import java.nio.file.Path;
import java.time.Duration;

/** Boots a machine and runs a command in it. */
public final class FirstMachine {
    private FirstMachine() {}

    /** @param arguments a Linux kernel for riscv64, an initial file system with a shell, and a command */
    public static void main(String[] arguments) throws Exception {
        Path kernel = Path.of(arguments[0]);
        Path initrd = Path.of(arguments[1]);
        try (Machine vm = Machine.of("riscv64", "virt")
                .memory(256L << 20)
                .kernel(kernel)
                .initrd(initrd)
                .append("console=ttyS0 quiet")
                .build()) {
            vm.start();
            vm.console().expect("# ", Duration.ofMinutes(2));
            vm.console().type(arguments[2] + "\n");
            vm.console().expect("\n", Duration.ofMinutes(1)); // the line's own echo
            System.out.println(vm.console().expect("# ", Duration.ofMinutes(1)));
        }
    }
}
