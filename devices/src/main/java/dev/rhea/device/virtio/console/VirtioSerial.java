package dev.rhea.device.virtio.console;

import dev.rhea.chardev.Chardev;
import dev.rhea.device.virtio.BrokenQueueException;
import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.QueueServer;
import dev.rhea.device.virtio.QueueThread;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code virtio-serial-device}: a bus of consoles and ports. Ports are told of by messages on a control queue, which wait here
 * while the driver has no buffer for them.
 */
public final class VirtioSerial extends VirtioDevice implements Stateful<VirtioSerial.State> {
    public static final List<Property> PROPERTIES = Stream.concat(
                    CommonOptions.PROPERTIES.stream(),
                    Stream.of(
                            Property.of("emergency-write", PropertyKind.BOOL, "true", "on/off"),
                            Property.of("max_ports", PropertyKind.UINT32, "31", "")))
            .sorted(Comparator.comparing(Property::name))
            .toList();

    private static final int ID = 3;
    private static final int QUEUE_SIZE = 128;
    private static final int CONTROL_QUEUE_SIZE = 32;
    private static final int MAX_PORTS = 511;
    private static final int CONTROL_RECEIVE = 2;
    private static final int CONTROL_TRANSMIT = 3;
    /** Messages that wait are answers to the driver's: one that sends without ever receiving loses some. */
    private static final int MOST_WAITING = 4096;

    /**
     * What is saved.
     *
     * @param connected the numbers of the ports that the guest has open
     * @param sent for each port number, how much of the request it is at went out already
     * @param waiting control messages for the driver
     */
    @Version(1)
    public record State(CoreState core, List<Integer> connected, long[] sent, List<byte[]> waiting) {}

    private final boolean emergencyWrite;
    private final int maxPorts;
    private final @Nullable ConsolePort[] ports;
    /** Control messages that the driver has had no buffer for. Guarded by the control receive queue's lock. */
    private final Queue<byte[]> waiting = new ArrayDeque<>();

    private final byte[] message = new byte[ConsoleControl.MESSAGE_SIZE];
    private @Nullable Chain controlChain;
    private @Nullable QueueServer controlServer;
    private @Nullable QueueThread thread;
    private boolean plugged;

    public VirtioSerial(PropertyValues values) throws BadDeviceException {
        this(CommonOptions.of(values), values.bool("emergency-write"), (int) values.number("max_ports"));
    }

    /** @param maxPorts 1 to 511 */
    public VirtioSerial(CommonOptions options, boolean emergencyWrite, int maxPorts) throws BadDeviceException {
        super(
                "virtio-serial-device",
                ID,
                options,
                emergencyWrite ? ConsoleControl.CONFIG_SIZE : ConsoleControl.EMERG_WR);
        if (maxPorts <= 0 || maxPorts > MAX_PORTS) {
            throw new BadDeviceException("invalid max_ports: " + maxPorts + ", must be between 1 and " + MAX_PORTS);
        }
        this.emergencyWrite = emergencyWrite;
        this.maxPorts = maxPorts;
        ports = new ConsolePort[maxPorts];
        for (int i = 0; i < 2 * (maxPorts + 1); i++) {
            addQueue(i == CONTROL_RECEIVE || i == CONTROL_TRANSMIT ? CONTROL_QUEUE_SIZE : QUEUE_SIZE);
        }
        config.put(ConsoleControl.MAX_NR_PORTS, 4, maxPorts);
    }

