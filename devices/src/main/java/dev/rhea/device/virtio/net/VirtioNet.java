package dev.rhea.device.virtio.net;

import dev.rhea.device.virtio.BrokenQueueException;
import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.QueueServer;
import dev.rhea.device.virtio.QueueThread;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.VirtioFeature;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValue;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import dev.rhea.network.Port;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A network card with one pair of queues and a control queue. What the guest sends goes out on a thread of the card; what comes
 * is put into its buffers on the network's thread. No offloads: frames are complete in both directions.
 */
public final class VirtioNet extends VirtioDevice implements Stateful<VirtioNet.State> {
    private static final int ID = 1;
    private static final int CONTROL_QUEUE_SIZE = 64;

    /** @param modes promiscuous, all multicast, all unicast, no multicast, no unicast, no broadcast, too many of each kind */
    @Version(1)
    public record State(
            CoreState core,
            int status,
            long address,
            boolean[] modes,
            List<Long> unicast,
            List<Long> multicast,
            List<Long> vlans) {}

    private final NetOptions options;
    private final Port port;
    private final long permanentAddress;
    private final VirtQueue receive;
    private final VirtQueue transmit;
    private final @Nullable VirtQueue control;
    private final ReceiveQueue receiver;
    private final byte[] frame = new byte[Port.MAX_FRAME];
    private volatile ReceiveFilter filter;
    private volatile boolean linkUp = true;
    private @Nullable QueueServer transmitServer;
    private @Nullable QueueServer controlServer;
    private final Runnable resume = this::resume;
    private @Nullable QueueThread thread;

    /** @param mac 6 bytes */
    public VirtioNet(NetOptions options, byte[] mac, Port port) {
        super("virtio-net-device", ID, options.common(), configSize(options.features()));
        this.options = options;
        this.port = port;
        permanentAddress = ReceiveFilter.address(mac, 0);
        filter = ReceiveFilter.initial(permanentAddress);
        receive = addQueue(options.rxQueueSize());
        transmit = addQueue(options.txQueueSize());
        control = (options.features() & NetControl.VIRTIO_NET_F_CTRL_VQ) != 0 ? addQueue(CONTROL_QUEUE_SIZE) : null;
        receiver = new ReceiveQueue(this, receive);
        config.put(NetControl.MAX_VIRTQUEUE_PAIRS, 2, 1);
        config.put(NetControl.MTU, 2, options.mtu());
        config.put(NetControl.SPEED, 4, options.speed());
        config.put(NetControl.DUPLEX, 1, options.duplex());
        config.put(NetControl.STATUS, 2, NetControl.VIRTIO_NET_S_LINK_UP);
        showAddress();
    }

    /** With the address that it was given where the user gave none. */
    @Override
    public List<PropertyValue> properties() {
        byte[] mac = new byte[6];
        for (int i = 0; i < mac.length; i++) {
            mac[i] = (byte) (permanentAddress >>> 8 * (mac.length - 1 - i));
        }
        String text = HexFormat.ofDelimiter(":").formatHex(mac);
        return super.properties().stream()
                .map(value -> value.name().equals("mac") ? new PropertyValue("mac", PropertyKind.MAC, text) : value)
                .toList();
    }

    /** As long as the fields that its features tell of. */
    private static int configSize(long features) {
        return (features & NetControl.VIRTIO_NET_F_SPEED_DUPLEX) != 0
                ? NetControl.CONFIG_SIZE
                : (features & NetControl.VIRTIO_NET_F_MTU) != 0 ? NetControl.SPEED : NetControl.MAX_VIRTQUEUE_PAIRS;
    }

    private void showAddress() {
        long address = filter.address();
        for (int i = 0; i < 6; i++) {
            config.put(NetControl.MAC + i, 1, address >>> 40 - 8 * i);
        }
    }

    /** Its address now: the driver may have set another. */
    public String macAddress() {
        long address = filter.address();
        StringBuilder text = new StringBuilder();
        for (int i = 40; i >= 0; i -= 8) {
            text.append(String.format(i == 0 ? "%02x" : "%02x:", address >>> i & 0xff));
        }
        return text.toString();
    }

    /** Plugs the cable in or out. With the machine lock held. */
    public void setLink(boolean up) {
        if (up != linkUp) {
            linkUp = up;
            long status = config.get(NetControl.STATUS, 2);
            config.put(NetControl.STATUS, 2, status ^ NetControl.VIRTIO_NET_S_LINK_UP);
            configurationChanged();
        }
    }

    /** Asks the guest to announce itself on its network: it may hang on another switch now. With the machine lock held. */
    public void announce() {
        if (has(NetControl.VIRTIO_NET_F_GUEST_ANNOUNCE) && has(NetControl.VIRTIO_NET_F_CTRL_VQ)) {
            config.put(NetControl.STATUS, 2, config.get(NetControl.STATUS, 2) | NetControl.VIRTIO_NET_S_ANNOUNCE);
            configurationChanged();
        }
    }

    @Override
    protected void plugged() {
        transmitServer = new QueueServer(this, transmit, this::send);
        if (control != null) {
            controlServer = new QueueServer(this, control, new ControlQueue(this));
        }
        thread = new QueueThread("virtio-net", memory().masters(), this::work);
        memory().masters().onRelease(resume);
        port.connect(this::receive);
    }

