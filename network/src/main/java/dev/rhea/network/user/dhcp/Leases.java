package dev.rhea.network.user.dhcp;

import dev.rhea.network.IpAddress;
import org.jspecify.annotations.Nullable;

/** Which guest has which address of the pool. */
final class Leases {
    private static final int COUNT = 16;
    private static final long FREE = 0;
    /** Somebody said that the address is taken by somebody we do not know. */
    private static final long DECLINED = -1;

    private final int first;
    private final long[] holders = new long[COUNT];

    /** The pool begins at {@code first}. */
    Leases(IpAddress first) {
        this.first = first.v4();
    }

    /** The address of {@code mac}, the wanted one if it is free, or the first free one; null if there is none. */
    @Nullable
    IpAddress give(long mac, @Nullable IpAddress wanted) {
        for (int i = 0; i < COUNT; i++) {
            if (holders[i] == mac) {
                return address(i);
            }
        }
        int slot = wanted == null ? -1 : slot(wanted);
        if (slot >= 0 && holders[slot] == FREE) {
            holders[slot] = mac;
            return wanted;
        }
        for (int i = 0; i < COUNT; i++) {
            if (holders[i] == FREE) {
                holders[i] = mac;
                return address(i);
            }
        }
        return null;
    }

    void release(IpAddress address, long mac) {
        int slot = slot(address);
        if (slot >= 0 && holders[slot] == mac) {
            holders[slot] = FREE;
        }
    }

    void decline(IpAddress address, long mac) {
        int slot = slot(address);
        if (slot >= 0 && holders[slot] == mac) {
            holders[slot] = DECLINED;
        }
    }

    private IpAddress address(int slot) {
        return IpAddress.v4(first + slot);
    }

    private int slot(IpAddress address) {
        int slot = address.v4() - first;
        return address.isV4() && slot >= 0 && slot < COUNT ? slot : -1;
    }
}
