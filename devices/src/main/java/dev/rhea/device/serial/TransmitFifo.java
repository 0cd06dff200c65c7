package dev.rhea.device.serial;

/** Characters that wait to be sent. */
final class TransmitFifo {
    private final byte[] entries = new byte[ReceiveFifo.DEPTH];
    private int first;
    private int count;

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Appends one, or returns false where {@code depth} are here. */
    boolean add(byte value, int depth) {
        if (count >= depth) {
            return false;
        }
        entries[(first + count++) % entries.length] = value;
        return true;
    }

    /** The first one. There must be one. */
    byte peek() {
        return entries[first];
    }

    /** Takes the first one out. There must be one. */
    byte take() {
        byte value = entries[first];
        first = (first + 1) % entries.length;
        count--;
        return value;
    }

    void clear() {
        first = 0;
        count = 0;
    }

    /** All, the first one first. */
    byte[] save() {
        byte[] result = new byte[count];
        for (int i = 0; i < count; i++) {
            result[i] = entries[(first + i) % entries.length];
        }
        return result;
    }

    void load(byte[] saved) {
        clear();
        System.arraycopy(saved, 0, entries, 0, saved.length);
        count = saved.length;
    }
}
