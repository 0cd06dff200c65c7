package dev.rhea.network.user.tcp;

/** The retransmission timer's time, RFC 6298; all times in nanoseconds. */
final class RoundTrip {
    private static final long MILLISECOND = 1_000_000L;
    private static final long INITIAL = 1000 * MILLISECOND;
    /** Below the RFC's second, as all systems have it; above the 40 ms that guests may delay acknowledgements. */
    private static final long LEAST = 200 * MILLISECOND;

    private static final long MOST = 20_000 * MILLISECOND;

    private long smoothed;
    private long variation;
    private long timeout = INITIAL;
    private int backoff;
    /** Of the segment that is being measured: the sequence number after it. */
    private int measured;

    private long started = -1;

    /** A segment that ends before {@code sequence} goes out, for the first time. */
    void sent(int sequence, long now) {
        if (started < 0) {
            measured = sequence;
            started = now;
        }
    }

    /** Something new was acknowledged, up to {@code acknowledgement}. */
    void acknowledged(int acknowledgement, long now) {
        progress();
        if (started >= 0 && acknowledgement - measured >= 0) {
            sample(now - started);
            started = -1;
        }
    }

    /** The guest has moved: the next time the timer runs out is the first again. */
    void progress() {
        backoff = 0;
    }

    private void sample(long time) {
        if (smoothed == 0) {
            smoothed = time;
            variation = time / 2;
        } else {
            variation += (Math.abs(smoothed - time) - variation) / 4;
            smoothed += (time - smoothed) / 8;
        }
        timeout = Math.clamp(smoothed + Math.max(MILLISECOND, 4 * variation), LEAST, MOST);
    }

    /** Something goes out again: what is on its way says nothing about time any more (Karn's algorithm). */
    void retransmitted() {
        started = -1;
    }

    /** The timer ran out. */
    void backOff() {
        backoff = Math.min(backoff + 1, 16);
        retransmitted();
    }

    long timeout() {
        return Math.min(MOST, timeout << Math.min(backoff, 10));
    }
}
