package dev.rhea.device.virtio.blk;

import dev.rhea.block.BlockBackend;
import dev.rhea.device.virtio.QueueServer;
import dev.rhea.device.virtio.QueueThread;
import dev.rhea.device.virtio.VirtQueue;
import dev.rhea.device.virtio.VirtioDevice;
import dev.rhea.device.virtio.VirtioFeature;
import dev.rhea.machine.state.BadStateException;
import dev.rhea.machine.state.Stateful;
import dev.rhea.machine.state.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A disk: as many queues as wished, each served by a thread of its own without the machine lock. */
public final class VirtioBlk extends VirtioDevice implements Stateful<VirtioBlk.State> {
    private static final System.Logger LOG = System.getLogger(VirtioBlk.class.getName());
    private static final int ID = 2;

    /** @param writeBack the configuration's writeback field */
    @Version(1)
    public record State(CoreState core, boolean writeBack) {}

    private final BlockBackend backend;
    private final BlkOptions options;
    private final byte[] serial;
    private final List<QueueServer> servers = new ArrayList<>();
    private final List<QueueThread> threads = new ArrayList<>();
    private volatile boolean writeThrough;

    /** @param backend what it stores sectors in; closed by whoever opened it, after this device */
    public VirtioBlk(BlkOptions options, BlockBackend backend) {
        super("virtio-blk-device", ID, options.common(), BlkRequest.CONFIG_SIZE);
        this.options = options;
        this.backend = backend;
        serial = Arrays.copyOf(options.serial().getBytes(StandardCharsets.UTF_8), BlkRequest.ID_BYTES);
        for (int i = 0; i < options.numQueues(); i++) {
            addQueue(options.queueSize());
        }
        fillConfig();
    }

    private void fillConfig() {
        long sectors = backend.size() / BlkRequest.SECTOR;
        config.put(BlkRequest.CAPACITY, 8, sectors);
        config.put(BlkRequest.SEG_MAX, 4, options.segMaxAdjust() ? options.queueSize() - 2 : 126);
        int heads = options.heads() == 0 ? 16 : options.heads();
        int perTrack = options.sectors() == 0 ? 63 : options.sectors();
        long cylinders = options.cylinders() == 0
                ? Math.clamp(sectors / ((long) heads * perTrack), 2, 16383)
                : options.cylinders();
        config.put(BlkRequest.CYLINDERS, 2, cylinders);
        config.put(BlkRequest.HEADS, 1, heads);
        config.put(BlkRequest.SECTORS, 1, perTrack);
        config.put(BlkRequest.BLK_SIZE, 4, options.logicalBlockSize());
        config.put(
                BlkRequest.PHYSICAL_BLOCK_EXP,
                1,
                Math.max(
                        Integer.numberOfTrailingZeros(options.physicalBlockSize())
                                - Integer.numberOfTrailingZeros(options.logicalBlockSize()),
                        0));
        config.put(BlkRequest.MIN_IO_SIZE, 2, options.minIoSize() / options.logicalBlockSize());
        config.put(BlkRequest.OPT_IO_SIZE, 4, options.optIoSize() / options.logicalBlockSize());
        config.put(BlkRequest.WRITEBACK, 1, options.writeBack() ? 1 : 0);
        config.put(BlkRequest.NUM_QUEUES, 2, options.numQueues());
        if (options.discard()) {
            config.put(BlkRequest.MAX_DISCARD_SECTORS, 4, options.maxDiscardSectors());
            config.put(BlkRequest.MAX_DISCARD_SEG, 4, 1);
            config.put(BlkRequest.DISCARD_SECTOR_ALIGNMENT, 4, options.discardAlignment());
        }
        if (options.writeZeroes()) {
            config.put(BlkRequest.MAX_WRITE_ZEROES_SECTORS, 4, options.maxWriteZeroesSectors());
            config.put(BlkRequest.MAX_WRITE_ZEROES_SEG, 4, 1);
            config.put(BlkRequest.WRITE_ZEROES_MAY_UNMAP, 1, 1);
        }
    }

