package dev.rhea.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code ./dev bench network}: a stream from the guest to the host and one back, through the user-mode network, on Rhea and on the
 * reference in turn. By the host's clock, from the connection to the last byte.
 */
public final class NetworkBenchmark {
    private static final int TIMEOUT = 300_000;
    private static final int PIECE = 1 << 17;
    /** Of the user-mode network: the host. */
    private static final String HOST = "10.0.2.2";

    private NetworkBenchmark() {}

    /** @param arguments settings */
    public static void main(String[] arguments) throws Exception {
        Settings settings =
                Settings.of(List.of(arguments), "./dev bench network [--rounds=3] [--megabytes=200] [--cpus=1]");
        var machines = new Machines();
        int megabytes = settings.number("megabytes", 200);
        List<List<Double>> sent = List.of(new ArrayList<>(), new ArrayList<>());
        List<List<Double>> received = List.of(new ArrayList<>(), new ArrayList<>());
        try (var out = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var in = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ExecutorService threads = Executors.newCachedThreadPool()) {
            out.setSoTimeout(TIMEOUT);
            in.setSoTimeout(TIMEOUT);
            String script = "$B ip addr add 10.0.2.15/24 dev eth0; $B ip link set eth0 up\n"
                    + "/bin/stream send " + HOST + " " + out.getLocalPort() + " " + megabytes + "\n"
                    + "/bin/stream receive " + HOST + " " + in.getLocalPort() + "\n";
            Path archive = machines.initrd("network-init", script, List.of("virtio_net"), machines.compile("stream"));
            for (int round = 0; round < settings.number("rounds", 3); round++) {
                for (int i = 0; i < machines.emulators.size(); i++) {
                    Future<Double> from = threads.submit(() -> receive(out, megabytes));
                    Future<Double> to = threads.submit(() -> send(in, megabytes));
                    Measurement run = machines.run(
                            machines.emulators.get(i),
                            settings.number("cpus", 1),
                            archive,
                            "-netdev",
                            "user,id=n0",
                            "-device",
                            "virtio-net-pci,netdev=n0,romfile=");
                    if (!from.isDone() || !to.isDone()) {
                        System.err.println("the guest did not connect:\n" + run.output());
                        System.exit(1);
                    }
                    sent.get(i).add(take(from, run));
                    received.get(i).add(take(to, run));
                }
            }
        }
        Machines.say("| network, MB/s | reference | Rhea | ratio of times |");
        Machines.say("|---|--:|--:|--:|");
        row("guest to host", sent);
        row("host to guest", received);
    }

    private static double take(Future<Double> result, Measurement run) throws InterruptedException, IOException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getMessage() + "; the guest printed:\n" + run.output(), e);
        }
    }

    private static void row(String name, List<List<Double>> values) {
        double reference = median(values.get(0));
        double ours = median(values.get(1));
        Machines.say("| %s | %.0f | %.0f | %.2f |", name, reference, ours, reference / ours);
    }

    private static double median(List<Double> values) {
        return Run.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Megabytes (of 10^6 bytes) per second. */
    private static double receive(ServerSocket server, int megabytes) throws IOException {
        try (Socket socket = server.accept()) {
            long from = System.nanoTime();
            InputStream in = socket.getInputStream();
            byte[] piece = new byte[PIECE];
            long total = 0;
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                total += n;
            }
            if (total != megabytes * 1_000_000L) {
                throw new IOException("only " + total + " bytes came from the guest");
            }
            return rate(megabytes, from);
        }
    }

    private static double send(ServerSocket server, int megabytes) throws IOException {
        try (Socket socket = server.accept()) {
            long from = System.nanoTime();
            OutputStream out = socket.getOutputStream();
            byte[] piece = new byte[PIECE];
            for (long left = megabytes * 1_000_000L; left > 0; left -= PIECE) {
                out.write(piece, 0, (int) Math.min(PIECE, left));
            }
            socket.shutdownOutput();
            if (socket.getInputStream().read() < 0) {
                throw new IOException("the guest did not say that it had all");
            }
            return rate(megabytes, from);
        }
    }

    private static double rate(int megabytes, long from) {
        return megabytes / ((System.nanoTime() - from) / 1e9);
    }
}
