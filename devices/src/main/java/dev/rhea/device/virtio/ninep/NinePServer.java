package dev.rhea.device.virtio.ninep;

import dev.rhea.device.virtio.BrokenQueueException;
import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.QueueServer;
import dev.rhea.host.Errno;
import dev.rhea.host.FileStatus;
import dev.rhea.host.HostException;
import dev.rhea.host.HostFile;
import dev.rhea.host.RawMemory;
import java.util.Arrays;

/**
 * A 9P2000.L server for one client, request by request. The data of Tread and Twrite goes straight between the file and guest
 * memory. With the queue's lock held.
 */
final class NinePServer implements QueueServer.Service, AutoCloseable {
    private static final String VERSION = "9P2000.L";
    /** Requests but Twrite are no longer than this: names of 64 KiB at most, and Twalk's 16 names of 255. */
    private static final int LONGEST_REQUEST = 1 << 17;

    private static final int NO_FID = -1;

    final SharedFolder folder;
    final Fids fids = new Fids();
    final Request request = new Request(LONGEST_REQUEST);
    final Reply reply = new Reply(NineP.MAX_MSIZE);
    private final FileMessages files;
    private final long slice = RawMemory.allocate(16L * Chain.MAX);
    private int msize;
    private boolean closed;
    private long rootDevice;

    NinePServer(SharedFolder folder) {
        this.folder = folder;
        files = new FileMessages(this);
    }

    int msize() {
        return msize;
    }

    /** Ends the session. */
    void reset() {
        fids.clear();
        msize = 0;
    }

    /** A session that was saved; fids whose files are gone are not open. */
    void restore(int size) {
        reset();
        msize = size;
    }

    @Override
    public long serve(Chain chain) throws BrokenQueueException {
        byte[] bytes = request.bytes();
        if (chain.take(bytes, 0, NineP.HEADER) != NineP.HEADER || chain.writableBytes() < NineP.HEADER) {
            throw new BrokenQueueException("The guest sent a 9P request without room for header or reply");
        }
        int type = bytes[4] & 0xff;
        int tag = bytes[5] & 0xff | (bytes[6] & 0xff) << 8;
        reply.clear();
        long direct = 0;
        try {
            if (type == NineP.TREAD) {
                request.set(chain.take(bytes, 0, NineP.WRITE_HEADER));
                direct = read(chain);
            } else if (type == NineP.TWRITE) {
                request.set(chain.take(bytes, 0, NineP.WRITE_HEADER));
                write(chain);
            } else {
                request.set(chain.take(bytes, 0, bytes.length));
                answer(type);
            }
            reply.finish(type + 1, tag, direct);
        } catch (NinePException e) {
            direct = 0;
            error(e.errno, tag);
        } catch (HostException e) {
            direct = 0;
            error(e.errno, tag);
        }
        chain.put(0, reply.bytes(), 0, reply.length());
        if (direct > 0) {
            chain.written(NineP.READ_HEADER + direct);
        }
        return Math.min(reply.length() + direct, chain.writableBytes());
    }

    private void error(int errno, int tag) {
        reply.clear();
        reply.u32(errno).finish(NineP.RLERROR, tag, 0);
    }

    private void answer(int type) throws NinePException, HostException {
        switch (type) {
            case NineP.TVERSION -> version();
            case NineP.TAUTH -> throw new NinePException(Errno.EOPNOTSUPP);
            case NineP.TATTACH -> attach();
            case NineP.TFLUSH -> {
                // Requests are answered in order: the one to be flushed has been.
            }
            case NineP.TWALK -> walk();
            case NineP.TCLUNK -> Fids.clunk(fids.remove(request.u32()), folder);
            default -> files.answer(type);
        }
    }

    private void version() throws NinePException {
        int size = request.u32();
        String version = request.text();
        reset();
        if (Integer.compareUnsigned(size, NineP.MIN_MSIZE) < 0) {
            throw new NinePException(Errno.EINVAL);
        }
        msize = Integer.compareUnsigned(size, NineP.MAX_MSIZE) > 0 ? NineP.MAX_MSIZE : size;
        reply.u32(msize).text(version.equals(VERSION) ? VERSION : "unknown");
    }