    /**
     * Adds a port.
     *
     * @param chardev what is behind it, without a front end yet; null for none
     * @return its number
     */
    public int addPort(PortOptions options, @Nullable Chardev chardev) throws BadDeviceException {
        int number;
        if (options.number() == PortOptions.AUTO) {
            // Port 0 is for consoles: drivers that know one port take it for one.
            number = options.console() ? 0 : 1;
            while (number < maxPorts && ports[number] != null) {
                number++;
            }
            if (number == maxPorts) {
                throw new BadDeviceException("virtio-serial-bus: Maximum port limit for this device reached");
            }
        } else {
            number = (int) Math.min(options.number(), Integer.MAX_VALUE);
            if (number >= maxPorts) {
                throw new BadDeviceException(
                        "virtio-serial-bus: Out-of-range port id specified, max. allowed: " + (maxPorts - 1));
            }
            if (ports[number] != null) {
                throw new BadDeviceException("virtio-serial-bus: A port already exists at id " + number);
            }
            if (number == 0 && !options.console()) {
                throw new BadDeviceException(
                        "Port number 0 on virtio-serial devices reserved for virtconsole devices for backward"
                                + " compatibility.");
            }
        }
        int first = number == 0 ? 0 : 2 * number + 2;
        ConsolePort port =
                new ConsolePort(this, number, options, chardev, queues().get(first), queues().get(first + 1));
        ports[number] = port;
        if (plugged) {
            port.plugged();
            send(number, ConsoleControl.VIRTIO_CONSOLE_PORT_ADD, 1, "");
        }
        return number;
    }

    @Override
    protected void plugged() {
        plugged = true;
        controlChain = new Chain(memory());
        controlServer = new QueueServer(this, queues().get(CONTROL_TRANSMIT), this::control);
        thread = new QueueThread("virtio-serial", memory().masters(), this::work);
        each(ConsolePort::plugged);
    }

    private void each(java.util.function.Consumer<ConsolePort> action) {
        for (ConsolePort port : ports) {
            if (port != null) {
                action.accept(port);
            }
        }
    }

    @Override
    protected long deviceFeatures() {
        return (maxPorts > 1 ? ConsoleControl.VIRTIO_CONSOLE_F_MULTIPORT : 0)
                | (emergencyWrite ? ConsoleControl.VIRTIO_CONSOLE_F_EMERG_WRITE : 0);
    }

    private boolean isMultiport() {
        return has(ConsoleControl.VIRTIO_CONSOLE_F_MULTIPORT);
    }

    /** Whether the guest takes a port's input. */
    boolean isOpen(ConsolePort port) {
        return isRunning() && (!isMultiport() || port.isGuestConnected());
    }

    @Override
    protected void notified(VirtQueue queue) {
        int index = queue.index();
        if (index == CONTROL_RECEIVE || index == CONTROL_TRANSMIT) {
            if (thread != null) {
                thread.wake();
            }
            return;
        }
        ConsolePort port = ports[index < 2 ? 0 : index / 2 - 1];
        if (port != null) {
            port.notified(queue);
        }
    }

    /** Someone came to a port's other end, or went. Any thread. */
    void hostEndChanged(ConsolePort port) {
        send(port.number(), ConsoleControl.VIRTIO_CONSOLE_PORT_OPEN, port.isHostConnected() ? 1 : 0, "");
    }

    // ---- control messages

    private void work() {
        if (controlServer != null) {
            controlServer.run();
        }
        deliver();
    }

    private long control(Chain request) {
        if (request.take(message, 0, message.length) < message.length) {
            return 0;
        }
        int number = message[0] & 0xff | (message[1] & 0xff) << 8 | (message[2] & 0xff) << 16 | message[3] << 24;
        int event = message[4] & 0xff | (message[5] & 0xff) << 8;
        boolean value = (message[6] | message[7]) != 0;
        if (event == ConsoleControl.VIRTIO_CONSOLE_DEVICE_READY) {
            if (value) {
                each(port -> send(port.number(), ConsoleControl.VIRTIO_CONSOLE_PORT_ADD, 1, ""));
            }
            return 0;
        }
        ConsolePort port = number >= 0 && number < maxPorts ? ports[number] : null;
        if (port == null) {
            return 0;
        }
        if (event == ConsoleControl.VIRTIO_CONSOLE_PORT_READY && value) {
            if (port.options().console()) {
                send(number, ConsoleControl.VIRTIO_CONSOLE_CONSOLE_PORT, 1, "");
            }
            if (!port.options().name().isEmpty()) {
                send(
                        number,
                        ConsoleControl.VIRTIO_CONSOLE_PORT_NAME,
                        1,
                        port.options().name());
            }
            if (port.isHostConnected()) {
                send(number, ConsoleControl.VIRTIO_CONSOLE_PORT_OPEN, 1, "");
            }
        } else if (event == ConsoleControl.VIRTIO_CONSOLE_PORT_OPEN) {
            port.setGuestConnected(value);
        }
        return 0;
    }

