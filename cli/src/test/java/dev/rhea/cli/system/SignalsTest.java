package dev.rhea.cli.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.rhea.host.SignalSender;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

class SignalsTest {
    @Test
    void aSignalComesToTheJvmAndItsSenderIsKnown() throws Exception {
        CountDownLatch came = new CountDownLatch(2);
        Signal signal = new Signal("WINCH");
        Signal.handle(signal, any -> came.countDown());
        SignalSender sender = SignalSender.watch(signal.getNumber());
        assumeTrue(sender != null, "the host lets us");
        Process kill = new ProcessBuilder(
                        "/bin/sh",
                        "-c",
                        "kill -WINCH " + ProcessHandle.current().pid())
                .start();
        assertThat(kill.waitFor()).isZero();
        while (came.getCount() > 1) {
            Thread.onSpinWait();
        }
        assertThat(sender.process()).isEqualTo((int) kill.pid());
        // From ourselves, from a thread of our own.
        Signal.raise(signal);
        assertThat(came.await(1, TimeUnit.MINUTES)).isTrue();
        assertThat(sender.process()).isEqualTo((int) ProcessHandle.current().pid());
        assertThat(SignalSender.name((int) ProcessHandle.current().pid())).contains("java");
        assertThat(SignalSender.name((int) kill.pid())).isNull();
    }

    @Test
    void aSignalWithoutAHandlerIsLeftAlone() {
        assertThat(SignalSender.watch(new Signal("URG").getNumber())).isNull();
    }
}
