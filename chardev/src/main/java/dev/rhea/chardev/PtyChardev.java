package dev.rhea.chardev;

import dev.rhea.host.Descriptor;
import dev.rhea.host.PseudoTerminal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A pseudo terminal: whoever opens {@link #path} is at the other end, one after another. */
public final class PtyChardev extends BackEnd {
    /** How often is looked whether somebody opened it, in milliseconds: the host does not tell by itself. */
    private static final int LOOK_EVERY = 100;

    private final PseudoTerminal terminal;
    private final @Nullable Path link;
    private final OutputQueue queue;
    private final Thread reader;

    private PtyChardev(String label, PseudoTerminal terminal, @Nullable Path link) {
        super(label, false);
        this.terminal = terminal;
        this.link = link;
        queue = new OutputQueue(
                this, (data, offset, length) -> terminal.master().write(data, offset, length));
        reader = thread("input", this::serve);
    }

    /**
     * @param link where a symbolic link to the terminal is made, removed on close; or null
     * @throws ChardevException if the host gives none
     */
    public static PtyChardev open(String label, @Nullable String link) throws ChardevException {
        PseudoTerminal terminal;
        try {
            terminal = PseudoTerminal.open();
        } catch (IOException e) {
            throw new ChardevException("Failed to create PTY: " + HostFiles.reason(e), e);
        }
        if (link == null) {
            return new PtyChardev(label, terminal, null);
        }
        try {
            Path made = Files.createSymbolicLink(Path.of(link), Path.of(terminal.path()));
            return new PtyChardev(label, terminal, made);
        } catch (IOException e) {
            terminal.close();
            String why = e instanceof FileAlreadyExistsException ? "File exists" : HostFiles.reason(e);
            throw new ChardevException("Failed to create PTY symlink: " + why, e);
        }
    }

    /** The other end's name, such as "/dev/pts/3". */
    public String path() {
        return terminal.path();
    }

    @Override
    public String description() {
        return "pty:" + terminal.path();
    }

    private void serve() {
        Descriptor master = terminal.master();
        byte[] buffer = new byte[4096];
        try {
            while (!closed()) {
                if (master.hungUp(0)) {
                    connected(false);
                    if (master.cancelledWithin(LOOK_EVERY)) {
                        return;
                    }
                    continue;
                }
                connected(true);
                int room = awaitRoom();
                if (room == 0) {
                    return;
                }
                int length = master.read(buffer, 0, Math.min(room, buffer.length));
                if (length == Descriptor.CANCELLED) {
                    return;
                }
                if (length > 0) {
                    deliver(buffer, 0, length);
                }
            }
        } catch (InterruptedException | IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
    }

    @Override
    int send(byte[] data, int offset, int length) {
        return connected() ? queue.offer(data, offset, length) : length;
    }

    @Override
    void release() {
        queue.finish(connected() ? 1000 : 0);
        terminal.master().cancel();
        join(reader, 1000);
        queue.join();
        terminal.close();
        if (link != null) {
            try {
                Files.deleteIfExists(link);
            } catch (IOException e) {
                System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
            }
        }
    }
}
