package dev.rhea.device.virtio.net;

import dev.rhea.device.virtio.BrokenQueueException;
import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.QueueServer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does the commands of a card's control queue: section 5.1.6.5. */
final class ControlQueue implements QueueServer.Service {
    private final VirtioNet card;
    private final byte[] bytes = new byte[6];

    ControlQueue(VirtioNet card) {
        this.card = card;
    }

    @Override
    public long serve(Chain chain) throws BrokenQueueException {
        if (chain.readableBytes() < 2 || chain.writableBytes() < 1) {
            throw new BrokenQueueException("virtio-net ctrl missing headers");
        }
        long status = chain.takeLastWritable();
        chain.take(bytes, 0, 2);
        int command = bytes[1];
        ReceiveFilter filter = card.filter();
        ReceiveFilter next = switch (bytes[0]) {
            case NetControl.VIRTIO_NET_CTRL_RX ->
                chain.take(bytes, 0, 1) == 1 ? filter.withMode(command, bytes[0] != 0) : null;
            case NetControl.VIRTIO_NET_CTRL_MAC -> mac(chain, command, filter);
            case NetControl.VIRTIO_NET_CTRL_VLAN -> vlan(chain, command, filter);
            case NetControl.VIRTIO_NET_CTRL_ANNOUNCE ->
                command == NetControl.VIRTIO_NET_CTRL_ANNOUNCE_ACK && card.announced() ? filter : null;
            default -> null;
        };
        if (next != null) {
            card.setFilter(next);
        }
        chain.putByte(status, next == null ? NetControl.VIRTIO_NET_ERR : NetControl.VIRTIO_NET_OK);
        return 1;
    }

    private @Nullable ReceiveFilter mac(Chain chain, int command, ReceiveFilter filter) {
        if (command == NetControl.VIRTIO_NET_CTRL_MAC_ADDR_SET) {
            return chain.readableBytes() == 6 && chain.take(bytes, 0, 6) == 6
                    ? filter.withAddress(ReceiveFilter.address(bytes, 0))
                    : null;
        }
        if (command != NetControl.VIRTIO_NET_CTRL_MAC_TABLE_SET) {
            return null;
        }
        List<Long> unicast = new ArrayList<>();
        List<Long> multicast = new ArrayList<>();
        long unicasts = table(chain, unicast, ReceiveFilter.TABLE_SIZE);
        if (unicasts < 0) {
            return null;
        }
        long multicasts = table(chain, multicast, ReceiveFilter.TABLE_SIZE - unicast.size());
        if (multicasts < 0 || chain.readableBytes() != 0) {
            return null;
        }
        return filter.withTables(
                List.copyOf(unicast), List.copyOf(multicast), unicasts > unicast.size(), multicasts > multicast.size());
    }

    /** Reads a counted table; one that is too long is left out. @return how many it says; -1 if it is cut off */
    private long table(Chain chain, List<Long> into, int room) {
        if (chain.take(bytes, 0, 4) != 4) {
            return -1;
        }
        long count = bytes[0] & 0xff | (bytes[1] & 0xff) << 8 | (bytes[2] & 0xff) << 16 | (bytes[3] & 0xffL) << 24;
        if (count * 6 > chain.readableBytes()) {
            return -1;
        }
        if (count > room) {
            chain.skip(count * 6);
            return count;
        }
        for (int i = 0; i < count; i++) {
            chain.take(bytes, 0, 6);
            into.add(ReceiveFilter.address(bytes, 0));
        }
        return count;
    }

    private @Nullable ReceiveFilter vlan(Chain chain, int command, ReceiveFilter filter) {
        boolean add = command == NetControl.VIRTIO_NET_CTRL_VLAN_ADD;
        if (!add && command != NetControl.VIRTIO_NET_CTRL_VLAN_DEL || chain.take(bytes, 0, 2) != 2) {
            return null;
        }
        int vlan = bytes[0] & 0xff | (bytes[1] & 0xff) << 8;
        return vlan < 4096 ? filter.withVlan(vlan, add) : null;
    }
}