    /** Lets the network go on that was told to wait. */
    private void resume() {
        if (receiver.takeStarved()) {
            port.resume();
        }
    }

    private void work() {
        if (controlServer != null) {
            controlServer.run();
        }
        if (transmitServer != null) {
            transmitServer.run();
        }
    }

    @Override
    protected long deviceFeatures() {
        return options.features();
    }

    @Override
    protected void notified(VirtQueue queue) {
        if (queue == receive) {
            resume();
        } else if (thread != null) {
            thread.wake();
        }
    }

    int headerSize() {
        return has(VirtioFeature.VERSION_1) || mergesBuffers() ? 12 : 10;
    }

    boolean mergesBuffers() {
        return has(NetControl.VIRTIO_NET_F_MRG_RXBUF);
    }

    ReceiveFilter filter() {
        return filter;
    }

    void setFilter(ReceiveFilter next) {
        filter = next;
    }

    /** The guest has announced itself. @return whether it was asked to. On the queue's thread, without the machine lock */
    boolean announced() {
        // Only this bit changes there and only this way; a link that changes meanwhile is said by another interrupt.
        long status = config.get(NetControl.STATUS, 2);
        config.put(NetControl.STATUS, 2, status & ~NetControl.VIRTIO_NET_S_ANNOUNCE);
        return (status & NetControl.VIRTIO_NET_S_ANNOUNCE) != 0;
    }

    private long send(Chain chain) throws BrokenQueueException {
        int header = headerSize();
        if (chain.readableBytes() < header) {
            throw new BrokenQueueException("virtio-net header not in first element");
        }
        chain.skip(header);
        long length = chain.readableBytes();
        if (length > 0 && length <= Port.MAX_FRAME && linkUp) {
            chain.get(0, frame, 0, (int) length);
            port.send(frame, 0, (int) length);
        }
        return 0;
    }

    private boolean receive(byte[] from, int offset, int length) {
        if (!isRunning() || !linkUp || !filter.accepts(from, offset, length)) {
            return true;
        }
        return receiver.receive(from, offset, length);
    }

    @Override
    protected void driverReady() {
        if (has(NetControl.VIRTIO_NET_F_CTRL_VLAN) && filter.vlans().isEmpty()) {
            filter = filter.withVlanFilter();
        }
    }

    @Override
    protected void configWritten(int offset, long value, int size) {
        // A legacy driver sets its address here, byte by byte.
        if (!has(VirtioFeature.VERSION_1)
                && !has(NetControl.VIRTIO_NET_F_CTRL_MAC_ADDR)
                && offset + size <= NetControl.STATUS) {
            config.put(offset, size, value);
            byte[] mac = new byte[6];
            config.get(NetControl.MAC, mac);
            filter = filter.withAddress(ReceiveFilter.address(mac, 0));
        }
    }

    @Override
    protected long configRead(long offset, int size) {
        showAddress();
        return super.configRead(offset, size);
    }

    @Override
    protected void deviceReset() {
        filter = ReceiveFilter.initial(permanentAddress);
        config.put(NetControl.STATUS, 2, config.get(NetControl.STATUS, 2) & ~NetControl.VIRTIO_NET_S_ANNOUNCE);
        if (receiver.takeStarved()) {
            port.resume();
        }
    }

    @Override
    public void close() {
        port.connect((bytes, offset, length) -> true);
        memory().masters().removeObserver(resume);
        if (thread != null) {
            thread.close();
        }
        if (transmitServer != null) {
            transmitServer.close();
        }
        if (controlServer != null) {
            controlServer.close();
        }
        receiver.close();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        ReceiveFilter f = filter;
        boolean[] modes = new boolean[ReceiveFilter.MODES];
        for (int i = 0; i < modes.length; i++) {
            modes[i] = (f.modes() >>> i & 1) != 0;
        }
        return new State(
                saveCore(),
                (int) config.get(NetControl.STATUS, 2),
                f.address(),
                modes,
                f.unicast(),
                f.multicast(),
                f.vlans());
    }

    @Override
    public void loadState(State state) throws BadStateException {
        checkCore(state.core());
        if (state.modes().length != ReceiveFilter.MODES) {
            throw new BadStateException("virtio-net: there are 8 modes of reception, not " + state.modes().length);
        }
        int modes = 0;
        for (int i = 0; i < ReceiveFilter.MODES; i++) {
            modes |= state.modes()[i] ? 1 << i : 0;
        }
        ReceiveFilter loaded = new ReceiveFilter(
                state.address(),
                modes,
                List.copyOf(state.unicast()),
                List.copyOf(state.multicast()),
                List.copyOf(state.vlans()));
        if (!loaded.isSane()) {
            throw new BadStateException("virtio-net: the filter makes no sense");
        }
        filter = loaded;
        config.put(
                NetControl.STATUS,
                2,
                state.status() & NetControl.VIRTIO_NET_S_ANNOUNCE | (linkUp ? NetControl.VIRTIO_NET_S_LINK_UP : 0));
        loadCore(state.core());
    }
}
