package dev.rhea.network.user.tftp;

import static dev.rhea.network.wire.BigEndian.put16;
import static dev.rhea.network.wire.BigEndian.u16;

import dev.rhea.network.IpAddress;
import dev.rhea.network.user.ip.Addresses;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.udp.Udp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * TFTP, RFC 1350: reading of files below one folder, in octet mode, with the options {@code blksize} (RFC 2348) and
 * {@code tsize} (RFC 2349). Whoever loses a packet asks again; we only answer.
 */
public final class TftpServer implements Udp.Service {
    /** The server's port, from which, as with the reference, the answers come too. */
    public static final int PORT = 69;

    private static final int TRANSFERS = 20;
    private static final int RRQ = 1;
    private static final int WRQ = 2;
    private static final int DATA = 3;
    private static final int ACK = 4;
    private static final int ERROR = 5;
    private static final int OACK = 6;

    private static final int FILE_NOT_FOUND = 1;
    private static final int ACCESS_VIOLATION = 2;
    private static final int ILLEGAL_OPERATION = 4;

    private static final int BLOCK = 512;
    private static final int SMALLEST_BLOCK = 8;
    /** What fits into one frame, with room for tunnels: as the reference has it. */
    private static final int LARGEST_BLOCK = 1428;

    private record Client(IpAddress address, int port) {}

    private final Udp udp;
    private final Addresses addresses;
    private final @Nullable Path folder;
    private final LinkedHashMap<Client, Transfer> transfers = new LinkedHashMap<>(16, 0.75f, true);

    /** @param folder what may be read, and what is below; null for nothing, so that boot loaders need not wait for an answer */
    public TftpServer(Udp udp, Addresses addresses, @Nullable Path folder) {
        this.udp = udp;
        this.addresses = addresses;
        this.folder = folder;
    }

    @Override
    public boolean datagram(IpPacket packet, int sourcePort, int destinationPort, int at, int length) {
        if (!addresses.isHost(packet.destination)) {
            return false;
        }
        if (length < 4) {
            return true;
        }
        Reply reply = new Reply(packet.destination, new Client(packet.source, sourcePort));
        switch (u16(packet.data, at)) {
            case RRQ -> read(reply, packet.data, at + 2, at + length);
            case WRQ -> reply.error(ACCESS_VIOLATION, "Access violation");
            case ACK -> acknowledged(reply, u16(packet.data, at + 2));
            case ERROR -> end(reply.client);
            default -> {}
        }
        return true;
    }

    private void read(Reply reply, byte[] data, int at, int end) {
        List<String> words = strings(data, at, end);
        if (words.size() < 2) {
            return;
        }
        end(reply.client);
        if (!words.get(1).equalsIgnoreCase("octet")) {
            reply.error(ILLEGAL_OPERATION, "Unsupported transfer mode");
            return;
        }
        Path file = find(words.getFirst());
        if (file == null) {
            reply.error(ACCESS_VIOLATION, "Access violation");
            return;
        }
        Transfer transfer;
        try {
            transfer = new Transfer(file);
        } catch (IOException e) {
            reply.error(FILE_NOT_FOUND, "File not found");
            return;
        }
        if (transfers.size() >= TRANSFERS) {
            transfers.pollFirstEntry().getValue().close();
        }
        transfers.put(reply.client, transfer);
        byte[] accepted = options(transfer, words);
        if (accepted.length > 0) {
            reply.send(OACK, accepted);
        } else {
            block(reply, transfer, 1);
        }
    }

    /** The options of the request that we know, and what they come to. */
    private static byte[] options(Transfer transfer, List<String> words) {
        ByteArrayOutputStream accepted = new ByteArrayOutputStream();
        for (int i = 2; i + 1 < words.size(); i += 2) {
            String name = words.get(i).toLowerCase(Locale.ROOT);
            String value = words.get(i + 1);
            if (!value.matches("[0-9]{1,9}")) {
                continue;
            }
            if (name.equals("blksize") && Integer.parseInt(value) >= SMALLEST_BLOCK) {
                transfer.block = Math.min(LARGEST_BLOCK, Integer.parseInt(value));
                accept(accepted, name, transfer.block);
            } else if (name.equals("tsize")) {
                accept(accepted, name, transfer.size());
            }
        }
        return accepted.toByteArray();
    }

