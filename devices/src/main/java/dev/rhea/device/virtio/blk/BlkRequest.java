package dev.rhea.device.virtio.blk;

/** Names of section 5.2: features, request types, status, offsets in the configuration. */
final class BlkRequest {
    static final long VIRTIO_BLK_F_SEG_MAX = 1L << 2;
    static final long VIRTIO_BLK_F_GEOMETRY = 1L << 4;
    static final long VIRTIO_BLK_F_RO = 1L << 5;
    static final long VIRTIO_BLK_F_BLK_SIZE = 1L << 6;
    static final long VIRTIO_BLK_F_SCSI = 1L << 7;
    static final long VIRTIO_BLK_F_FLUSH = 1L << 9;
    static final long VIRTIO_BLK_F_TOPOLOGY = 1L << 10;
    static final long VIRTIO_BLK_F_CONFIG_WCE = 1L << 11;
    static final long VIRTIO_BLK_F_MQ = 1L << 12;
    static final long VIRTIO_BLK_F_DISCARD = 1L << 13;
    static final long VIRTIO_BLK_F_WRITE_ZEROES = 1L << 14;

    static final int VIRTIO_BLK_T_IN = 0;
    static final int VIRTIO_BLK_T_OUT = 1;
    static final int VIRTIO_BLK_T_FLUSH = 4;
    static final int VIRTIO_BLK_T_GET_ID = 8;
    static final int VIRTIO_BLK_T_DISCARD = 11;
    static final int VIRTIO_BLK_T_WRITE_ZEROES = 13;
    /** Legacy: a flag that drivers may set and nobody heeds. */
    static final int VIRTIO_BLK_T_BARRIER = 1 << 31;

    static final byte VIRTIO_BLK_S_OK = 0;
    static final byte VIRTIO_BLK_S_IOERR = 1;
    static final byte VIRTIO_BLK_S_UNSUPP = 2;

    static final int ID_BYTES = 20;
    static final int HEADER_SIZE = 16;
    static final int SEGMENT_SIZE = 16;
    static final int UNMAP = 1;
    static final int SECTOR = 512;

    // struct virtio_blk_config
    static final int CAPACITY = 0;
    static final int SEG_MAX = 12;
    static final int CYLINDERS = 16;
    static final int HEADS = 18;
    static final int SECTORS = 19;
    static final int BLK_SIZE = 20;
    static final int PHYSICAL_BLOCK_EXP = 24;
    static final int MIN_IO_SIZE = 26;
    static final int OPT_IO_SIZE = 28;
    static final int WRITEBACK = 32;
    static final int NUM_QUEUES = 34;
    static final int MAX_DISCARD_SECTORS = 36;
    static final int MAX_DISCARD_SEG = 40;
    static final int DISCARD_SECTOR_ALIGNMENT = 44;
    static final int MAX_WRITE_ZEROES_SECTORS = 48;
    static final int MAX_WRITE_ZEROES_SEG = 52;
    static final int WRITE_ZEROES_MAY_UNMAP = 56;
    static final int CONFIG_SIZE = 60;

    private BlkRequest() {}
}
