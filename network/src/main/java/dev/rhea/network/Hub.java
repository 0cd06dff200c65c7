package dev.rhea.network;

import dev.rhea.network.loop.Cable;
import dev.rhea.network.loop.CabledPort;
import dev.rhea.network.loop.EventLoop;
import dev.rhea.network.loop.FrameRing;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A hub: what one of its ports sends, all others get. Cards plug in with {@link #port}, networks with {@link #attach}. With
 * two members it passes on that one has no room; among more, whoever has no room loses.
 */
public final class Hub implements AutoCloseable, EventLoop.Work {
    private static final int RING_BYTES = 1 << 20;
    private static final int BATCH = 256;

    private final EventLoop loop = new EventLoop("network hub", this);
    private final List<Member> members = new CopyOnWriteArrayList<>();

    public Hub() {
        loop.start();
    }

    /** One that is plugged in. */
    private interface Member {
        FrameRing sent();

        /** False if there is no room. */
        boolean deliver(byte[] frame, int offset, int length, boolean hold);

        /** What it has to do in each turn. */
        void turn();

        boolean mayTurn();
    }

    /** A new port for a card. Closing it takes it out of the hub. */
    public Port port() {
        CardMember member = new CardMember();
        members.add(member);
        return member;
    }

    /** Plugs a network in: the hub is its card. Closing the hub does not close it. */
    public void attach(Port network) {
        NetworkMember member = new NetworkMember(network);
        members.add(member);
        network.connect(member);
    }

    @Override
    public void run() {
        for (Member member : members) {
            member.turn();
        }
        for (Member from : members) {
            from.sent().drain((frame, offset, length) -> flood(from, frame, offset, length), BATCH);
        }
    }

    private boolean flood(Member from, byte[] frame, int offset, int length) {
        boolean pair = members.size() == 2;
        for (Member to : members) {
            if (to != from && !to.deliver(frame, offset, length, !pair) && pair) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean pending() {
        for (Member member : members) {
            if (member.mayTurn() || !member.sent().isEmpty() && !stuck(member)) {
                return true;
            }
        }
        return false;
    }

    /** Whether what it sent waits for the only other one. */
    private boolean stuck(Member from) {
        if (members.size() != 2) {
            return false;
        }
        for (Member to : members) {
            if (to != from && to instanceof CardMember card) {
                return card.cable.blocked();
            }
        }
        return false;
    }

    @Override
    public void closed() {}

    @Override
    public void close() {
        loop.close();
    }

    private final class CardMember extends CabledPort implements Member {
        final Cable cable = new Cable(loop);

        @Override
        public FrameRing sent() {
            return cable.sent();
        }

        @Override
        public boolean deliver(byte[] frame, int offset, int length, boolean hold) {
            if (hold) {
                cable.deliverOrHold(frame, offset, length);
                return true;
            }
            return cable.deliver(frame, offset, length);
        }

        @Override
        public void turn() {
            cable.unblock();
        }

        @Override
        public boolean mayTurn() {
            return cable.mayUnblock();
        }

        @Override
        protected Cable cable() {
            return cable;
        }

        @Override
        public void close() {
            members.remove(this);
        }
    }

    private final class NetworkMember implements Member, Receiver {
        private final Port network;
        private final FrameRing ring = new FrameRing(RING_BYTES);
        private volatile boolean refused;

        NetworkMember(Port network) {
            this.network = network;
        }

        @Override
        public boolean receive(byte[] frame, int offset, int length) {
            boolean taken = ring.offer(frame, offset, length);
            if (!taken) {
                refused = true;
                // It may have become empty in between, and nobody would look at 'refused' any more.
                taken = ring.offer(frame, offset, length);
            }
            loop.wake();
            return taken;
        }

        @Override
        public FrameRing sent() {
            return ring;
        }

        @Override
        public boolean deliver(byte[] frame, int offset, int length, boolean hold) {
            network.send(frame, offset, length);
            return true;
        }

        @Override
        public void turn() {
            if (mayTurn()) {
                refused = false;
                network.resume();
            }
        }

        @Override
        public boolean mayTurn() {
            return refused && ring.isEmpty();
        }
    }
}