    private static void accept(ByteArrayOutputStream out, String name, long value) {
        out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
        out.write(0);
        out.writeBytes(Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        out.write(0);
    }

    private static List<String> strings(byte[] data, int at, int end) {
        List<String> strings = new ArrayList<>();
        int from = at;
        for (int i = at; i < end && strings.size() < 16; i++) {
            if (data[i] == 0) {
                strings.add(new String(data, from, i - from, StandardCharsets.UTF_8));
                from = i + 1;
            }
        }
        return strings;
    }

    /** The file of that name, or null if it is, or links to, something outside the folder. One that does not exist is returned. */
    private @Nullable Path find(String name) {
        if (folder == null) {
            return null;
        }
        try {
            String relative = name.replaceFirst("^/+", "");
            Path root = folder.toRealPath();
            Path file = root.resolve(relative).normalize();
            if (relative.isEmpty() || !file.startsWith(root)) {
                return null;
            }
            return Files.exists(file) && !file.toRealPath().startsWith(root) ? null : file;
        } catch (InvalidPathException e) {
            return null;
        } catch (IOException e) {
            return folder.resolve("nothing is here");
        }
    }

    private void acknowledged(Reply reply, int number) {
        Transfer transfer = transfers.get(reply.client);
        if (transfer == null) {
            return;
        }
        long block = transfer.acknowledged(number);
        if (block == Transfer.DONE) {
            end(reply.client);
        } else if (block != Transfer.NONE) {
            block(reply, transfer, block);
        }
    }

    private void block(Reply reply, Transfer transfer, long block) {
        try {
            byte[] content = transfer.read(block);
            byte[] message = new byte[2 + content.length];
            put16(message, 0, (int) block);
            System.arraycopy(content, 0, message, 2, content.length);
            reply.send(DATA, message);
        } catch (IOException e) {
            reply.error(FILE_NOT_FOUND, "File not found");
            end(reply.client);
        }
    }

    private void end(Client client) {
        Transfer transfer = transfers.remove(client);
        if (transfer != null) {
            transfer.close();
        }
    }

    /** Ends all transfers. */
    public void close() {
        transfers.values().forEach(Transfer::close);
        transfers.clear();
    }

    private final class Reply {
        private final IpAddress server;
        final Client client;

        Reply(IpAddress server, Client client) {
            this.server = server;
            this.client = client;
        }

        void send(int operation, byte[] rest) {
            byte[] message = new byte[2 + rest.length];
            put16(message, 0, operation);
            System.arraycopy(rest, 0, message, 2, rest.length);
            udp.send(server, PORT, client.address, client.port, message);
        }

        void error(int code, String text) {
            byte[] words = text.getBytes(StandardCharsets.US_ASCII);
            byte[] message = new byte[2 + words.length + 1];
            put16(message, 0, code);
            System.arraycopy(words, 0, message, 2, words.length);
            send(ERROR, message);
        }
    }

    /** One file on its way. */
    private static final class Transfer {
        static final long NONE = -1;
        static final long DONE = -2;

        private final FileChannel file;
        private final long size;
        int block = BLOCK;
        /** The block that was sent last; 0 if only options were. Counts on where the protocol's 16 bits begin anew. */
        private long current;

        Transfer(Path path) throws IOException {
            if (!Files.isRegularFile(path)) {
                throw new IOException("no file: " + path);
            }
            file = FileChannel.open(path);
            size = file.size();
        }

        long size() {
            return size;
        }

        /** Which block is to be sent now; {@link #DONE} if that was the last one, {@link #NONE} if the number means nothing. */
        long acknowledged(int number) {
            if ((current & 0xffff) != number) {
                // The one before: what was sent last was lost, and whoever waits for it repeats himself.
                return current > 0 && (current - 1 & 0xffff) == number ? current : NONE;
            }
            return current > 0 && current * block > size ? DONE : current + 1;
        }

        byte[] read(long number) throws IOException {
            current = number;
            long from = (number - 1) * block;
            ByteBuffer content = ByteBuffer.allocate((int) Math.max(0, Math.min(block, size - from)));
            while (content.hasRemaining()) {
                if (file.read(content, from + content.position()) < 0) {
                    throw new IOException("the file has become shorter");
                }
            }
            return content.array();
        }

        void close() {
            try {
                file.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }
}
