package dev.rhea.device.virtio.ninep;

import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.QueueServer;
import dev.rhea.device.virtio.QueueThread;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.host.HostException;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder of the host that the guest mounts: {@code mount -t 9p -o trans=virtio TAG /mnt}. */
public final class VirtioNineP extends VirtioDevice implements Stateful<VirtioNineP.State> {
    public static final List<Property> PROPERTIES = Stream.concat(
                    CommonOptions.PROPERTIES.stream(),
                    Stream.of(
                            Property.of("fsdev", PropertyKind.STRING, null, ""),
                            Property.of("mount_tag", PropertyKind.STRING, null, "")))
            .sorted(Comparator.comparing(Property::name))
            .toList();

    private static final int ID = 9;
    private static final int QUEUE_SIZE = 128;
    private static final long VIRTIO_9P_MOUNT_TAG = 1;
    private static final int TAG_MAX = 32;
    private static final int TAG = 2;

    /** @param openFlags -1 if it is not open */
    public record FidState(int number, String path, int user, int openFlags) {}

    /** @param messageSize what client and server agreed on; 0 without a session */
    @Version(1)
    public record State(CoreState core, int messageSize, List<FidState> fids) {}

    private final SharedFolder folder;
    private final NinePServer files;
    private boolean closed;
    private @Nullable QueueServer server;
    private @Nullable QueueThread thread;

    /**
     * Makes the device.
     *
     * @param tag what the guest finds it by: 1 to 31 bytes
     * @param folder closed with the device
     */
    public VirtioNineP(CommonOptions options, String tag, SharedFolder folder) throws BadDeviceException {
        super("virtio-9p-device", ID, options, TAG + checked(tag).length);
        this.folder = folder;
        files = new NinePServer(folder);
        byte[] bytes = checked(tag);
        config.put(0, 2, bytes.length);
        config.put(TAG, bytes);
        addQueue(QUEUE_SIZE);
    }

    private static byte[] checked(String tag) throws BadDeviceException {
        byte[] bytes = tag.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > TAG_MAX - 1) {
            throw new BadDeviceException("mount tag '" + tag + "' (" + bytes.length + " bytes) is longer than maximum ("
                    + (TAG_MAX - 1) + " bytes)");
        }
        return bytes;
    }

    @Override
    protected void plugged() {
        server = new QueueServer(this, queues().getFirst(), files);
        thread = new QueueThread("virtio-9p", memory().masters(), server);
    }

    @Override
    protected long deviceFeatures() {
        return VIRTIO_9P_MOUNT_TAG;
    }

    @Override
    protected void notified(VirtQueue queue) {
        if (thread != null) {
            thread.wake();
        }
    }

    @Override
    protected void deviceReset() {
        VirtQueue queue = queues().getFirst();
        queue.lock.lock();
        files.reset();
        queue.lock.unlock();
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
        if (server != null) {
            server.close();
        }
        if (!closed) {
            closed = true;
            files.close();
            folder.close();
        }
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        VirtQueue queue = queues().getFirst();
        queue.lock.lock();
        try {
            List<FidState> fids = new ArrayList<>();
            for (Map.Entry<Integer, Fid> entry : files.fids.all().entrySet()) {
                Fid fid = entry.getValue();
                if (fid.attribute == null) {
                    fids.add(new FidState(entry.getKey(), fid.path, fid.user, fid.openFlags));
                }
            }
            return new State(saveCore(), files.msize(), fids);
        } finally {
            queue.lock.unlock();
        }
    }

    @Override
    public void loadState(State state) throws BadStateException {
        checkCore(state.core());
        if (state.messageSize() < 0 || state.messageSize() > NineP.MAX_MSIZE) {
            throw new BadStateException("virtio-9p: messages of " + state.messageSize() + " bytes");
        }
        VirtQueue queue = queues().getFirst();
        queue.lock.lock();
        try {
            files.restore(state.messageSize());
            for (FidState saved : state.fids()) {
                restore(saved);
            }
        } catch (NinePException e) {
            files.reset();
            throw new BadStateException("virtio-9p: the saved files make no sense");
        } finally {
            queue.lock.unlock();
        }
        loadCore(state.core());
    }

    private void restore(FidState saved) throws NinePException {
        Fid fid = new Fid(saved.path(), saved.user());
        files.fids.add(saved.number(), fid);
        if (saved.openFlags() != -1) {
            try {
                fid.file = folder.open(saved.path(), saved.openFlags());
                fid.openFlags = saved.openFlags();
            } catch (HostException e) {
                // The file is gone: the guest gets errors when it goes on.
                fid.openFlags = -1;
            }
        }
    }
}
