package dev.rhea.user.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.user.call.Errno;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScriptTest {
    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> arguments(String head, String... given) {
        List<byte[]> list = new ArrayList<>();
        for (String s : given) {
            list.add(bytes(s));
        }
        List<String> result = new ArrayList<>();
        for (byte[] b : Script.arguments(bytes(head), bytes("./script"), list)) {
            result.add(new String(b, StandardCharsets.ISO_8859_1));
        }
        return result;
    }

    @Test
    void theScriptsNameComesInPlaceOfArgument0() {
        assertThat(arguments("#!/bin/sh\necho", "called-as", "a", "b"))
                .containsExactly("/bin/sh", "./script", "a", "b");
    }

    @Test
    void whatFollowsTheInterpreterIsOneArgumentWithItsBlanks() {
        assertThat(arguments("#! \t/usr/bin/env  -S x  y \t\n", "s"))
                .containsExactly("/usr/bin/env", "-S x  y", "./script");
    }

    @Test
    void aFirstLineWithoutAnInterpreterIsNoProgram() {
        assertThatThrownBy(() -> arguments("#!  \n", "s"))
                .isInstanceOfSatisfying(Errno.class, e -> assertThat(e.number).isEqualTo(Errno.ENOEXEC));
    }

    @Test
    void anInterpreterWhoseNameIsCutOffIsNoProgram() {
        assertThatThrownBy(() -> arguments("#!" + "x".repeat(254), "s"))
                .isInstanceOfSatisfying(Errno.class, e -> assertThat(e.number).isEqualTo(Errno.ENOEXEC));
    }
}
