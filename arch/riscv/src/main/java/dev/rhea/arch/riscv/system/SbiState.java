package dev.rhea.arch.riscv.system;

import dev.rhea.machine.state.Version;
import java.util.List;

/**
 * What the supervisor binary interface remembers between two calls.
 *
 * @param harts in the order of their numbers
 */
@Version(1)
public record SbiState(List<OfHart> harts) {
    /** Hart states: table "HSM Hart States". */
    public enum HartStatus {
        STARTED(0),
        STOPPED(1),
        START_PENDING(2),
        SUSPENDED(4);

        final int code;

        HartStatus(int code) {
            this.code = code;
        }
    }

    /**
     * What is known of a hart.
     *
     * @param requests what other harts asked of it and it has not done yet
     * @param beginsAnew whether a hart that is suspended goes on at {@code pc}, and not behind its call
     * @param pc physical address, where it begins anew
     * @param opaque what it then finds in a1
     */
    public record OfHart(HartStatus status, List<Request> requests, boolean beginsAnew, long pc, long opaque) {}

    /** What a request asks for. */
    public enum Kind {
        /** To begin in S mode: {@code first} is the pc and {@code second} what it finds in a1. */
        BEGIN,
        /** To forget translations of all address spaces: {@code first} is the start and {@code second} the size, in bytes. */
        FENCE,
        /** To forget translations of the address space {@code asid}. */
        FENCE_OF_SPACE
    }

    /** Something that a hart is to do before its next instruction. @param asid -1 for all */
    public record Request(Kind kind, long first, long second, long asid) {}
}
