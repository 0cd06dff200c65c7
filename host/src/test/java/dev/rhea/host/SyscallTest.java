package dev.rhea.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class SyscallTest {
    @Test
    void theProcessIdIsTheOneTheJvmKnows() {
        assertThat(Syscall.call(SyscallNumber.GETPID))
                .isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void anErrorIsANegatedErrno() {
        long result = Syscall.call(SyscallNumber.CLOSE, 12345);
        assertThat(result).isEqualTo(-9);
        assertThat(Syscall.failed(result)).isTrue();
        assertThat(Syscall.failed(-4096)).isFalse();
    }

    @Test
    void allSixArgumentsArrive() {
        long address = Syscall.call(SyscallNumber.MMAP, 0, 8192, 3, 0x22, -1, 0);
        assertThat(Syscall.failed(address)).isFalse();
        // The sixth argument, the offset, is refused if it is no multiple of the page size.
        assertThat(Syscall.call(SyscallNumber.MMAP, 0, 8192, 3, 0x22, -1, 1)).isEqualTo(-22);
        RawMemory.putLong(address + 8, 42);
        assertThat(RawMemory.getLong(address + 8)).isEqualTo(42);
        assertThat(Syscall.call(SyscallNumber.MUNMAP, address, 8192)).isZero();
    }

    @Test
    void eachThreadHasItsOwnErrno() throws InterruptedException {
        long[] wrong = new long[1];
        Thread other = new Thread(() -> {
            for (int i = 0; i < 20_000; i++) {
                if (Syscall.call(SyscallNumber.CLOSE, -1) != -9) {
                    wrong[0]++;
                }
            }
        });
        other.start();
        for (int i = 0; i < 20_000; i++) {
            assertThat(Syscall.call(SyscallNumber.LSEEK, 0, 0, 99)).isIn(-22L, -29L);
        }
        other.join();
        assertThat(wrong[0]).isZero();
    }

    /** What an embedder gets, whose launcher exports nothing to us. */
    @Test
    void thePublicLinkerGivesTheSame() throws Throwable {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(8);
            long result = (long)
                    NativeCall.Linked.handle().invokeExact(errno, (long) SyscallNumber.CLOSE, -1L, 0L, 0L, 0L, 0L, 0L);
            assertThat(result).isEqualTo(-1);
            assertThat(errno.get(ValueLayout.JAVA_INT, 0)).isEqualTo(9);
        }
    }
}
