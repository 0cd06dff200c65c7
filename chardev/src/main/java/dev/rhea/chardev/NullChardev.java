package dev.rhea.chardev;

/** Takes all and gives nothing. */
public final class NullChardev extends BackEnd {
    public NullChardev(String label) {
        super(label, true);
    }

    @Override
    public String description() {
        return "null";
    }

    @Override
    int send(byte[] data, int offset, int length) {
        return length;
    }

    @Override
    void release() {}
}
