package dev.rhea.device.net;

/**
 * Registers, their bits and the descriptors' of Cadence's gigabit Ethernet MAC: Zynq-7000 Technical Reference Manual, chapter 16
 * and appendix B.18, and for 64-bit addresses Cadence's GEM_GXL.
 */
final class GemRegs {
    // net_ctrl
    static final int LOOPBACK_LOCAL = 1 << 1;
    static final int RX_ENABLE = 1 << 2;
    static final int TX_ENABLE = 1 << 3;
    static final int MANAGEMENT_ENABLE = 1 << 4;
    static final int CLEAR_STATISTICS = 1 << 5;
    static final int INCREMENT_STATISTICS = 1 << 6;
    static final int WRITE_STATISTICS = 1 << 7;
    static final int START_TX = 1 << 9;
    /** The bits that stay: the others are orders. */
    static final int CONTROL_KEPT = 0xc19f;

    // net_cfg
    static final int DISCARD_NON_VLAN = 1 << 2;
    static final int JUMBO = 1 << 3;
    static final int COPY_ALL = 1 << 4;
    static final int NO_BROADCAST = 1 << 5;
    static final int MULTICAST_HASH = 1 << 6;
    static final int UNICAST_HASH = 1 << 7;
    static final int RECEIVE_1536 = 1 << 8;
    static final int RX_OFFSET_SHIFT = 14;
    static final int LENGTH_ERROR_DISCARD = 1 << 16;
    static final int FCS_REMOVE = 1 << 17;
    static final int DISCARD_PAUSE = 1 << 23;
    static final int RX_CHECKSUM = 1 << 24;

    // dma_cfg
    static final int TX_CHECKSUM = 1 << 11;
    static final int RX_BUFFER_SHIFT = 16;
    static final int RX_BUFFER_UNIT = 64;
    static final int ADDRESS_64 = 1 << 30;

    // tx_status
    static final int TX_USED_READ = 1;
    static final int TX_CORRUPT = 1 << 4;
    static final int TX_COMPLETE = 1 << 5;
    static final int TX_RESPONSE_ERROR = 1 << 8;
    static final int TX_STATUS = 0x1f7;

    // rx_status
    static final int RX_NO_BUFFER = 1;
    static final int RX_RECEIVED = 1 << 1;
    static final int RX_RESPONSE_ERROR = 1 << 3;
    static final int RX_STATUS = 0xf;

    // intr_status
    static final int INT_MANAGEMENT = 1;
    static final int INT_RX_COMPLETE = 1 << 1;
    static final int INT_RX_USED = 1 << 2;
    static final int INT_TX_USED = 1 << 3;
    static final int INT_TX_CORRUPT = 1 << 6;
    static final int INT_TX_COMPLETE = 1 << 7;
    static final int INT_RESPONSE_ERROR = 1 << 11;
    static final int INTERRUPTS = 0x7ffffff;

    // Descriptors: word 0 of receive buffers, word 1 of transmit buffers.
    static final int RX_USED = 1;
    static final int RX_WRAP = 2;
    static final int RX_START = 1 << 14;
    static final int RX_END = 1 << 15;
    static final int RX_VLAN = 1 << 21;
    static final int RX_PRIORITY_TAG = 1 << 20;
    static final int RX_BROADCAST = 1 << 31;
    static final int RX_MULTICAST_HASH = 1 << 30;
    static final int RX_UNICAST_HASH = 1 << 29;
    static final int RX_SPECIFIC = 1 << 27;
    static final int RX_SPECIFIC_SHIFT = 25;
    static final int RX_TYPE_MATCH = 1 << 24;
    static final int RX_TYPE_SHIFT = 22;
    static final int TX_USED = 1 << 31;
    static final int TX_WRAP = 1 << 30;
    static final int TX_NO_CRC = 1 << 16;
    static final int TX_LAST = 1 << 15;
    static final int TX_LENGTH = 0x3fff;

    private GemRegs() {}
}
