package dev.rhea.network.user;

import static dev.rhea.network.wire.BigEndian.u16;
import static dev.rhea.network.wire.BigEndian.u48;

import dev.rhea.network.ByteStream;
import dev.rhea.network.NetdevException;
import dev.rhea.network.loop.Cable;
import dev.rhea.network.loop.CabledPort;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.user.dhcp.BootOptions;
import dev.rhea.network.user.dhcp.Dhcp6Server;
import dev.rhea.network.user.dhcp.DhcpServer;
import dev.rhea.network.user.icmp.Echo;
import dev.rhea.network.user.icmp.Icmp;
import dev.rhea.network.user.ip.Addresses;
import dev.rhea.network.user.ip.IpInput;
import dev.rhea.network.user.ip.IpOutput;
import dev.rhea.network.user.ip.IpPacket;
import dev.rhea.network.user.ip.IpProtocol;
import dev.rhea.network.user.ip.Outside;
import dev.rhea.network.user.ip.Resolver;
import dev.rhea.network.user.link.Arp;
import dev.rhea.network.user.link.Ndp;
import dev.rhea.network.user.link.Neighbours;
import dev.rhea.network.user.tcp.Tcp;
import dev.rhea.network.user.tftp.TftpServer;
import dev.rhea.network.user.udp.Udp;
import dev.rhea.network.user.udp.UdpSockets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A user-mode network: the port whose other end is a small Internet, joined to the host's by sockets.
 *
 * <p>Forwards can be added, removed and listed on any thread; {@link #removeForward} waits for the network's thread, at most a
 * second.
 */
public final class UserStack extends CabledPort implements EventLoop.Work {
    private static final int ETHERNET = 14;
    /** Frames in one turn; then whoever got something acts on it, and others get their turn. */
    private static final int BATCH = 256;

    private final Addresses addresses;
    private final EventLoop loop;
    private final Cable cable;
    private final IpInput ipInput;
    private final Arp arp;
    private final Ndp ndp;
    private final Icmp icmp;
    private final Echo echo;
    private final Udp udp;
    private final UdpSockets udpSockets;
    private final Tcp tcp;
    private final TcpOpener opener;
    private final HostForwards forwards;
    private final Neighbours neighbours;
    private final TftpServer tftp;

    /**
     * Opens a network and starts its thread.
     *
     * @throws NetdevException if a forward's port cannot be had
     */
    public static UserStack open(UserOptions options) throws NetdevException {
        UserStack stack = new UserStack(options, System::nanoTime, Path.of("/etc/resolv.conf"), null);
        stack.loop.start();
        stack.addForwards(options);
        return stack;
    }

    /**
     * For tests: nothing runs but in {@link EventLoop#turn}.
     *
     * @param failures who gets exceptions that should not be; logged if null
     */
    UserStack(
            UserOptions options, LongSupplier clock, Path resolverFile, @Nullable Consumer<RuntimeException> failures) {
        addresses = new Addresses(
                options.ipv4(),
                options.network(),
                options.mask(),
                options.host(),
                options.dns(),
                options.dhcpStart(),
                options.ipv6(),
                options.prefix6(),
                options.prefix6Length(),
                options.host6(),
                options.dns6(),
                options.restrict());
        String name = "user network";
        loop = failures == null ? new EventLoop(name, this) : new EventLoop(name, clock, this, failures);
        cable = new Cable(loop);
        neighbours = new Neighbours(loop, cable, addresses);
        IpOutput ip = new IpOutput(cable, addresses, neighbours);
        Outside outside = new Outside(addresses, new Resolver(resolverFile));
        echo = new Echo(loop);
        icmp = new Icmp(ip, addresses, echo);
        ndp = new Ndp(loop, ip, addresses, neighbours);
        udp = new Udp(ip);
        udpSockets = new UdpSockets(loop, udp, icmp, outside);
        opener = new TcpOpener(loop, outside, icmp, options.guestForwards());
        tcp = new Tcp(loop, ip, opener);
        arp = new Arp(cable, addresses, neighbours, opener::isForwarded);
        ipInput = new IpInput(loop, this::packet);
        forwards = new HostForwards(loop, tcp, udpSockets, outside, addresses.dhcpStart());
        neighbours.wire(
                address -> {
                    if (address.isV4()) {
                        arp.solicit(address);
                    } else {
                        ndp.solicit(address);
                    }
                },
                tcp::neighbourFound);
        BootOptions boot = new BootOptions(
                options.hostname(),
                options.domainName(),
                options.dnsSearch(),
                options.tftpServerName(),
                options.bootFile());
        udp.serve(DhcpServer.PORT, new DhcpServer(udp, addresses, boot, neighbours));
        udp.serve(Dhcp6Server.PORT, new Dhcp6Server(udp, addresses, boot));
        tftp = new TftpServer(udp, addresses, options.tftp());
        udp.serve(TftpServer.PORT, tftp);
        udp.otherwise(udpSockets::datagram);
        if (addresses.ipv6()) {
            loop.execute(ndp::begin);
        }
    }

    void addForwards(UserOptions options) throws NetdevException {
        try {
            for (HostForward forward : options.hostForwards()) {
                addForward(forward);
            }
        } catch (NetdevException e) {
            close();
            throw e;
        }
    }

    EventLoop loop() {
        return loop;
    }

    /**
     * Forwards a port of the host into the guest.
     *
     * @return the host's port, which is of interest if any was asked for
     * @throws NetdevException if the host does not give it
     */
    public int addForward(HostForward forward) throws NetdevException {
        return forwards.add(forward);
    }

    /** Ends a forward; connections that came through it stay. False if there is none. */
    public boolean removeForward(HostForward.Place place) {
        return forwards.remove(place);
    }

    /**
     * Joins a forward of the options that names a character device to it. One connection at a time makes sense; closing it
     * leaves the stream open.
     */
    public void attach(GuestForward forward, ByteStream stream) {
        opener.attach(forward, stream);
    }

    /** What {@code info usernet} shows: a picture that may be a moment old. */
    public List<ConnectionInfo> connections() {
        List<ConnectionInfo> all = new ArrayList<>();
        tcp.list((state, guest, guestPort, remote, remotePort, toHost, toGuest) -> all.add(new ConnectionInfo(
                "TCP", state.listed(), guest.toString(), guestPort, remote.toString(), remotePort, toHost, toGuest)));
        forwards.list(false, all);
        udpSockets.list((guest, guestPort, remote, remotePort, left) -> all.add(new ConnectionInfo(
                "UDP", left + " sec", guest.toString(), guestPort, remote.toString(), remotePort, 0, 0)));
        forwards.list(true, all);
        return all;
    }

    @Override
    protected Cable cable() {
        return cable;
    }

    @Override
    public void close() {
        forwards.close();
        loop.close();
    }

    @Override
    public void run() {
        if (cable.unblock()) {
            udpSockets.resume();
        }
        cable.sent().drain(this::frame, BATCH);
        tcp.work();
    }

    @Override
    public boolean pending() {
        return !cable.sent().isEmpty() || cable.mayUnblock() || tcp.pending();
    }

    @Override
    public void closed() {
        tcp.close();
        udpSockets.close();
        echo.close();
        tftp.close();
    }

    private boolean frame(byte[] data, int at, int length) {
        if (length < ETHERNET || !Addresses.isForUs(u48(data, at))) {
            return true;
        }
        int end = at + length;
        int payload = at + ETHERNET;
        switch (u16(data, at + 12)) {
            case IpProtocol.ETHERTYPE_IPV4 -> {
                if (addresses.ipv4()) {
                    sourceMac = u48(data, at + 6);
                    ipInput.input4(data, payload, end);
                }
            }
            case IpProtocol.ETHERTYPE_IPV6 -> {
                if (addresses.ipv6()) {
                    sourceMac = u48(data, at + 6);
                    ipInput.input6(data, payload, end);
                }
            }
            case IpProtocol.ETHERTYPE_ARP -> {
                if (addresses.ipv4()) {
                    arp.input(data, payload, end);
                }
            }
            default -> {}
        }
        return true;
    }

    private long sourceMac;

    private void packet(IpPacket packet) {
        if (addresses.isOurs(packet.source)) {
            return; // somebody pretends to be us
        }
        neighbours.learn(packet.source, sourceMac);
        boolean local = addresses.isInside(packet.destination)
                || packet.destination.isMulticast()
                || addresses.isBroadcast(packet.destination);
        if (packet.hopLimit <= 1 && !local && !addresses.restricted()) {
            icmp.timeExceeded(packet);
            return;
        }
        switch (packet.protocol) {
            case IpProtocol.TCP -> tcp.input(packet);
            case IpProtocol.UDP -> udp.input(packet);
            case IpProtocol.ICMP -> {
                if (packet.isV4()) {
                    icmp.input(packet);
                }
            }
            case IpProtocol.ICMPV6 -> {
                if (!packet.isV4() && !ndp.input(packet)) {
                    icmp.input(packet);
                }
            }
            default -> {}
        }
    }
}
