package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Console;
import dev.rhea.board.Machine;
import dev.rhea.machine.RunState;
import java.time.Duration;
import java.util.regex.Pattern;

/** The shell on a guest's serial port. */
record GuestShell(Machine vm) {
    /** Nothing takes longer, on a busy host either. */
    static final Duration LONG = Duration.ofMinutes(8);

    /** What terminals do not show: control sequences, operating system commands, carriage returns. */
    private static final String CONTROL = "\u001b\\[[0-9;?]*[A-Za-z]|\u001b\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|\r";

    /** Waits for the shell of {@link Guests#initrd()}. */
    static GuestShell await(Machine vm) throws Exception {
        vm.console().expect("poweroff' ends it.", LONG);
        vm.console().expect("# ", LONG);
        return new GuestShell(vm);
    }

    /** Logs in on {@link Guests#disk()}. */
    static GuestShell logIn(Machine vm) throws Exception {
        vm.console().expect("login: ", LONG);
        vm.console().type("root\n");
        vm.console().expect("# ", LONG);
        return new GuestShell(vm);
    }

    /** Runs a command; what it printed. */
    String run(String command) throws Exception {
        Console console = vm.console();
        // The quotes keep the shell's echo of the line apart from what it prints.
        console.type("echo st''art; " + command + "; echo en''d\n");
        return console.expect(Pattern.compile("(?s)[\r\n]start\r?\n(.*?)end\r?\n"), LONG)
                .group(1)
                .replaceAll(CONTROL, "");
    }

    /** Ends the machine with a command that must make it end well. */
    void switchOff(String command) throws Exception {
        vm.console().type(command + "\n");
        assertThat(vm.awaitEnd(LONG).exitCode()).isZero();
        assertThat(vm.state()).isEqualTo(RunState.SHUTDOWN);
    }

    void switchOff() throws Exception {
        switchOff("poweroff -f");
    }
}