    private void send(int number, int event, int value, String name) {
        if (!isMultiport()) {
            return;
        }
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        byte[] bytes =
                Arrays.copyOf(new byte[0], ConsoleControl.MESSAGE_SIZE + (text.length == 0 ? 0 : text.length + 1));
        for (int i = 0; i < 4; i++) {
            bytes[i] = (byte) (number >>> 8 * i);
        }
        bytes[4] = (byte) event;
        bytes[6] = (byte) value;
        System.arraycopy(text, 0, bytes, ConsoleControl.MESSAGE_SIZE, text.length);
        VirtQueue queue = queues().get(CONTROL_RECEIVE);
        queue.lock.lock();
        if (waiting.size() < MOST_WAITING) {
            waiting.add(bytes);
        }
        queue.lock.unlock();
        if (thread != null) {
            thread.wake();
        }
    }

    /** Puts what waits into the driver's buffers, on the device's thread. */
    private void deliver() {
        VirtQueue queue = queues().get(CONTROL_RECEIVE);
        boolean interrupt = false;
        queue.lock.lock();
        try {
            while (controlChain != null && !waiting.isEmpty()) {
                if (!queue.pop(controlChain)) {
                    queue.setNotification(true);
                    if (!queue.pop(controlChain)) {
                        break;
                    }
                }
                byte[] next = waiting.remove();
                queue.push(controlChain, controlChain.put(0, next, 0, next.length));
            }
            queue.publish();
            interrupt = queue.wantsInterrupt();
        } catch (BrokenQueueException e) {
            fail(queue, e);
        } finally {
            queue.lock.unlock();
        }
        if (interrupt) {
            interrupt(queue);
        }
        if (isBroken()) {
            announceFailure();
        }
    }

    @Override
    protected void configWritten(int offset, long value, int size) {
        ConsolePort console = ports[0];
        if (emergencyWrite && offset == ConsoleControl.EMERG_WR && console != null) {
            console.emergencyWrite((byte) value);
        }
    }

    @Override
    protected void driverReady() {
        each(port -> port.setGuestConnected(port.isGuestConnected() || !isMultiport()));
    }

    @Override
    protected void deviceReset() {
        VirtQueue queue = queues().get(CONTROL_RECEIVE);
        queue.lock.lock();
        waiting.clear();
        queue.lock.unlock();
        each(ConsolePort::deviceReset);
    }

    @Override
    public void close() {
        each(ConsolePort::close);
        if (thread != null) {
            thread.close();
        }
        if (controlServer != null) {
            controlServer.close();
        }
        if (controlChain != null) {
            controlChain.close();
            controlChain = null;
        }
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        long[] sent = new long[maxPorts];
        each(port -> sent[port.number()] = port.sent());
        CoreState core = saveCore();
        VirtQueue queue = queues().get(CONTROL_RECEIVE);
        queue.lock.lock();
        try {
            return new State(
                    core,
                    Arrays.stream(ports)
                            .filter(port -> port != null && port.isGuestConnected())
                            .map(port -> port == null ? -1 : port.number())
                            .toList(),
                    sent,
                    List.copyOf(waiting));
        } finally {
            queue.lock.unlock();
        }
    }

    @Override
    public void loadState(State state) throws BadStateException {
        checkCore(state.core());
        for (int number : state.connected()) {
            if (number < 0 || number >= maxPorts || ports[number] == null) {
                throw new BadStateException("virtio-serial: there is no port " + number);
            }
        }
        if (state.waiting().size() > MOST_WAITING || state.sent().length != maxPorts) {
            throw new BadStateException("virtio-serial: messages or ports are too many");
        }
        VirtQueue queue = queues().get(CONTROL_RECEIVE);
        queue.lock.lock();
        waiting.clear();
        waiting.addAll(state.waiting());
        queue.lock.unlock();
        each(port -> port.setSent(Math.max(state.sent()[port.number()], 0)));
        each(port -> port.setGuestConnected(state.connected().contains(port.number())));
        loadCore(state.core());
    }
}
