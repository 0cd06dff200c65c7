package dev.rhea.device.virtio.net;

import dev.rhea.network.Port;
import dev.rhea.network.Receiver;

/** A card whose cable leads nowhere. */
public final class NoNetwork implements Port {
    @Override
    public void send(byte[] frame, int offset, int length) {}

    @Override
    public void connect(Receiver card) {}

    @Override
    public void resume() {}

    @Override
    public void setLink(boolean up) {}

    @Override
    public void close() {}
}
