package dev.rhea.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpawnTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int await(long pid) {
        long status = RawMemory.allocate(8);
        try {
            long result;
            do {
                result = Syscall.call(SyscallNumber.WAIT4, pid, status, 0, 0);
            } while (result == -4);
            assertThat(result).isEqualTo(pid);
            return RawMemory.getInt(status);
        } finally {
            RawMemory.free(status);
        }
    }

    @Test
    void aProgramGetsArgumentsEnvironmentAndDescriptors() {
        long fds = RawMemory.allocate(8);
        long buffer = RawMemory.allocate(64);
        try (Spawn spawn = new Spawn()) {
            int cloexec = 0x80000;
            assertThat(Syscall.call(SyscallNumber.PIPE2, fds, cloexec)).isZero();
            int write = RawMemory.getInt(fds + 4);
            spawn.descriptor(write, 1);
            spawn.signals(0, -1L);
            long pid = spawn.start(
                    bytes("/bin/sh"),
                    List.of(
                            bytes("zero"),
                            bytes("-c"),
                            bytes("printf %s \"$1-$V\"; kill -TERM $$"),
                            bytes("a"),
                            bytes("b")),
                    List.of(bytes("V=c")));
            assertThat(pid).isPositive();
            assertThat(await(pid)).isEqualTo(15);
            long got = Syscall.call(SyscallNumber.READ, RawMemory.getInt(fds), buffer, 64);
            byte[] text = new byte[(int) got];
            RawMemory.copyOut(buffer, text, 0, text.length);
            assertThat(new String(text, StandardCharsets.ISO_8859_1)).isEqualTo("b-c");
            Syscall.call(SyscallNumber.CLOSE, write);
            Syscall.call(SyscallNumber.CLOSE, RawMemory.getInt(fds));
        } finally {
            RawMemory.free(fds);
            RawMemory.free(buffer);
        }
    }

    @Test
    void aProgramThatIsNotThereIsAnErrorOfStart() {
        try (Spawn spawn = new Spawn()) {
            assertThat(spawn.start(bytes("/nonexistent"), List.of(bytes("x")), List.of()))
                    .isEqualTo(-2);
        }
    }
}
