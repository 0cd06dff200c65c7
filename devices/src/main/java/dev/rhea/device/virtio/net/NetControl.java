package dev.rhea.device.virtio.net;

/** Names of section 5.1: features, configuration, and the control queue's commands. */
final class NetControl {
    static final long VIRTIO_NET_F_MTU = 1L << 3;
    static final long VIRTIO_NET_F_MAC = 1L << 5;
    static final long VIRTIO_NET_F_MRG_RXBUF = 1L << 15;
    static final long VIRTIO_NET_F_STATUS = 1L << 16;
    static final long VIRTIO_NET_F_CTRL_VQ = 1L << 17;
    static final long VIRTIO_NET_F_CTRL_RX = 1L << 18;
    static final long VIRTIO_NET_F_CTRL_VLAN = 1L << 19;
    static final long VIRTIO_NET_F_CTRL_RX_EXTRA = 1L << 20;
    static final long VIRTIO_NET_F_GUEST_ANNOUNCE = 1L << 21;
    static final long VIRTIO_NET_F_CTRL_MAC_ADDR = 1L << 23;
    static final long VIRTIO_NET_F_SPEED_DUPLEX = 1L << 63;

    // struct virtio_net_config
    static final int MAC = 0;
    static final int STATUS = 6;
    static final int MAX_VIRTQUEUE_PAIRS = 8;
    static final int MTU = 10;
    static final int SPEED = 12;
    static final int DUPLEX = 16;
    static final int CONFIG_SIZE = 17;

    static final int VIRTIO_NET_S_LINK_UP = 1;
    static final int VIRTIO_NET_S_ANNOUNCE = 2;

    static final byte VIRTIO_NET_OK = 0;
    static final byte VIRTIO_NET_ERR = 1;

    static final int VIRTIO_NET_CTRL_RX = 0;
    static final int VIRTIO_NET_CTRL_RX_PROMISC = 0;
    static final int VIRTIO_NET_CTRL_RX_ALLMULTI = 1;
    static final int VIRTIO_NET_CTRL_RX_ALLUNI = 2;
    static final int VIRTIO_NET_CTRL_RX_NOMULTI = 3;
    static final int VIRTIO_NET_CTRL_RX_NOUNI = 4;
    static final int VIRTIO_NET_CTRL_RX_NOBCAST = 5;
    static final int VIRTIO_NET_CTRL_MAC = 1;
    static final int VIRTIO_NET_CTRL_MAC_TABLE_SET = 0;
    static final int VIRTIO_NET_CTRL_MAC_ADDR_SET = 1;
    static final int VIRTIO_NET_CTRL_VLAN = 2;
    static final int VIRTIO_NET_CTRL_VLAN_ADD = 0;
    static final int VIRTIO_NET_CTRL_VLAN_DEL = 1;
    static final int VIRTIO_NET_CTRL_ANNOUNCE = 3;
    static final int VIRTIO_NET_CTRL_ANNOUNCE_ACK = 0;

    private NetControl() {}
}
