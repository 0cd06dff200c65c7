package dev.rhea.device.virtio.net;

import dev.rhea.device.virtio.CommonOptions;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.machine.device.BadDeviceException;
import dev.rhea.machine.device.Property;
import dev.rhea.machine.device.PropertyKind;
import dev.rhea.machine.device.PropertyValues;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of a virtio network card.
 *
 * @param features those of section 5.1.3 that are not switched off, of those that Rhea has
 * @param mac null where whoever makes the card has to give one
 * @param speed in Mbit/s; -1 for unknown
 * @param duplex 0 half, 1 full, 255 unknown
 */
public record NetOptions(
        CommonOptions common,
        long features,
        @Nullable String mac,
        int rxQueueSize,
        int txQueueSize,
        int mtu,
        int speed,
        int duplex) {
    public static final List<Property> PROPERTIES = Stream.concat(
                    CommonOptions.PROPERTIES.stream(),
                    Stream.of(
                            Property.of("bootindex", PropertyKind.INT32, null, ""),
                            bool("csum", true),
                            bool("ctrl_guest_offloads", true),
                            bool("ctrl_mac_addr", true),
                            bool("ctrl_rx", true),
                            bool("ctrl_rx_extra", true),
                            bool("ctrl_vlan", true),
                            bool("ctrl_vq", true),
                            Property.of("duplex", PropertyKind.STRING, null, ""),
                            Property.of("failover", PropertyKind.BOOL, "false", ""),
                            bool("gso", true),
                            bool("guest_announce", true),
                            bool("guest_csum", true),
                            bool("guest_ecn", true),
                            bool("guest_rsc_ext", false),
                            bool("guest_tso4", true),
                            bool("guest_tso6", true),
                            bool("guest_ufo", true),
                            bool("guest_uso4", true),
                            bool("guest_uso6", true),
                            bool("hash", false),
                            bool("host_ecn", true),
                            Property.of("host_mtu", PropertyKind.UINT16, "0", ""),
                            bool("host_tso4", true),
                            bool("host_tso6", true),
                            bool("host_ufo", true),
                            bool("host_uso", true),
                            Property.of(
                                    "mac",
                                    PropertyKind.MAC,
                                    null,
                                    "Ethernet 6-byte MAC Address, example: 52:54:00:12:34:56"),
                            bool("mq", false),
                            bool("mrg_rxbuf", true),
                            Property.of("netdev", PropertyKind.NETDEV, null, "ID of a netdev to use as a backend"),
                            Property.of("rsc_interval", PropertyKind.UINT32, "300000", ""),
                            bool("rss", false),
                            Property.of("rx_queue_size", PropertyKind.UINT16, "256", ""),
                            Property.of("speed", PropertyKind.INT32, "-1", ""),
                            bool("status", true),
                            Property.of("tx", PropertyKind.STRING, null, ""),
                            Property.of("tx_queue_size", PropertyKind.UINT16, "256", ""),
                            Property.of("x-mtu-bypass-backend", PropertyKind.BOOL, "true", ""),
                            Property.of("x-txburst", PropertyKind.INT32, "256", ""),
                            Property.of("x-txtimer", PropertyKind.UINT32, "150000", "")))
            .sorted(Comparator.comparing(Property::name))
            .toList();

    private static final int MIN_QUEUE_SIZE = 256;

    private static Property bool(String name, boolean on) {
        return Property.of(name, PropertyKind.BOOL, Boolean.toString(on), "on/off");
    }

    public static NetOptions of(PropertyValues values) throws BadDeviceException {
        int speed = (int) values.number("speed");
        if (speed < -1) {
            throw new BadDeviceException("'speed' must be between 0 and INT_MAX");
        }
        String duplex = values.text("duplex");
        long features = NetControl.VIRTIO_NET_F_MAC;
        features |= values.bool("status") ? NetControl.VIRTIO_NET_F_STATUS : 0;
        features |= values.bool("mrg_rxbuf") ? NetControl.VIRTIO_NET_F_MRG_RXBUF : 0;
        if (values.bool("ctrl_vq")) {
            features |= NetControl.VIRTIO_NET_F_CTRL_VQ;
            features |= values.bool("ctrl_rx") ? NetControl.VIRTIO_NET_F_CTRL_RX : 0;
            features |= values.bool("ctrl_rx_extra") ? NetControl.VIRTIO_NET_F_CTRL_RX_EXTRA : 0;
            features |= values.bool("ctrl_vlan") ? NetControl.VIRTIO_NET_F_CTRL_VLAN : 0;
            features |= values.bool("ctrl_mac_addr") ? NetControl.VIRTIO_NET_F_CTRL_MAC_ADDR : 0;
            features |= values.bool("guest_announce") ? NetControl.VIRTIO_NET_F_GUEST_ANNOUNCE : 0;
        }
        int mtu = (int) values.number("host_mtu");
        features |= mtu != 0 ? NetControl.VIRTIO_NET_F_MTU : 0;
        features |= speed >= 0 || duplex != null ? NetControl.VIRTIO_NET_F_SPEED_DUPLEX : 0;
        return new NetOptions(
                CommonOptions.of(values),
                features,
                values.text("mac"),
                queueSize(values, "rx"),
                queueSize(values, "tx"),
                mtu,
                speed,
                duplex(duplex));
    }

    private static int queueSize(PropertyValues values, String way) throws BadDeviceException {
        int size = (int) values.number(way + "_queue_size");
        if (size < MIN_QUEUE_SIZE || size > VirtQueue.MAX_SIZE || Integer.bitCount(size) != 1) {
            throw new BadDeviceException("Invalid " + way + "_queue_size (= " + size
                    + "), must be a power of 2 between " + MIN_QUEUE_SIZE + " and " + VirtQueue.MAX_SIZE + ".");
        }
        return size;
    }

    private static int duplex(@Nullable String text) throws BadDeviceException {
        return switch (text) {
            case null -> 255;
            case "half" -> 0;
            case "full" -> 1;
            default -> throw new BadDeviceException("'duplex' must be 'half' or 'full'");
        };
    }
}
