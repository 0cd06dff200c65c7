package dev.rhea.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that execute the host's own programs: what a shell made for the host prints of the same script. */
class HostProgramsTest {
    @TempDir
    Path folder;

    private static Outcome guest(Path folder, String script) {
        Path shell = Guests.statically().resolve("bin/bash-static");
        return Rhea.user(Rhea.Tiers.DEFAULT, List.of(shell.toString(), "-c", script))
                .in(folder)
                .run();
    }

    private void printsAsOnTheHost(String script) {
        Outcome host = Command.of("bash", "-c", script).in(folder).run();
        Outcome guest = guest(folder, script);
        assertThat(guest.output() + "exit status " + guest.status())
                .as("standard error: %s", guest.error())
                .isEqualTo(host.output() + "exit status " + host.status());
    }

    @Test
    void exitStatusAndDeathBySignalAreTheGuestProcesss() {
        printsAsOnTheHost("""
                /bin/true; echo $?
                /bin/false; echo $?
                /bin/sh -c 'exit 7'; echo $?
                /bin/sh -c 'kill -KILL $$'; echo $?
                /bin/sh -c 'kill -SEGV $$'; echo $?
                exec /bin/sh -c 'exit 9'
                """);
    }

    @Test
    void theFirstProgramMayBecomeOneThatDiesByASignal() {
        printsAsOnTheHost("exec /bin/sh -c 'kill -TERM $$'");
    }

    @Test
    void pipesBlockAndEndAsHostProgramsExpect() {
        printsAsOnTheHost("""
                for i in 1 2 3; do echo line $i; done | /bin/cat | /usr/bin/tr a-z A-Z | while read l; do echo "<$l>"; done
                mkfifo later; (/bin/cat later; echo late) | /bin/cat & echo first; : >later; wait
                /usr/bin/seq 1 20000 | /usr/bin/sort -n | /usr/bin/tail -n 1
                /usr/bin/yes | /usr/bin/head -n 2
                echo "$(/bin/echo captured)"
                """);
    }

    @Test
    void directoryUmaskEnvironmentAndDescriptorsGoAlong() {
        printsAsOnTheHost("""
                cd /usr; /bin/sh -c 'pwd; umask'
                umask 027; /bin/sh -c 'umask'
                V='some thing' /bin/sh -c 'echo "$V-$1-$2"' zero 'one  word' two
                echo text >&7 7>&1
                /bin/sh -c 'echo to seven >&7' 7>&1
                /bin/sh -c '[ -e /dev/fd/5 ] || echo no five'
                /bin/sh -c 'ls /proc/self/fd | tr "\\n" " "' 9</dev/null
                """);
    }

    @Test
    void signalsReachTheHostsProgramAndIgnoredOnesStayIgnored() {
        printsAsOnTheHost("""
                /bin/sleep 100 & kill -TERM $!; wait $!; echo $?
                /bin/sleep 100 & kill -KILL $!; wait $!; echo $?
                trap '' USR1; /bin/sh -c 'kill -USR1 $$; echo survived'; echo $?
                trap - USR1; /bin/sh -c 'kill -USR1 $$; echo survived'; echo $?
                """);
    }

    @Test
    void aScriptWithAHostsInterpreterRuns() {
        printsAsOnTheHost("""
                printf '#!/bin/sh -e\\necho script "$0" "$@"\\nexit 4\\n' >s; chmod +x s; ./s a b; echo $?
                printf 'not a program' >n; chmod +x n; ./n 2>/dev/null; echo $?
                printf '\\177ELF\\2\\1\\1\\0\\0\\0\\0\\0\\0\\0\\0\\0\\2\\0\\7\\0some more' >e; chmod +x e; ./e 2>/dev/null; echo $?
                """);
    }

    @Test
    void stopsAndContinuationsAreReported() {
        printsAsOnTheHost("""
                set -m
                /bin/sh -c 'kill -STOP $$; exit 3' &
                wait $!; echo $?
                kill -CONT %1; wait %1; echo $?
                """);
    }
}
