package dev.rhea.network.user.link;

import dev.rhea.network.IpAddress;
import dev.rhea.network.loop.Cable;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.user.ip.Addresses;
import dev.rhea.network.wire.BigEndian;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The guests' Ethernet addresses, learnt from ARP, neighbour discovery and every packet; the one longest unused is forgotten
 * for a new one. Asked for at most once a second.
 */
public final class Neighbours {
    /** No Ethernet address. */
    public static final long UNKNOWN = -1;

    private static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final int LIMIT = 64;
    private static final int SOLICITED_LIMIT = 16;
    private static final long SOLICIT_INTERVAL = 1_000_000_000L;

    private static final class Solicited {
        long next;
        byte @Nullable [] held;
    }

    private final EventLoop loop;
    private final Cable cable;
    private final Addresses addresses;
    private final LinkedHashMap<IpAddress, Long> known = new LinkedHashMap<>(16, 0.75f, true);
    private final LinkedHashMap<IpAddress, Solicited> solicited = new LinkedHashMap<>();
    private IpAddress lastAddress = IpAddress.ANY4;
    private long lastMac = UNKNOWN;
    private Consumer<IpAddress> solicitor = address -> {};
    private Consumer<IpAddress> found = address -> {};

    public Neighbours(EventLoop loop, Cable cable, Addresses addresses) {
        this.loop = loop;
        this.cable = cable;
        this.addresses = addresses;
    }

    /**
     * @param solicitor sends a question for an address
     * @param found is told of addresses that were asked for and are known now
     */
    public void wire(Consumer<IpAddress> solicitor, Consumer<IpAddress> found) {
        this.solicitor = solicitor;
        this.found = found;
    }

    /** Somebody on the cable says that {@code address} is at {@code mac}. Believed unless the address is not a guest's. */
    public void learn(IpAddress address, long mac) {
        if (mac == lastMac && address.equals(lastAddress)) {
            return;
        }
        if (address.isUnspecified()
                || address.isMulticast()
                || !addresses.isInside(address)
                || addresses.isOurs(address)
                || addresses.isBroadcast(address)
                || (mac & 1L << 40) != 0) {
            return;
        }
        lastAddress = address;
        lastMac = mac;
        known.put(address, mac);
        if (known.size() > LIMIT) {
            known.pollFirstEntry();
        }
        Solicited was = solicited.remove(address);
        if (was != null) {
            if (was.held != null) {
                BigEndian.put48(was.held, 0, mac);
                cable.deliverOrHold(was.held, 0, was.held.length);
            }
            found.accept(address);
        }
    }

    /** Where to send what is for {@code address}; {@link #UNKNOWN} if nobody has said. */
    public long lookup(IpAddress address) {
        if (address.equals(lastAddress)) {
            return lastMac;
        }
        if (address.isMulticast()) {
            return address.isV4()
                    ? 0x0100_5e00_0000L | address.v4() & 0x7fffff
                    : 0x3333_0000_0000L | address.low() & 0xffffffffL;
        }
        if (addresses.isBroadcast(address)) {
            return BROADCAST;
        }
        Long mac = known.get(address);
        return mac == null ? UNKNOWN : mac;
    }

    /** Asks for an address, unless that was done a moment ago. */
    public void solicit(IpAddress address) {
        ask(address);
    }

    /** Asks for an address and keeps one packet for it, the newest. */
    public void hold(IpAddress address, byte[] frame, int length) {
        Solicited entry = ask(address);
        if (entry != null) {
            entry.held = Arrays.copyOf(frame, length);
        }
    }

    private @Nullable Solicited ask(IpAddress address) {
        if (!addresses.isInside(address) || addresses.isOurs(address)) {
            return null;
        }
        Solicited entry = solicited.get(address);
        if (entry == null) {
            if (solicited.size() >= SOLICITED_LIMIT) {
                solicited.pollFirstEntry();
            }
            entry = new Solicited();
            entry.next = loop.now();
            solicited.put(address, entry);
        }
        if (entry.next <= loop.now()) {
            entry.next = loop.now() + SOLICIT_INTERVAL;
            solicitor.accept(address);
        }
        return entry;
    }
}
