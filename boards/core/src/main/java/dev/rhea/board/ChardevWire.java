package dev.rhea.board;

import dev.rhea.chardev.Chardev;
import dev.rhea.chardev.ChardevEvent;
import dev.rhea.chardev.FrontEnd;
import dev.rhea.device.serial.SerialWire;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Joins a serial port and a character back end, which calls on threads of its own: takes the machine lock. */
public final class ChardevWire implements SerialWire {
    private final Chardev chardev;
    private final ReentrantLock lock;
    private final byte[] single = new byte[1];

    private ChardevWire(Chardev chardev, ReentrantLock lock) {
        this.chardev = chardev;
        this.lock = lock;
    }

    /** A wire to a back end, or to nowhere. @param lock the machine lock */
    public static SerialWire of(@Nullable Chardev chardev, ReentrantLock lock) {
        return chardev == null ? SerialWire.UNCONNECTED : new ChardevWire(chardev, lock);
    }

    @Override
    public boolean send(byte value) {
        single[0] = value;
        return chardev.write(single, 0, 1) == 1;
    }

    @Override
    public void acceptInput() {
        chardev.acceptInput();
    }

    @Override
    public void connect(Receiver receiver) {
        chardev.attach(new FrontEnd() {
            @Override
            public int room() {
                lock.lock();
                try {
                    return receiver.room();
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void receive(byte[] data, int offset, int length) {
                lock.lock();
                try {
                    receiver.receive(data, offset, length);
                } finally {
                    lock.unlock();
                }
            }

            @Override
            public void event(ChardevEvent event) {
                if (event == ChardevEvent.BREAK) {
                    lock.lock();
                    try {
                        receiver.receiveBreak();
                    } finally {
                        lock.unlock();
                    }
                }
            }

            @Override
            public void writable() {
                lock.lock();
                try {
                    receiver.writable();
                } finally {
                    lock.unlock();
                }
            }
        });
    }
}