    /** The image's size changed: the guest is told. With the machine lock held. */
    public void resized() {
        config.put(BlkRequest.CAPACITY, 8, backend.size() / BlkRequest.SECTOR);
        configurationChanged();
    }

    @Override
    protected void plugged() {
        for (VirtQueue queue : queues()) {
            QueueServer server = new QueueServer(this, queue, new BlkQueue(this, backend, options));
            servers.add(server);
            threads.add(new QueueThread("virtio-blk queue " + queue.index(), memory().masters(), server));
        }
    }

    @Override
    protected long deviceFeatures() {
        long result = BlkRequest.VIRTIO_BLK_F_SEG_MAX
                | BlkRequest.VIRTIO_BLK_F_GEOMETRY
                | BlkRequest.VIRTIO_BLK_F_BLK_SIZE
                | BlkRequest.VIRTIO_BLK_F_TOPOLOGY;
        if (options.configWce()) {
            result |= BlkRequest.VIRTIO_BLK_F_CONFIG_WCE;
        }
        if (options.configWce() || options.writeBack()) {
            result |= BlkRequest.VIRTIO_BLK_F_FLUSH;
        }
        if (backend.isReadOnly()) {
            result |= BlkRequest.VIRTIO_BLK_F_RO;
        }
        if (options.numQueues() > 1) {
            result |= BlkRequest.VIRTIO_BLK_F_MQ;
        }
        if (options.discard()) {
            result |= BlkRequest.VIRTIO_BLK_F_DISCARD;
        }
        if (options.writeZeroes()) {
            result |= BlkRequest.VIRTIO_BLK_F_WRITE_ZEROES;
        }
        return result;
    }

    /** As the reference: passing SCSI commands is offered, and refused when asked for. */
    @Override
    protected long legacyFeatures(long features) {
        return (features | BlkRequest.VIRTIO_BLK_F_SCSI) & ~VirtioFeature.ANY_LAYOUT;
    }

    @Override
    protected void notified(VirtQueue queue) {
        threads.get(queue.index()).wake();
    }

    /** A driver that cannot flush gets a disk without a write cache. */
    @Override
    protected void driverReady() {
        writeThrough = has(BlkRequest.VIRTIO_BLK_F_CONFIG_WCE)
                ? config.get(BlkRequest.WRITEBACK, 1) == 0
                : !has(BlkRequest.VIRTIO_BLK_F_FLUSH) || !options.writeBack();
    }

    @Override
    protected void configWritten(int offset, long value, int size) {
        if (has(BlkRequest.VIRTIO_BLK_F_CONFIG_WCE)
                && offset <= BlkRequest.WRITEBACK
                && BlkRequest.WRITEBACK < offset + size) {
            long writeBack = value >>> 8 * (BlkRequest.WRITEBACK - offset) & 1;
            config.put(BlkRequest.WRITEBACK, 1, writeBack);
            writeThrough = writeBack == 0;
        }
    }

    @Override
    protected void deviceReset() {
        config.put(BlkRequest.WRITEBACK, 1, options.writeBack() ? 1 : 0);
        writeThrough = !options.writeBack();
    }

    boolean isWriteThrough() {
        return writeThrough;
    }

    byte[] serial() {
        return serial;
    }

    void logError(IOException e) {
        LOG.log(System.Logger.Level.WARNING, "{0}: {1}", type(), e.getMessage());
    }

    @Override
    public void close() {
        threads.forEach(QueueThread::close);
        servers.forEach(QueueServer::close);
        threads.clear();
        servers.clear();
    }

    @Override
    public Class<State> stateType() {
        return State.class;
    }

    @Override
    public State saveState() {
        return new State(saveCore(), config.get(BlkRequest.WRITEBACK, 1) != 0);
    }

    @Override
    public void loadState(State state) throws BadStateException {
        checkCore(state.core());
        config.put(BlkRequest.WRITEBACK, 1, state.writeBack() ? 1 : 0);
        loadCore(state.core());
        driverReady();
    }
}
