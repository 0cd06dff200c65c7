package dev.rhea.device.virtio.ninep;

/** Names and numbers of 9P2000.L. */
final class NineP {
    static final int RLERROR = 7;
    static final int TSTATFS = 8;
    static final int TLOPEN = 12;
    static final int TLCREATE = 14;
    static final int TSYMLINK = 16;
    static final int TMKNOD = 18;
    static final int TRENAME = 20;
    static final int TREADLINK = 22;
    static final int TGETATTR = 24;
    static final int TSETATTR = 26;
    static final int TXATTRWALK = 30;
    static final int TXATTRCREATE = 32;
    static final int TREADDIR = 40;
    static final int TFSYNC = 50;
    static final int TLOCK = 52;
    static final int TGETLOCK = 54;
    static final int TLINK = 70;
    static final int TMKDIR = 72;
    static final int TRENAMEAT = 74;
    static final int TUNLINKAT = 76;
    static final int TVERSION = 100;
    static final int TAUTH = 102;
    static final int TATTACH = 104;
    static final int TFLUSH = 108;
    static final int TWALK = 110;
    static final int TREAD = 116;
    static final int TWRITE = 118;
    static final int TCLUNK = 120;
    static final int TREMOVE = 122;

    /** size[4] type[1] tag[2]. */
    static final int HEADER = 7;

    /** What a reply to Tread has before the data. */
    static final int READ_HEADER = 11;

    /** What Twrite has before the data: fid[4] offset[8] count[4]. */
    static final int WRITE_HEADER = 16;

    static final int MAX_WALK = 16;
    static final int MIN_MSIZE = 4096;
    static final int MAX_MSIZE = 1 << 20;

    static final int QID_SIZE = 13;
    static final int QTDIR = 0x80;
    static final int QTSYMLINK = 0x02;

    static final long GETATTR_BASIC = 0x7ff;
    static final int SETATTR_MODE = 1;
    static final int SETATTR_UID = 1 << 1;
    static final int SETATTR_GID = 1 << 2;
    static final int SETATTR_SIZE = 1 << 3;
    static final int SETATTR_ATIME = 1 << 4;
    static final int SETATTR_MTIME = 1 << 5;
    static final int SETATTR_CTIME = 1 << 6;
    static final int SETATTR_ATIME_SET = 1 << 7;
    static final int SETATTR_MTIME_SET = 1 << 8;

    static final int AT_REMOVEDIR = 0x200;
    static final int LOCK_SUCCESS = 0;
    static final int LOCK_TYPE_UNLCK = 2;

    // The protocol's open flags are Linux's; those that a client may set here.
    static final int O_ACCMODE = 3;
    static final int O_WRONLY = 1;
    static final int O_RDWR = 2;
    static final int O_EXCL = 0x80;
    static final int O_TRUNC = 0x200;
    static final int O_APPEND = 0x400;
    static final int O_DSYNC = 0x1000;
    static final int O_SYNC = 0x10_1000;
    static final int O_PASSED = O_ACCMODE | O_EXCL | O_TRUNC | O_APPEND | O_DSYNC | O_SYNC;

    private NineP() {}
}
