package dev.rhea.device.virtio;

/** The layout of a virtqueue in guest memory. With the queue's lock held. */
sealed interface Ring permits SplitRing, PackedRing {
    /** Finds its parts anew: the memory map changed. */
    void map() throws BrokenQueueException;

    /** The next request that the driver made available. @return false if there is none */
    boolean pop(Chain chain) throws BrokenQueueException;

    /** Gives back the request that was popped last. Only where nothing was pushed since. */
    void unpop(Chain chain);

    /** Puts a request among the used ones; the driver sees it after {@link #publish}. */
    void push(Chain chain, long written) throws BrokenQueueException;

    /** Shows the driver what was pushed. */
    void publish();

    /** Whether the driver wants an interrupt for what was published since it was last asked. */
    boolean wantsInterrupt();

    /** Asks the driver to notify of new requests, or to spare that. */
    void setNotification(boolean on);

    /** Whether the driver made more available. */
    boolean hasNext() throws BrokenQueueException;

    /** Where it stands: for {@link VirtQueue.State}. */
    int position();

    int usedPosition();
}
