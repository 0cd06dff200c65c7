package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import dev.rhea.board.MachineBuilder;
import dev.rhea.engine.cpu.Engine;
import dev.rhea.junit.Guest;
import dev.rhea.machine.RunState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Machines that boot Debian's kernel, as Java sees them. */
class MachineTest {
    private static final Duration LONG = GuestShell.LONG;

    /** Two processors. */
    static final class TwoProcessors extends DebianShell {
        @Override
        public MachineBuilder describe() {
            return super.describe().cpus(2);
        }
    }

    @Test
    void aKernelBootsToAShellAndSwitchesItselfOff(@Guest(TwoProcessors.class) Machine vm) throws Exception {
        GuestShell shell = GuestShell.await(vm);
        assertThat(shell.run("nproc")).isEqualTo("2\n");
        assertThat(new GuestShell(vm).run("uname -m")).isEqualTo("riscv64\n");
        assertThat(new GuestShell(vm).run("awk 'BEGIN { print 1 / 3 }'")).isEqualTo("0.333333\n");
        new GuestShell(vm).switchOff();
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
        GuestShell.await(vm);
        new GuestShell(vm).switchOff();
    }

    @Test
    void aMachineThatIsPausedStandsStillAndGoesOn(@Guest(DebianShell.class) Machine vm) throws Exception {
        GuestShell.await(vm);
        vm.pause();
        assertThat(vm.state()).isEqualTo(RunState.PAUSED);
        long before = vm.chassis().clock().now();
        long executed = vm.chassis().processors().getFirst().executed();
        assertThat(vm.chassis().clock().now()).isEqualTo(before);
        assertThat(vm.chassis().processors().getFirst().executed()).isEqualTo(executed);
        vm.start();
        assertThat(new GuestShell(vm).run("echo again")).isEqualTo("again\n");
    }

    @Test
    void aResetBootsAgain(@Guest(DebianShell.class) Machine vm) throws Exception {
        GuestShell.await(vm);
        vm.console().type("reboot -f\n");
        GuestShell.await(vm);
        vm.reset();
        GuestShell.await(vm);
    }

    @Test
    void bothKindsOfCodeBootTheSameWay() throws Exception {
        for (Engine.Tiers tiers : List.of(Engine.Tiers.INTERPRETER, Engine.Tiers.DEFAULT)) {
            try (Machine vm = new DebianShell().describe().tiers(tiers).build()) {
                vm.start();
                GuestShell.await(vm);
                assertThat(new GuestShell(vm).run("seq 1 1000 | sha256sum"))
                        .startsWith("67d4ff71d43921d5739f387da09746f405e425b07d727e4c69d029461d1f051f");
            }
        }
    }
}
