package dev.rhea.user.process;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Something that tasks share by reference (memory, descriptors, directory) and that is closed by the last that lets go. */
final class Shared<T> {
    private final T value;
    private final Consumer<T> close;
    private final AtomicInteger users = new AtomicInteger(1);

    /** With one user. */
    Shared(T value, Consumer<T> close) {
        this.value = value;
        this.close = close;
    }

    T value() {
        return value;
    }

    /** One more user. */
    Shared<T> retain() {
        users.incrementAndGet();
        return this;
    }

    /** One user less. */
    void release() {
        if (users.decrementAndGet() == 0) {
            close.accept(value);
        }
    }

    boolean isShared() {
        return users.get() > 1;
    }
}
