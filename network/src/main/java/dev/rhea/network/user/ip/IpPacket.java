package dev.rhea.network.user.ip;

import dev.rhea.network.IpAddress;

/**
 * A packet from the guest, complete and taken apart; valid until its handler returns. One object serves all packets.
 *
 * <p>{@code data} from {@code header} (the IP header) and from {@code payload} (what its protocol carries) to {@code end}.
 */
public final class IpPacket {
    public byte[] data = {};
    public int header;
    public int payload;
    public int end;
    public int protocol;
    public int hopLimit;
    public IpAddress source = IpAddress.ANY4;
    public IpAddress destination = IpAddress.ANY4;

    public int length() {
        return end - payload;
    }

    public boolean isV4() {
        return destination.isV4();
    }
}
