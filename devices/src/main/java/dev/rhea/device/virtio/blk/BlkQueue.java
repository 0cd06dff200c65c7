package dev.rhea.device.virtio.blk;

import dev.rhea.block.BlockBackend;
import dev.rhea.device.virtio.BrokenQueueException;
import dev.rhea.device.virtio.Chain;
import dev.rhea.device.virtio.QueueServer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Does the requests of one queue, on that queue's thread. */
final class BlkQueue implements QueueServer.Service {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final VirtioBlk disk;
    private final BlockBackend backend;
    private final BlkOptions options;
    private final byte[] header = new byte[BlkRequest.HEADER_SIZE];

    BlkQueue(VirtioBlk disk, BlockBackend backend, BlkOptions options) {
        this.disk = disk;
        this.backend = backend;
        this.options = options;
    }

    @Override
    public long serve(Chain chain) throws BrokenQueueException {
        if (chain.take(header, 0, header.length) != header.length) {
            throw new BrokenQueueException("virtio-blk request outhdr too short");
        }
        long status = chain.takeLastWritable();
        if (status == 0) {
            throw new BrokenQueueException("virtio-blk missing headers");
        }
        int type = (int) INT.get(header, 0) & ~BlkRequest.VIRTIO_BLK_T_BARRIER;
        long sector = (long) LONG.get(header, 8);
        long room = chain.writableBytes();
        byte result;
        try {
            result = switch (type) {
                case BlkRequest.VIRTIO_BLK_T_IN -> read(chain, sector);
                case BlkRequest.VIRTIO_BLK_T_OUT -> write(chain, sector);
                case BlkRequest.VIRTIO_BLK_T_FLUSH -> {
                    backend.flush();
                    yield BlkRequest.VIRTIO_BLK_S_OK;
                }
                case BlkRequest.VIRTIO_BLK_T_GET_ID -> {
                    byte[] id = disk.serial();
                    chain.put(0, id, 0, id.length);
                    yield BlkRequest.VIRTIO_BLK_S_OK;
                }
                case BlkRequest.VIRTIO_BLK_T_DISCARD, BlkRequest.VIRTIO_BLK_T_WRITE_ZEROES -> clear(chain, type);
                default -> BlkRequest.VIRTIO_BLK_S_UNSUPP;
            };
        } catch (IOException e) {
            disk.logError(e);
            result = BlkRequest.VIRTIO_BLK_S_IOERR;
        }
        chain.putByte(status, result);
        return room + 1;
    }

    /** Whether a transfer is on the disk, in whole blocks. */
    private boolean isInside(long sector, long bytes) {
        long sectors = backend.size() / BlkRequest.SECTOR;
        return sector >= 0
                && bytes % options.logicalBlockSize() == 0
                && sector % (options.logicalBlockSize() / BlkRequest.SECTOR) == 0
                && sector <= sectors
                && bytes / BlkRequest.SECTOR <= sectors - sector;
    }

    private byte read(Chain chain, long sector) throws IOException {
        long bytes = chain.writableBytes();
        if (!isInside(sector, bytes)) {
            return BlkRequest.VIRTIO_BLK_S_IOERR;
        }
        backend.readVector(sector * BlkRequest.SECTOR, chain.writable(), chain.writableCount());
        chain.written(bytes);
        return BlkRequest.VIRTIO_BLK_S_OK;
    }

    private byte write(Chain chain, long sector) throws IOException {
        if (backend.isReadOnly() || !isInside(sector, chain.readableBytes())) {
            return BlkRequest.VIRTIO_BLK_S_IOERR;
        }
        backend.writeVector(sector * BlkRequest.SECTOR, chain.readable(), chain.readableCount());
        if (disk.isWriteThrough()) {
            backend.flush();
        }
        return BlkRequest.VIRTIO_BLK_S_OK;
    }

    /** Discard and write zeroes: one segment, as the configuration says. */
    private byte clear(Chain chain, int type) throws IOException, BrokenQueueException {
        boolean discard = type == BlkRequest.VIRTIO_BLK_T_DISCARD;
        if (discard ? !options.discard() : !options.writeZeroes()) {
            return BlkRequest.VIRTIO_BLK_S_UNSUPP;
        }
        if (chain.take(header, 0, BlkRequest.SEGMENT_SIZE) != BlkRequest.SEGMENT_SIZE) {
            throw new BrokenQueueException("virtio-blk discard/wzeroes header too short");
        }
        if (backend.isReadOnly() || chain.readableBytes() > 0) {
            return BlkRequest.VIRTIO_BLK_S_IOERR;
        }
        long sector = (long) LONG.get(header, 0);
        long count = (int) INT.get(header, 8) & 0xffffffffL;
        int flags = (int) INT.get(header, 12);
        if ((flags & (discard ? -1 : ~BlkRequest.UNMAP)) != 0) {
            return BlkRequest.VIRTIO_BLK_S_UNSUPP;
        }
        long most = discard ? options.maxDiscardSectors() : options.maxWriteZeroesSectors();
        if (count > most || !isInside(sector, count * BlkRequest.SECTOR)) {
            return BlkRequest.VIRTIO_BLK_S_IOERR;
        }
        if (discard) {
            backend.discard(sector * BlkRequest.SECTOR, count * BlkRequest.SECTOR);
        } else {
            backend.writeZeroes(sector * BlkRequest.SECTOR, count * BlkRequest.SECTOR, (flags & BlkRequest.UNMAP) != 0);
            if (disk.isWriteThrough()) {
                backend.flush();
            }
        }
        return BlkRequest.VIRTIO_BLK_S_OK;
    }
}
