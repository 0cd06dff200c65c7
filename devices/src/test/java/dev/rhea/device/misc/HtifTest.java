package dev.rhea.device.misc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.device.DeviceBench;
import dev.rhea.device.serial.SerialWire;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HtifTest {
    private static final long TOHOST = 0x1000;
    private static final long FROMHOST = 0x2000;
    private static final long PUTCHAR = 0x0101L << 48;
    private static final long GETCHAR = 0x0100L << 48;
    private static final long CALL = DeviceBench.RAM + 0x100;

    private final DeviceBench bench = new DeviceBench();
    private final StringBuilder printed = new StringBuilder();
    private final List<String> asked = new ArrayList<>();
    private boolean open = true;
    private SerialWire.@Nullable Receiver port;

    private final Htif htif = new Htif(
            bench.memory,
            new SerialWire() {
                @Override
                public boolean send(byte value) {
                    if (open) {
                        printed.append((char) value);
                    }
                    return open;
                }

                @Override
                public void connect(Receiver receiver) {
                    port = receiver;
                }
            },
            new SifiveTest.Outcome() {
                @Override
                public void shutDown(int exitCode) {
                    asked.add("exit " + exitCode);
                }

                @Override
                public void reset() {
                    asked.add("reset");
                }
            });

    @BeforeEach
    void place() {
        bench.ram(0x1000);
        bench.place(TOHOST, htif.tohost());
        bench.place(FROMHOST, htif.fromhost());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private void call(long number, long a, long b, long c) {
        bench.write(CALL, number, 8);
        bench.write(CALL + 8, a, 8);
        bench.write(CALL + 16, b, 8);
        bench.write(CALL + 24, c, 8);
        bench.write(TOHOST, CALL, 8);
    }

    @Test
    void anOddPayloadEndsTheMachine() {
        bench.write(TOHOST, 1, 8);
        bench.write(TOHOST, 7 << 1 | 1, 4);
        bench.write(TOHOST + 4, 0, 4);
        assertThat(asked).containsExactly("exit 0", "exit 7");
        assertThat(bench.read(TOHOST, 8)).isZero();
    }

    @Test
    void theConsolePrintsAndWaitsWhileTheOtherEndDoes() {
        bench.write(TOHOST, PUTCHAR | 'a', 8);
        assertThat(bench.read(TOHOST, 8)).isZero();
        open = false;
        bench.write(TOHOST, PUTCHAR | 'b', 8);
        assertThat(bench.read(TOHOST, 8)).isEqualTo(PUTCHAR | 'b');
        open = true;
        bench.locked(() -> port.writable());
        assertThat(bench.read(TOHOST, 8)).isZero();
        assertThat(printed).hasToString("ab");
    }

    @Test
    void aCharacterComesOnlyAfterItWasAskedFor() {
        assertThat(port.room()).isZero();
        bench.write(TOHOST, GETCHAR, 8);
        assertThat(port.room()).isEqualTo(1);
        bench.locked(() -> port.receive(new byte[] {'x'}, 0, 1));
        assertThat(port.room()).isZero();
        assertThat(bench.read(FROMHOST, 8)).isEqualTo(GETCHAR | 0x100 | 'x');
        bench.write(TOHOST, GETCHAR, 8);
        assertThat(port.room()).isZero();
        bench.write(FROMHOST, 0, 8);
        assertThat(port.room()).isEqualTo(1);
    }

    @Test
    void writeIsTheSystemCallThatThereIs() {
        bench.write(CALL + 0x40, 0x6f6c6c6568L, 8);
        call(64, 1, CALL + 0x40, 5);
        assertThat(printed).hasToString("hello");
        assertThat(bench.read(CALL, 8)).isEqualTo(5);
        assertThat(bench.read(FROMHOST, 8)).isEqualTo(1);
        call(64, 5, CALL + 0x40, 5);
        assertThat(bench.read(CALL, 8)).isEqualTo(-9);
        call(64, 1, 0x7000_0000, 5);
        assertThat(bench.read(CALL, 8)).isEqualTo(-14);
        call(63, 0, CALL, 5);
        assertThat(bench.read(CALL, 8)).isEqualTo(-38);
        call(93, 9, 0, 0);
        assertThat(asked).containsExactly("exit 9");
    }
}
