package dev.rhea.network;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;

/**
 * A port around a port that writes down what passes, in both directions, as the classic pcap format of tcpdump has it (link
 * type Ethernet, microseconds).
 */
public final class Capture implements Port {
    private static final Logger LOGGER = System.getLogger(Capture.class.getName());
    private static final int MAGIC = 0xa1b2c3d4;
    private static final int HEADER = 24;
    private static final int RECORD_HEADER = 16;
    private static final int LINKTYPE_ETHERNET = 1;

    /** How much of each frame the reference writes if nothing else is said. */
    public static final int DEFAULT_LENGTH = 65536;

    private final Port port;
    private final FileChannel file;
    private final int maxLength;
    private final Clock clock;
    private final ByteBuffer record;
    private boolean broken;

    private Capture(Port port, FileChannel file, int maxLength, Clock clock) {
        this.port = port;
        this.file = file;
        this.maxLength = maxLength;
        this.clock = clock;
        record = ByteBuffer.allocate(RECORD_HEADER + Math.min(maxLength, MAX_FRAME))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Begins to write, into a new file.
     *
     * @param maxLength how many bytes of each frame, at least 1
     * @param clock whose time the frames get
     * @throws NetdevException if the file cannot be made
     */
    public static Capture of(Port port, Path path, int maxLength, Clock clock) throws NetdevException {
        if (maxLength < 1) {
            throw new NetdevException("Property 'filter-dump.maxlen' doesn't take value '" + maxLength + "'");
        }
        try {
            FileChannel file = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(MAGIC)
                    .putShort((short) 2)
                    .putShort((short) 4)
                    .putInt(0)
                    .putInt(0);
            header.putInt(maxLength).putInt(LINKTYPE_ETHERNET).flip();
            file.write(header);
            return new Capture(port, file, maxLength, clock);
        } catch (NoSuchFileException e) {
            throw new NetdevException("net dump: can't open " + path + ": No such file or directory", e);
        } catch (AccessDeniedException e) {
            throw new NetdevException("net dump: can't open " + path + ": Permission denied", e);
        } catch (IOException e) {
            throw new NetdevException("net dump: can't open " + path + ": " + e.getMessage(), e);
        }
    }

    private synchronized void write(byte[] frame, int offset, int length) {
        if (broken || length > MAX_FRAME) {
            return;
        }
        Instant now = clock.instant();
        int kept = Math.min(length, maxLength);
        record.clear();
        record.putInt((int) now.getEpochSecond()).putInt(now.getNano() / 1000);
        record.putInt(kept).putInt(length).put(frame, offset, kept).flip();
        try {
            while (record.hasRemaining()) {
                file.write(record);
            }
        } catch (IOException e) {
            broken = true;
            LOGGER.log(Logger.Level.WARNING, "network capture ends: " + e.getMessage());
        }
    }

    @Override
    public void send(byte[] frame, int offset, int length) {
        write(frame, offset, length);
        port.send(frame, offset, length);
    }

    @Override
    public void connect(Receiver card) {
        port.connect((frame, offset, length) -> {
            boolean taken = card.receive(frame, offset, length);
            if (taken) {
                write(frame, offset, length);
            }
            return taken;
        });
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
    public void close() {
        port.close();
        synchronized (this) {
            broken = true;
            try {
                file.close();
            } catch (IOException e) {
                LOGGER.log(Logger.Level.WARNING, "network capture: " + e.getMessage());
            }
        }
    }
}
