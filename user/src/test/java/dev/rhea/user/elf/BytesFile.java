package dev.rhea.user.elf;

/** A program file made of bytes. */
record BytesFile(byte[] bytes) implements ImageFile {
    @Override
    public String name() {
        return "test.elf";
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public int hostFd() {
        return -1;
    }

    @Override
    public int read(long offset, byte[] to, int at, int length) {
        if (offset < 0 || offset >= bytes.length) {
            return 0;
        }
        int n = (int) Math.min(length, bytes.length - offset);
        System.arraycopy(bytes, (int) offset, to, at, n);
        return n;
    }
}
