package dev.rhea.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import dev.rhea.junit.Guest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A guest as a fixture: {@code @Guest} starts a machine for the test and closes it. It needs nothing but the repository. */
class MonitorTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void itFindsTheMachineAndStartsItsParts(@Guest(SmallGuest.class) Machine vm) throws Exception {
        vm.console().expect("hart 0 of 2", LONG);
        vm.console().expect("memory: 128 MiB at 0x80000000", LONG);
        assertThat(vm.console().expect("\n", LONG)).doesNotContain("NOT");
        assertThat(vm.console().expect("hart 1 is up", LONG)).contains(" too\r\n");
        vm.console().expect("timer interrupt 3", LONG);
        vm.console().expect("> ", LONG);
    }

    @Test
    void commandsAreTypedCorrectedAndCarriedOut(@Guest(SmallGuest.class) Machine vm) throws Exception {
        assertThat(answer(vm, "echo  a  few words")).isEqualTo("a  few words");
        assertThat(answer(vm, "prx\bimes 100000")).startsWith("9592 primes up to 100000");
        assertThat(answer(vm, "primes")).startsWith("a number is needed");
        assertThat(answer(vm, "peek 0x10000000000")).isEqualTo("exception 13 at 0x10000000000");
        assertThat(answer(vm, "hart")).contains("hart 1 is started");
        assertThat(answer(vm, "frobnicate")).startsWith("there is no such command");
    }

    @Test
    void itStartsAgainAndSwitchesItselfOff(@Guest(SmallGuest.class) Machine vm) throws Exception {
        vm.console().expect("> ", LONG);
        vm.console().type("reset\n");
        vm.console().expect("once more", LONG);
        vm.console().expect("hart 0 of 2", LONG);
        vm.console().expect("> ", LONG);
        vm.console().type("poweroff\n");
        assertThat(vm.awaitEnd(LONG).exitCode()).isZero();
    }

    /** What comes between the line's echo and the next prompt. */
    private static String answer(Machine vm, String command) throws Exception {
        vm.console().type(command + "\n");
        vm.console().expect(command.substring(command.length() - 3) + "\r\n", LONG);
        return vm.console().expect("\r\n> ", LONG).replace("\r\n> ", "");
    }
}
