package dev.rhea.chardev;

/** Keeps the last bytes of output for a monitor to read. */
public final class RingBufferChardev extends BackEnd {
    /** If the options name no size. */
    public static final int DEFAULT_SIZE = 65536;

    private final byte[] ring;

    /** How many bytes came and went ever; guarded by the ring. */
    private long produced;

    private long consumed;

    /**
     * @param size how many bytes are kept, a power of two
     * @throws ChardevException if it is not
     */
    public RingBufferChardev(String label, long size) throws ChardevException {
        super(label, true);
        if (Long.bitCount(size) != 1 || size < 0) {
            throw new ChardevException("size of ringbuf chardev must be power of two");
        }
        if (size > 1 << 30) {
            throw new ChardevException("size of ringbuf chardev must not be larger than 1 GiB");
        }
        ring = new byte[(int) size];
    }

    @Override
    public String description() {
        return "ringbuf";
    }

    @Override
    int send(byte[] data, int offset, int length) {
        synchronized (ring) {
            for (int i = 0; i < length; i++) {
                ring[(int) (produced++ & ring.length - 1)] = data[offset + i];
            }
            consumed = Math.max(consumed, produced - ring.length);
        }
        return length;
    }

    /** How many bytes there are to read. */
    public int available() {
        synchronized (ring) {
            return (int) (produced - consumed);
        }
    }

    /** Takes the oldest bytes out, at most so many. */
    public byte[] read(int most) {
        synchronized (ring) {
            byte[] taken = new byte[Math.min(most, available())];
            for (int i = 0; i < taken.length; i++) {
                taken[i] = ring[(int) (consumed++ & ring.length - 1)];
            }
            return taken;
        }
    }

    /** Adds bytes as if they had been output: the monitors' {@code ringbuf_write}. */
    public void put(byte[] data) {
        send(data, 0, data.length);
    }

    @Override
    void release() {}
}
