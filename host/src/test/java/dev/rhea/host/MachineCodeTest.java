package dev.rhea.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MachineCodeTest {
    /** mov rax, [rdi+24]; add rax, rsi; mov [rdi+32], rax; ret. */
    private static final String ADD = "488b4718 4801f0 48894720 c3";

    /** inc qword [rdi]; dec rsi; jnz to the start; mov rax, [rdi]; ret. */
    private static final String COUNT = "48ff07 48ffce 75f8 488b07 c3";

    private CodeMemory memory;
    private long used;

    @BeforeEach
    void reserve() {
        assumeTrue(MachineCode.available(), "no host that runs what we emit");
        memory = Objects.requireNonNull(CodeMemory.reserve(64 << 20));
    }

    @AfterEach
    void close() {
        if (memory != null) {
            memory.close();
        }
    }

    /** Returns the code's address. */
    private long emit(String hex) {
        byte[] code = HexFormat.of().parseHex(hex.replace(" ", ""));
        RawMemory.copyIn(code, 0, memory.writable() + used, code.length);
        long address = memory.executable() + used;
        used += code.length + 15 & -16;
        return address;
    }

    @Test
    void codeReadsAndWritesTheArrayAndReturnsANumber() {
        long add = emit(ADD);
        long[] state = {1, 2, 3, 0x1234_5678_9abc_def0L, 5, 6};
        assertThat(MachineCode.call(add, state, 0x10)).isEqualTo(0x1234_5678_9abc_df00L);
        assertThat(state).containsExactly(1, 2, 3, 0x1234_5678_9abc_def0L, 0x1234_5678_9abc_df00L, 6);
    }

    @Test
    void compiledCallersPassTheSameAsInterpretedOnes() {
        long add = emit(ADD);
        long[] state = new long[5];
        long sum = 0;
        for (int i = 0; i < 1_000_000; i++) {
            sum += MachineCode.call(add, state, i);
            state[3] = state[4] & 0xff;
        }
        long expected = 0;
        long third = 0;
        for (int i = 0; i < 1_000_000; i++) {
            expected += third + i;
            third = third + i & 0xff;
        }
        assertThat(sum).isEqualTo(expected);
    }

    @Test
    void theLastByteOfTheMemoryCanBeExecuted() {
        RawMemory.putByte(memory.writable() + memory.bytes() - 4, (byte) 0x48);
        RawMemory.putByte(memory.writable() + memory.bytes() - 3, (byte) 0x89);
        RawMemory.putByte(memory.writable() + memory.bytes() - 2, (byte) 0xf0);
        RawMemory.putByte(memory.writable() + memory.bytes() - 1, (byte) 0xc3);
        assertThat(MachineCode.call(memory.executable() + memory.bytes() - 4, new long[1], -7))
                .isEqualTo(-7);
    }

    /** mov eax, imm32; ret: written again and again in the same place, called at once. */
    @Test
    void codeThatIsReplacedRunsAtOnce() {
        long code = emit("b800000000 c3");
        long[] state = new long[1];
        for (int i = 0; i < 100_000; i++) {
            RawMemory.putInt(memory.writable() + 1, i);
            assertThat(MachineCode.call(code, state, 0)).isEqualTo(i);
        }
    }

    @Test
    void arraysStayInPlaceWhileTheCollectorMovesOthers() throws Exception {
        long count = emit(COUNT);
        AtomicBoolean done = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(4)) {
            Future<?> collector = threads.submit(() -> {
                while (!done.get()) {
                    System.gc();
                }
            });
            List<Callable<Long>> callers = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                callers.add(() -> {
                    long wrong = 0;
                    long[] state = new long[1];
                    for (int i = 1; i <= 20_000; i++) {
                        long before = state[0];
                        if (MachineCode.call(count, state, 1000) != before + 1000 || state[0] != before + 1000) {
                            wrong++;
                        }
                        if (i % 16 == 0) {
                            // A young one, which the next collection moves; and garbage before it.
                            state = new long[1 + i % 64];
                        }
                    }
                    return wrong;
                });
            }
            try {
                for (Future<Long> caller : threads.invokeAll(callers)) {
                    assertThat(caller.get()).isZero();
                }
            } finally {
                done.set(true);
            }
            collector.get();
        }
    }

    @Test
    void sizesThatAreNoPagesAreRefusedLoudly() {
        assertThatThrownBy(() -> CodeMemory.reserve(100)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CodeMemory.reserve(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheHostCannotGiveIsNull() {
        assertThat(CodeMemory.reserve(1L << 60)).isNull();
    }
}
