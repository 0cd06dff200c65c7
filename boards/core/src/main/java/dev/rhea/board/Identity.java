package dev.rhea.board;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who a machine is, for people and for its guest.
 *
 * @param name what monitors call it, or null
 * @param uuid which firmware tells the guest, or null
 */
public record Identity(@Nullable String name, @Nullable UUID uuid) {
    /** A machine that nobody gave a name. */
    public static final Identity NONE = new Identity(null, null);
}
