package dev.rhea.user.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which signals whoever started the JVM had ignored, as nohup does: the first process inherits that. */
final class HostStatusSignals {
    private HostStatusSignals() {}

    private static final String FIELD = "\nSigIgn:\t";

    static void ignored(SignalActions actions) {
        String status;
        try {
            status = new String(Files.readAllBytes(Path.of("/proc/self/status")), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return;
        }
        int at = status.indexOf(FIELD);
        if (at < 0) {
            return;
        }
        int from = at + FIELD.length();
        long set = Long.parseUnsignedLong(status.substring(from, from + 16), 16);
        // The JVM itself ignores SIGPIPE or catches it; nobody who started it can be told apart from that.
        set &= ~Signal.bit(Signal.SIGPIPE);
        for (int signal = 1; signal <= Signal.MAX; signal++) {
            if ((set & Signal.bit(signal)) != 0) {
                actions.set(signal, new SignalAction(SignalAction.IGNORE, 0, 0, 0));
            }
        }
    }
}
