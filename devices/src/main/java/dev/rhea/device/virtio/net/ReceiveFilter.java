package dev.rhea.device.virtio.net;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which frames a card takes: section 5.1.6.5.1. Immutable; the control queue replaces it as a whole, whatever thread receives.
 * Ethernet addresses are the low 48 bits of longs, first byte highest.
 *
 * @param modes a bit for each mode that is on, by the number of the command that sets it, and {@link #TOO_MANY_UNICAST} and
 *     {@link #TOO_MANY_MULTICAST}
 * @param vlans a bit for each VLAN that is taken, 64 in each; empty if VLANs are not filtered
 */
record ReceiveFilter(long address, int modes, List<Long> unicast, List<Long> multicast, List<Long> vlans) {
    /** How many bits {@link #modes} has. */
    static final int MODES = 8;

    private static final int TOO_MANY_UNICAST = 6;
    private static final int TOO_MANY_MULTICAST = 7;

    /** Addresses that the tables hold together; with more, a table takes all of its kind. */
    static final int TABLE_SIZE = 64;

    private static final int VLANS = 4096;
    private static final int VLAN_TAG = 0x8100;
    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final long GROUP = 1L << 40;
    private static final int HEADER = 14;

    /** All is taken, as after a reset. */
    static ReceiveFilter initial(long address) {
        int promiscuous = 1 << NetControl.VIRTIO_NET_CTRL_RX_PROMISC;
        return new ReceiveFilter(address, promiscuous, List.of(), List.of(), List.of());
    }

    static long address(byte[] bytes, int offset) {
        long result = 0;
        for (int i = 0; i < 6; i++) {
            result = result << 8 | bytes[offset + i] & 0xff;
        }
        return result;
    }

    boolean accepts(byte[] frame, int offset, int length) {
        if (is(NetControl.VIRTIO_NET_CTRL_RX_PROMISC)) {
            return true;
        }
        if (length < HEADER) {
            return false;
        }
        if (!vlans.isEmpty() && length >= HEADER + 2 && half(frame, offset + 12) == VLAN_TAG) {
            int vlan = half(frame, offset + 14) & VLANS - 1;
            if ((vlans.get(vlan >> 6) >>> (vlan & 63) & 1) == 0) {
                return false;
            }
        }
        long to = address(frame, offset);
        if ((to & GROUP) == 0) {
            return !is(NetControl.VIRTIO_NET_CTRL_RX_NOUNI)
                    && (is(NetControl.VIRTIO_NET_CTRL_RX_ALLUNI)
                            || is(TOO_MANY_UNICAST)
                            || to == address
                            || unicast.contains(to));
        }
        if (to == BROADCAST) {
            return !is(NetControl.VIRTIO_NET_CTRL_RX_NOBCAST);
        }
        return !is(NetControl.VIRTIO_NET_CTRL_RX_NOMULTI)
                && (is(NetControl.VIRTIO_NET_CTRL_RX_ALLMULTI) || is(TOO_MANY_MULTICAST) || multicast.contains(to));
    }

    private boolean is(int mode) {
        return (modes >>> mode & 1) != 0;
    }

    private static int half(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    /** One of the modes on or off. @return null for a mode that there is not */
    @Nullable
    ReceiveFilter withMode(int mode, boolean on) {
        return mode < 0 || mode > NetControl.VIRTIO_NET_CTRL_RX_NOBCAST
                ? null
                : new ReceiveFilter(address, set(modes, mode, on), unicast, multicast, vlans);
    }

    private static int set(int modes, int mode, boolean on) {
        return modes & ~(1 << mode) | (on ? 1 << mode : 0);
    }

    ReceiveFilter withAddress(long to) {
        return new ReceiveFilter(to, modes, unicast, multicast, vlans);
    }

    ReceiveFilter withTables(List<Long> uni, List<Long> multi, boolean manyUni, boolean manyMulti) {
        int many = set(set(modes, TOO_MANY_UNICAST, manyUni), TOO_MANY_MULTICAST, manyMulti);
        return new ReceiveFilter(address, many, uni, multi, vlans);
    }

    /** VLANs are filtered from now on, and none is taken. */
    ReceiveFilter withVlanFilter() {
        return withVlans(new Long[VLANS / Long.SIZE]);
    }

    ReceiveFilter withVlan(int vlan, boolean taken) {
        if (vlans.isEmpty()) {
            return this;
        }
        Long[] bits = vlans.toArray(Long[]::new);
        long bit = 1L << (vlan & 63);
        bits[vlan >> 6] = taken ? bits[vlan >> 6] | bit : bits[vlan >> 6] & ~bit;
        return withVlans(bits);
    }

    private ReceiveFilter withVlans(Long[] bits) {
        for (int i = 0; i < bits.length; i++) {
            if (bits[i] == null) {
                bits[i] = 0L;
            }
        }
        return new ReceiveFilter(address, modes, unicast, multicast, Arrays.asList(bits));
    }

    boolean isSane() {
        return address >>> 48 == 0
                && unicast.size() + multicast.size() <= TABLE_SIZE
                && (vlans.isEmpty() || vlans.size() == VLANS / Long.SIZE);
    }
}
