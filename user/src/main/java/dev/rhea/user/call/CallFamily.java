package dev.rhea.user.call;

import org.jspecify.annotations.Nullable;

/** A room full of system calls. */
@FunctionalInterface
public interface CallFamily {
    /**
     * The call with Linux's name ("openat"), or null. Write it as one {@code switch} over method references: each is linked
     * only when a guest first makes the call.
     */
    @Nullable
    Call find(String name);
}
