package dev.rhea.device;

import dev.rhea.device.serial.SerialWire;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A serial line whose other end is moody. */
final class MoodyWire implements SerialWire {
    boolean open = true;
    private @Nullable Receiver port;

    @Override
    public boolean send(byte value) {
        return open;
    }

    @Override
    public void connect(Receiver receiver) {
        port = receiver;
    }

    void disturb(Random random) {
        Receiver receiver = port;
        if (receiver == null) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> {
                open = !open;
                if (open) {
                    receiver.writable();
                }
            }
            case 1 -> receiver.receiveBreak();
            default -> {
                byte[] bytes = new byte[random.nextInt(20)];
                random.nextBytes(bytes);
                receiver.receive(bytes, 0, bytes.length);
            }
        }
    }
}
