package dev.rhea.network.loop;

import dev.rhea.network.Port;
import dev.rhea.network.Receiver;

/** A port whose card is at the other end of a {@link Cable}. */
public abstract class CabledPort implements Port {
    /** The cable, from construction on. */
    protected abstract Cable cable();

    @Override
    public final void send(byte[] frame, int offset, int length) {
        cable().send(frame, offset, length);
    }

    @Override
    public final void connect(Receiver card) {
        cable().connect(card);
    }

    @Override
    public final void resume() {
        cable().resume();
    }

    @Override
    public final void setLink(boolean up) {
        cable().setLink(up);
    }
}
