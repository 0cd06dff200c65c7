package dev.rhea.device.virtio.ninep;

import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.DriverQueue;
import dev.rhea.device.virtio.DriverQueue.Buffer;
import dev.rhea.device.virtio.VirtioGuest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A 9P client over a virtqueue, with the messages as plain fields. */
final class NinePClient implements AutoCloseable {
    /** A message's fields: Integers are 4 bytes, Shorts 2, Bytes 1, Longs 8, Strings counted, byte[] as they are. */
    static byte[] message(int type, Object... fields) {
        var body = new ByteArrayOutputStream();
        for (Object field : fields) {
            switch (field) {
                case Byte b -> body.write(b);
                case Short s -> put(body, s, 2);
                case Integer i -> put(body, i, 4);
                case Long l -> put(body, l, 8);
                case String s -> {
                    byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
                    put(body, bytes.length, 2);
                    body.writeBytes(bytes);
                }
                case byte[] bytes -> body.writeBytes(bytes);
                default -> throw new AssertionError(field);
            }
        }
        var all = new ByteArrayOutputStream();
        put(all, body.size() + 7, 4);
        all.write(type);
        put(all, 1, 2);
        all.writeBytes(body.toByteArray());
        return all.toByteArray();
    }

    private static void put(ByteArrayOutputStream to, long value, int size) {
        for (int i = 0; i < size; i++) {
            to.write((int) (value >>> 8 * i));
        }
    }

    /** The server said no. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        final int errno;

        Refused(int errno) {
            super("errno " + errno);
            this.errno = errno;
        }
    }

    final VirtioGuest guest = new VirtioGuest(false);
    final VirtioNineP device;
    private final DriverQueue queue;
    private final long request = guest.allocate(1 << 17, 4096);
    private final long response = guest.allocate(1 << 17, 4096);

    NinePClient(Path folder, SecurityModel model, boolean readOnly) throws Exception {
        device = new VirtioNineP(CommonOptions.DEFAULT, "tag", SharedFolder.open(folder.toString(), model, readOnly));
        guest.plug(device);
        guest.negotiate(guest.offered());
        queue = guest.queue(0, 16, guest.offered());
        guest.driverOk();
    }

    /** Starts a session with fid 0 at the folder. */
    NinePClient attach() throws Refused {
        call(NineP.TVERSION, 65536, "9P2000.L");
        call(NineP.TATTACH, 0, -1, "root", "", 0);
        return this;
    }

    /** @return the reply behind its header */
    ByteBuffer call(int type, Object... fields) throws Refused {
        byte[] bytes = message(type, fields);
        dev.rhea.host.RawMemory.copyIn(bytes, 0, guest.host(request), bytes.length);
        long length = queue.run(Buffer.out(request, bytes.length), Buffer.in(response, 1 << 17));
        ByteBuffer reply = ByteBuffer.wrap(guest.get(response, (int) length)).order(ByteOrder.LITTLE_ENDIAN);
        if (reply.getInt() != length) {
            throw new AssertionError("the reply says another length than the queue");
        }
        int answer = reply.get();
        reply.getShort();
        if (answer == NineP.RLERROR) {
            throw new Refused(reply.getInt());
        }
        if (answer != type + 1) {
            throw new AssertionError("reply " + answer + " to " + type);
        }
        return reply;
    }

    ByteBuffer walk(int from, int to, String... names) throws Refused {
        List<Object> fields = new ArrayList<>(List.of(from, to, (short) names.length));
        fields.addAll(List.of(names));
        return call(NineP.TWALK, fields.toArray());
    }

    String read(int fid, long offset, int count) throws Refused {
        ByteBuffer reply = call(NineP.TREAD, fid, offset, count);
        byte[] data = new byte[reply.getInt()];
        reply.get(data);
        return new String(data, StandardCharsets.UTF_8);
    }

    int write(int fid, long offset, String text) throws Refused {
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        return call(NineP.TWRITE, fid, offset, data.length, data).getInt();
    }

    /** Names in a folder that is open. */
    List<String> list(int fid, int count) throws Refused {
        List<String> names = new ArrayList<>();
        long position = 0;
        while (true) {
            ByteBuffer reply = call(NineP.TREADDIR, fid, position, count);
            if (reply.getInt() == 0) {
                return names;
            }
            while (reply.hasRemaining()) {
                reply.position(reply.position() + NineP.QID_SIZE);
                position = reply.getLong();
                reply.get();
                byte[] name = new byte[reply.getShort()];
                reply.get(name);
                names.add(new String(name, StandardCharsets.UTF_8));
            }
        }
    }

    @Override
    public void close() {
        guest.close();
    }
}
