package dev.rhea.network.user.ip;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.EventLoop;
import java.util.Arrays;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Fragments put together (RFC 791 section 3.2, RFC 8200 section 4.5). Few packets at a time, the oldest given up for a new one;
 * fragments that overlap end their packet (RFC 5722).
 */
final class Fragments {
    private static final int PACKETS = 16;
    private static final int LARGEST = 65535;
    /** A fragment carries at least eight bytes, but nobody sane cuts a packet into more than this. */
    private static final int PIECES = 256;

    private static final long LIFETIME = 30_000_000_000L;

    /** A packet put together: the first fragment's header, then the payload from {@code payload} on. */
    record Whole(byte[] data, int payload) {}

    private record Key(IpAddress source, IpAddress destination, int protocol, int id) {}

    private static final class Partial {
        final long deadline;
        byte[] header = {};
        boolean first;
        byte[] bytes = new byte[4096];
        int received;
        int total = -1;
        final int[] from = new int[PIECES];
        final int[] to = new int[PIECES];
        int pieces;

        Partial(long deadline) {
            this.deadline = deadline;
        }
    }

    private final EventLoop loop;
    private final LinkedHashMap<Key, Partial> partials = new LinkedHashMap<>();

    Fragments(EventLoop loop) {
        this.loop = loop;
    }

    /** One more fragment of {@code packet}; the packet if it was the last that was missing. */
    @Nullable
    Whole add(IpPacket packet, int id, byte[] data, int header, int payload, int end, int offset, boolean more) {
        int length = end - payload;
        Key key = new Key(packet.source, packet.destination, packet.protocol, id);
        if (offset + length > LARGEST || more && (length == 0 || length % 8 != 0)) {
            partials.remove(key);
            return null;
        }
        Partial partial = partials.get(key);
        if (partial == null || partial.deadline < loop.now()) {
            partials.remove(key);
            if (partials.size() >= PACKETS) {
                partials.pollFirstEntry();
            }
            partial = new Partial(loop.now() + LIFETIME);
            partials.put(key, partial);
        }
        if (!place(partial, data, payload, length, offset) || !more && !end(partial, offset + length)) {
            partials.remove(key);
            return null;
        }
        if (offset == 0) {
            partial.header = Arrays.copyOfRange(data, header, payload);
            partial.first = true;
        }
        if (!partial.first || partial.received != partial.total) {
            return null;
        }
        partials.remove(key);
        byte[] whole = Arrays.copyOf(partial.header, partial.header.length + partial.total);
        System.arraycopy(partial.bytes, 0, whole, partial.header.length, partial.total);
        return new Whole(whole, partial.header.length);
    }

    private static boolean end(Partial partial, int total) {
        if (partial.total >= 0 && partial.total != total) {
            return false;
        }
        partial.total = total;
        return partial.received <= total;
    }

    private static boolean place(Partial partial, byte[] data, int payload, int length, int offset) {
        for (int i = 0; i < partial.pieces; i++) {
            if (partial.from[i] == offset && partial.to[i] == offset + length) {
                return true; // the same again
            }
            if (offset < partial.to[i] && partial.from[i] < offset + length) {
                return false;
            }
        }
        if (partial.pieces == PIECES || partial.total >= 0 && offset + length > partial.total) {
            return false;
        }
        if (offset + length > partial.bytes.length) {
            int size = Math.min(LARGEST, Math.max(offset + length, 2 * partial.bytes.length));
            partial.bytes = Arrays.copyOf(partial.bytes, size);
        }
        System.arraycopy(data, payload, partial.bytes, offset, length);
        partial.from[partial.pieces] = offset;
        partial.to[partial.pieces++] = offset + length;
        partial.received += length;
        return true;
    }
}
