package dev.rhea.device.virtio.net;

import java.util.Arrays;
import java.util.List;

/**
 * Which frames a card takes: section 5.1.6.5.1. Immutable; the control queue replaces it as a whole, whatever thread receives.
 * Ethernet addresses are the low 48 bits of longs, first byte highest.
 *
 * @param vlans a bit for each VLAN that is taken, 64 in each; empty if VLANs are not filtered
 */
record ReceiveFilter(
        long address,
        boolean promiscuous,
        boolean allMulticast,
        boolean allUnicast,
        boolean noMulticast,
        boolean noUnicast,
        boolean noBroadcast,
        List<Long> unicast,
        List<Long> multicast,
        boolean tooManyUnicast,
        boolean tooManyMulticast,
        List<Long> vlans) {
    /** Addresses that the tables hold together; with more, a table takes all of its kind. */
    static final int TABLE_SIZE = 64;

    private static final int VLANS = 4096;
    private static final int VLAN_TAG = 0x8100;
    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final long GROUP = 1L << 40;
    private static final int HEADER = 14;

    /** All is taken, as after a reset. */
    static ReceiveFilter initial(long address) {
        return new ReceiveFilter(
                address, true, false, false, false, false, false, List.of(), List.of(), false, false, List.of());
    }

    static long address(byte[] bytes, int offset) {
        long result = 0;
        for (int i = 0; i < 6; i++) {
            result = result << 8 | bytes[offset + i] & 0xff;
        }
        return result;
    }

    boolean accepts(byte[] frame, int offset, int length) {
        if (promiscuous) {
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
            return !noUnicast && (allUnicast || tooManyUnicast || to == address || unicast.contains(to));
        }
        if (to == BROADCAST) {
            return !noBroadcast;
        }
        return !noMulticast && (allMulticast || tooManyMulticast || multicast.contains(to));
    }

    private static int half(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    /** One of the modes on or off. @return null for a mode that there is not */
    @org.jspecify.annotations.Nullable
    ReceiveFilter withMode(int mode, boolean on) {
        return switch (mode) {
            case NetControl.VIRTIO_NET_CTRL_RX_PROMISC ->
                modes(on, allMulticast, allUnicast, noMulticast, noUnicast, noBroadcast);
            case NetControl.VIRTIO_NET_CTRL_RX_ALLMULTI ->
                modes(promiscuous, on, allUnicast, noMulticast, noUnicast, noBroadcast);
            case NetControl.VIRTIO_NET_CTRL_RX_ALLUNI ->
                modes(promiscuous, allMulticast, on, noMulticast, noUnicast, noBroadcast);
            case NetControl.VIRTIO_NET_CTRL_RX_NOMULTI ->
                modes(promiscuous, allMulticast, allUnicast, on, noUnicast, noBroadcast);
            case NetControl.VIRTIO_NET_CTRL_RX_NOUNI ->
                modes(promiscuous, allMulticast, allUnicast, noMulticast, on, noBroadcast);
            case NetControl.VIRTIO_NET_CTRL_RX_NOBCAST ->
                modes(promiscuous, allMulticast, allUnicast, noMulticast, noUnicast, on);
            default -> null;
        };
    }

    private ReceiveFilter modes(
            boolean promiscuous,
            boolean allMulticast,
            boolean allUnicast,
            boolean noMulticast,
            boolean noUnicast,
            boolean noBroadcast) {
        return new ReceiveFilter(
                address,
                promiscuous,
                allMulticast,
                allUnicast,
                noMulticast,
                noUnicast,
                noBroadcast,
                unicast,
                multicast,
                tooManyUnicast,
                tooManyMulticast,
                vlans);
    }

    ReceiveFilter withAddress(long to) {
        return new ReceiveFilter(
                to,
                promiscuous,
                allMulticast,
                allUnicast,
                noMulticast,
                noUnicast,
                noBroadcast,
                unicast,
                multicast,
                tooManyUnicast,
                tooManyMulticast,
                vlans);
    }

    ReceiveFilter withTables(List<Long> uni, List<Long> multi, boolean manyUni, boolean manyMulti) {
        return new ReceiveFilter(
                address,
                promiscuous,
                allMulticast,
                allUnicast,
                noMulticast,
                noUnicast,
                noBroadcast,
                uni,
                multi,
                manyUni,
                manyMulti,
                vlans);
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
        return new ReceiveFilter(
                address,
                promiscuous,
                allMulticast,
                allUnicast,
                noMulticast,
                noUnicast,
                noBroadcast,
                unicast,
                multicast,
                tooManyUnicast,
                tooManyMulticast,
                Arrays.asList(bits));
    }

    boolean isSane() {
        return address >>> 48 == 0
                && unicast.size() + multicast.size() <= TABLE_SIZE
                && (vlans.isEmpty() || vlans.size() == VLANS / Long.SIZE);
    }
}
