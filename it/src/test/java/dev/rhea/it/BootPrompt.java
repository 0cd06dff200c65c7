package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.board.Machine;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What boot loaders print and are told on a guest's serial port. A loader that gives up is a failure at once. */
record BootPrompt(Machine vm) {
    static final String U_BOOT = "=> ";
    static final String EFI_SHELL = "Shell> ";

    /** Exceptions of U-Boot and EDK2, and Linux's last words. */
    private static final String FAILURES = "Unhandled exception|RISCV64 Exception Type|Kernel panic";

    /** Waits for a text, which is not what a failed boot prints. */
    void await(String text) throws Exception {
        Matcher found = vm.console().expect(Pattern.compile(Pattern.quote(text) + "|" + FAILURES), GuestShell.LONG);
        assertThat(found.group()).as(vm.console().tail(30)).isEqualTo(text);
    }

    /** Stops U-Boot before it boots. */
    BootPrompt interruptUBoot() throws Exception {
        await("Hit any key");
        vm.console().type("\n");
        await(U_BOOT);
        return this;
    }

    /** Goes on to EDK2's shell, where it found nothing to boot. */
    BootPrompt openEfiShell() throws Exception {
        await("startup.nsh");
        vm.console().type("\u001b");
        await(EFI_SHELL);
        return this;
    }

    /** Types a command, which prints its answer before the loader asks for the next one. */
    void run(String command, String answer, String prompt) throws Exception {
        vm.console().type(command + "\r");
        Matcher found = vm.console()
                .expect(
                        Pattern.compile(Pattern.quote(answer) + "|" + Pattern.quote(prompt) + "|" + FAILURES),
                        GuestShell.LONG);
        assertThat(found.group()).as(vm.console().tail(30)).isEqualTo(answer);
        await(prompt);
    }

    /** The same for one whose answer does not matter. */
    void run(String command, String prompt) throws Exception {
        vm.console().type(command + "\r");
        await(prompt);
    }

    /** Types a command from which U-Boot does not come back if it succeeds, and waits for the shell of {@link Guests#initrd}. */
    GuestShell boot(String command) throws Exception {
        vm.console().type(command + "\r");
        return awaitShell();
    }

    /** Waits for that shell: U-Boot's prompt or EDK2's shell instead means that it found no kernel. */
    GuestShell awaitShell() throws Exception {
        Matcher found = vm.console()
                .expect(Pattern.compile("poweroff' ends it\\.|\n=> |startup\\.nsh|" + FAILURES), GuestShell.LONG);
        assertThat(found.group()).as(vm.console().tail(30)).isEqualTo("poweroff' ends it.");
        vm.console().expect("# ", GuestShell.LONG);
        return new GuestShell(vm);
    }
}