    private void attach() throws NinePException, HostException {
        int number = request.u32();
        int auth = request.u32();
        request.text();
        request.text();
        int user = request.u32();
        if (auth != NO_FID) {
            throw new NinePException(Errno.EINVAL);
        }
        FileStatus status = folder.status("");
        rootDevice = status.device();
        fids.add(number, new Fid("", user));
        qid(status);
    }

    private void walk() throws NinePException, HostException {
        int number = request.u32();
        int newNumber = request.u32();
        int count = request.u16();
        Fid from = fids.file(number);
        if (count > NineP.MAX_WALK || from.file != null && number == newNumber) {
            throw new NinePException(Errno.EINVAL);
        }
        if (number != newNumber) {
            fids.checkNew(newNumber);
        }
        String path = from.path;
        reply.u16(0);
        int done = 0;
        for (; done < count; done++) {
            String name = request.text();
            try {
                path = step(path, name);
                qid(folder.status(path));
            } catch (HostException e) {
                if (done == 0) {
                    throw e;
                }
                break;
            }
        }
        int end = reply.length();
        reply.setLength(NineP.HEADER);
        reply.u16(done);
        reply.setLength(end);
        if (done == count) {
            if (number == newNumber) {
                fids.remove(number);
            }
            fids.add(newNumber, new Fid(path, from.user));
        }
    }

    /** One component further; {@code ..} of the folder itself is itself. */
    private static String step(String path, String name) throws NinePException {
        if (name.isEmpty() || name.indexOf('/') >= 0) {
            throw new NinePException(Errno.ENOENT);
        }
        return switch (name) {
            case "." -> path;
            case ".." -> SharedFolder.parent(path);
            default -> SharedFolder.join(path, name);
        };
    }

    /** A file's identity: its kind, a version that changes with it, its number. */
    void qid(FileStatus status) {
        int kind = status.isDirectory() ? NineP.QTDIR : status.isSymbolicLink() ? NineP.QTSYMLINK : 0;
        long version = status.modifySeconds() ^ status.size() << 8;
        reply.u8(kind).u32(version).u64(identity(status.inode(), status.device()));
    }

    /** Inode numbers of other file systems below the folder are mixed with the system's, so that they do not meet. */
    private long identity(long inode, long device) {
        return device == rootDevice ? inode : inode ^ device * 0x9e37_79b9_7f4a_7c15L;
    }

    // ---- data

    /** @return bytes that went into the reply behind its header; 0 where they are in the reply itself */
    private long read(Chain chain) throws NinePException, HostException {
        Fid fid = fids.get(request.u32());
        long offset = request.u64();
        int asked = request.u32();
        long room = Math.min(Math.max(msize - NineP.READ_HEADER, 0), chain.writableBytes() - NineP.READ_HEADER);
        long count = Math.min(asked & 0xffffffffL, Math.max(room, 0));
        byte[] attribute = fid.attribute;
        if (attribute != null) {
            int from = (int) Math.clamp(offset, 0, attribute.length);
            int length = (int) Math.min(count, attribute.length - from);
            reply.u32(length).raw(Arrays.copyOfRange(attribute, from, from + length), false);
            return 0;
        }
        HostFile file = fid.open();
        int pieces = chain.sliceWritable(NineP.READ_HEADER, count, slice);
        long done = pieces == 0 ? 0 : file.readVector(offset, slice, pieces);
        reply.u32(done);
        return done;
    }

    private void write(Chain chain) throws NinePException, HostException {
        Fid fid = fids.get(request.u32());
        long offset = request.u64();
        long count = Math.min(request.u32() & 0xffffffffL, chain.readableBytes());
        byte[] attribute = fid.attribute;
        if (attribute != null) {
            if (fid.attributeName == null || offset < 0 || offset + count > attribute.length) {
                throw new NinePException(Errno.ENOSPC);
            }
            reply.u32(chain.take(attribute, (int) offset, (int) count));
            fid.attributeWritten = (int) Math.max(fid.attributeWritten, offset + count);
            return;
        }
        HostFile file = fid.open();
        int pieces = chain.sliceReadable(count, slice);
        reply.u32(pieces == 0 ? 0 : file.writeVector(offset, slice, pieces));
    }

    @Override
    public void close() {
        reset();
        if (!closed) {
            closed = true;
            RawMemory.free(slice);
            files.close();
        }
    }
}
