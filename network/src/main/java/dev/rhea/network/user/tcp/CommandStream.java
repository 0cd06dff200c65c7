package dev.rhea.network.user.tcp;

import dev.rhea.network.ByteStream;
import dev.rhea.network.loop.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A command of the host's shell, whose standard input and output are the stream. Java's processes have streams that wait, so
 * two threads carry bytes between them and pipes that do not.
 */
public final class CommandStream implements ByteStream {
    /** Processes at a time; a guest may not fill the host with them. */
    private static final int LIMIT = 32;

    private final Process process;
    private final Pipe.SourceChannel output;
    private final Pipe.SinkChannel input;
    private final SelectionKey outputKey;
    private final SelectionKey inputKey;
    private Runnable ready = () -> {};

    private CommandStream(EventLoop loop, Process process, AtomicInteger running) throws IOException {
        this.process = process;
        Pipe fromProcess = Pipe.open();
        Pipe toProcess = Pipe.open();
        output = fromProcess.source();
        input = toProcess.sink();
        output.configureBlocking(false);
        input.configureBlocking(false);
        outputKey = loop.register(output, 0, key -> ready.run());
        inputKey = loop.register(input, 0, key -> ready.run());
        carry(process.getInputStream(), Channels.newOutputStream(fromProcess.sink()), running);
        carry(Channels.newInputStream(toProcess.source()), process.getOutputStream(), null);
    }

    /**
     * Starts it.
     *
     * @param running counts the processes of one network
     * @throws IOException if the host has no shell, or too many run already
     */
    public static CommandStream start(EventLoop loop, String command, AtomicInteger running) throws IOException {
        if (running.incrementAndGet() > LIMIT) {
            running.decrementAndGet();
            throw new IOException("too many commands run already");
        }
        Process process = null;
        try {
            process = new ProcessBuilder("/bin/sh", "-c", command)
                    .redirectError(Redirect.INHERIT)
                    .start();
            return new CommandStream(loop, process, running);
        } catch (IOException e) {
            running.decrementAndGet();
            if (process != null) {
                process.destroyForcibly();
            }
            throw e;
        }
    }

    private static void carry(InputStream from, OutputStream to, @Nullable AtomicInteger running) {
        Thread thread = new Thread(
                () -> {
                    byte[] bytes = new byte[16384];
                    try (from;
                            to) {
                        for (int n = from.read(bytes); n >= 0; n = from.read(bytes)) {
                            to.write(bytes, 0, n);
                            to.flush();
                        }
                    } catch (IOException e) {
                        // One end is gone, and with the closing of both the other learns of it.
                    } finally {
                        if (running != null) {
                            running.decrementAndGet();
                        }
                    }
                },
                "guestfwd command");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return output.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return input.write(from);
    }

    @Override
    public void await(boolean read, boolean write) {
        if (outputKey.isValid()) {
            outputKey.interestOps(read ? SelectionKey.OP_READ : 0);
        }
        if (inputKey.isValid()) {
            inputKey.interestOps(write ? SelectionKey.OP_WRITE : 0);
        }
    }

    @Override
    public void onReady(Runnable whom) {
        ready = whom;
    }

    @Override
    public void shutdownOutput() throws IOException {
        input.close();
    }

    /** Its input ends, its output goes nowhere: most commands end then. */
    @Override
    public void close() {
        try {
            input.close();
            output.close();
        } catch (IOException e) {
            // There is nothing else to be done with them.
        }
    }

    @Override
    public void reset() {
        close();
        process.destroy();
    }
}
