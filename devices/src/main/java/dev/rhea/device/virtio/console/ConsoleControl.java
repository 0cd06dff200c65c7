package dev.rhea.device.virtio.console;

/** Names of section 5.3: features, configuration, control messages. */
final class ConsoleControl {
    static final long VIRTIO_CONSOLE_F_SIZE = 1;
    static final long VIRTIO_CONSOLE_F_MULTIPORT = 1L << 1;
    static final long VIRTIO_CONSOLE_F_EMERG_WRITE = 1L << 2;

    // struct virtio_console_config
    static final int COLS = 0;
    static final int ROWS = 2;
    static final int MAX_NR_PORTS = 4;
    static final int EMERG_WR = 8;
    static final int CONFIG_SIZE = 12;

    static final int VIRTIO_CONSOLE_DEVICE_READY = 0;
    static final int VIRTIO_CONSOLE_PORT_ADD = 1;
    static final int VIRTIO_CONSOLE_PORT_REMOVE = 2;
    static final int VIRTIO_CONSOLE_PORT_READY = 3;
    static final int VIRTIO_CONSOLE_CONSOLE_PORT = 4;
    static final int VIRTIO_CONSOLE_RESIZE = 5;
    static final int VIRTIO_CONSOLE_PORT_OPEN = 6;
    static final int VIRTIO_CONSOLE_PORT_NAME = 7;

    /** struct virtio_console_control: le32 id, le16 event, le16 value. */
    static final int MESSAGE_SIZE = 8;

    private ConsoleControl() {}
}
