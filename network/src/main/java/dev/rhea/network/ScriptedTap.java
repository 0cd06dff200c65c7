package dev.rhea.network;

import java.io.IOException;
import java.lang.System.Logger;
import org.jspecify.annotations.Nullable;

/** An interface of the host with the user's scripts, which join it to a bridge or give it an address. */
final class ScriptedTap implements Port {
    private static final Logger LOGGER = System.getLogger(ScriptedTap.class.getName());

    private final TapPort port;
    private final @Nullable String downscript;
    private boolean down;

    private ScriptedTap(TapPort port, @Nullable String downscript) {
        this.port = port;
        this.downscript = downscript;
    }

    /**
     * Runs {@code script} with the interface's name.
     *
     * @throws NetdevException if it fails; the interface is gone then
     */
    static ScriptedTap begin(TapPort port, @Nullable String script, @Nullable String downscript)
            throws NetdevException {
        if (script != null) {
            try {
                run(script, port.name());
            } catch (NetdevException e) {
                port.close();
                throw e;
            }
        }
        return new ScriptedTap(port, downscript);
    }

    private static void run(String script, String name) throws NetdevException {
        int status;
        try {
            status = new ProcessBuilder(script, name).inheritIO().start().waitFor();
        } catch (IOException e) {
            status = 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 1;
        }
        if (status != 0) {
            // As wait(2) has it: the exit code in the second byte.
            throw new NetdevException("network script " + script + " failed with status " + (status << 8));
        }
    }

    @Override
    public void send(byte[] frame, int offset, int length) {
        port.send(frame, offset, length);
    }

    @Override
    public void connect(Receiver card) {
        port.connect(card);
    }

    @Override
    public void resume() {
        port.resume();
    }

    @Override
    public void setLink(boolean up) {
        port.setLink(up);
    }

    @Override
    public synchronized void close() {
        if (!down && downscript != null) {
            try {
                run(downscript, port.name());
            } catch (NetdevException e) {
                LOGGER.log(Logger.Level.WARNING, e.getMessage());
            }
        }
        down = true;
        port.close();
    }
}
