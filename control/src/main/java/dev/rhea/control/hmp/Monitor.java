package dev.rhea.control.hmp;

import dev.rhea.board.Machine;
import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevEvent;
import dev.rhea.chardev.FrontEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A monitor on a character back end. Lines are edited here, since the other end gives each key as it is pressed. Commands run on a
 * thread of the monitor's own: they may wait for processors that wait for a back end.
 */
public final class Monitor implements FrontEnd, AutoCloseable {
    /** What {@code info version} says. */
    static final String VERSION = "9.0.0 (Rhea 0.1.0)";

    private static final String PROMPT = "(qemu) ";
    private static final int ROOM = 4096;

    private final Future<Machine> machine;
    private final Chardev chardev;
    private final LineEditor editor = new LineEditor(PROMPT, this::print);
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread thread;
    /** Guarded by this, as all below: whether there is a user. */
    private boolean opened;

    /** Until then keys wait in the back end: what they ask for is asked of the machine. */
    private boolean built;

    private boolean greeted;

    /** Whether a command is under way. */
    private boolean busy;

    /** Typed, and not looked at yet. */
    private final ArrayDeque<Byte> keys = new ArrayDeque<>();

    /** Begins to listen; commands wait for the machine. */
    public Monitor(Future<Machine> machine, Chardev chardev) {
        this.machine = machine;
        this.chardev = chardev;
        thread = new Thread(this::work, "rhea-monitor");
        thread.setDaemon(true);
        thread.start();
        chardev.attach(this);
    }

    private void print(String text) {
        byte[] bytes = text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        int done = 0;
        for (int i = 0; done < bytes.length && i < 1000; i++) {
            done += chardev.write(bytes, done, bytes.length - done);
        }
    }

    @Override
    public synchronized int room() {
        return built && !busy ? ROOM - keys.size() : 0;
    }

    @Override
    public synchronized void receive(byte[] data, int offset, int length) {
        for (int i = 0; i < length; i++) {
            keys.add(data[offset + i]);
        }
        edit();
    }

    /** Takes keys up to the end of a line; further ones wait until what it says is done. */
    private void edit() {
        while (built && !busy && !keys.isEmpty()) {
            String line = editor.key(keys.remove() & 255);
            if (line != null) {
                busy = true;
                lines.add(line);
            }
        }
    }

    @Override
    public synchronized void event(ChardevEvent event) {
        switch (event) {
            case OPENED -> opened = true;
            case MUX_IN -> {}
            default -> {
                return;
            }
        }
        greet();
    }

    /**
     * Shows the prompt to a user whose keys come here. Not before there is a machine: of several front ends on a terminal each
     * has the keys for a moment when it is attached, and all are once the machine is built.
     */
    private void greet() {
        if (!opened || !built || !chardev.hasKeys()) {
            return;
        }
        if (!greeted) {
            greeted = true;
            print("QEMU 9.0.0 monitor - type 'help' for more information\n");
        }
        editor.show();
    }

    private void work() {
        try {
            Session session = new Session(machine.get());
            synchronized (this) {
                built = true;
                greet();
            }
            chardev.acceptInput();
            for (; ; ) {
                String line = lines.take();
                Commands.run(session, line);
                print(session.takeOutput());
                if (session.hasEnded()) {
                    continue; // the machine's end ends us
                }
                synchronized (this) {
                    busy = false;
                    if (chardev.hasKeys()) {
                        editor.show();
                    }
                    edit();
                }
                chardev.acceptInput();
            }
        } catch (InterruptedException | ExecutionException e) {
            // Closed, or there is no machine.
        }
    }

    /** Stops listening; the back end stays. */
    @Override
    public void close() {
        chardev.detach();
        thread.interrupt();
    }
}
