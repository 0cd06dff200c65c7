package dev.rhea.device.pci;

/**
 * Advanced error reporting (PCI Express Base 3.0, 7.10). The registers are there for software to set up; since nothing on an
 * emulated link ever goes wrong, no error is reported.
 */
final class ErrorReporting {
    private static final int OFFSET = 0x100;
    private static final int VERSION = 2;
    private static final int SIZE = 0x48;
    private static final int UNCOR_STATUS = 0x04;
    private static final int UNCOR_MASK = 0x08;
    private static final int UNCOR_SEVER = 0x0c;
    private static final long UNCORRECTABLE = 0x03ff_f030L;
    private static final long FATAL_AT_FIRST = 0x0046_2030L;
    private static final int COR_STATUS = 0x10;
    private static final int COR_MASK = 0x14;
    private static final int CORRECTABLE = 0xf1c1;
    private static final int MASKED_AT_FIRST = 0xe000;
    private static final int CAP = 0x18;
    private static final int CAP_ECRC_CAPABLE = 0xa0;
    private static final int CAP_ECRC_ENABLE = 0x140;
    private static final int CAP_MULTI_RECORD_CAPABLE = 0x200;
    private static final int CAP_MULTI_RECORD_ENABLE = 0x400;
    private static final int ROOT_COMMAND = 0x2c;
    private static final int ROOT_COMMAND_REPORTING = 0x7;

    private ErrorReporting() {}

    /** Adds the capability at 0x100. @param rootPort whether it has the registers of a root port too */
    static void addTo(PciFunction function, boolean rootPort) {
        ConfigSpace config = function.config();
        function.capabilities().addExtended(OFFSET, PciRegs.EXT_CAP_ID_ERR, VERSION, SIZE);
        config.declare(OFFSET + UNCOR_STATUS, 4, 0, 0, UNCORRECTABLE);
        config.declare(OFFSET + UNCOR_MASK, 4, 0, UNCORRECTABLE);
        config.declare(OFFSET + UNCOR_SEVER, 4, FATAL_AT_FIRST, UNCORRECTABLE);
        config.declare(OFFSET + COR_STATUS, 4, 0, 0, CORRECTABLE);
        config.declare(OFFSET + COR_MASK, 4, MASKED_AT_FIRST, CORRECTABLE);
        config.declare(
                OFFSET + CAP,
                4,
                CAP_ECRC_CAPABLE | (rootPort ? CAP_MULTI_RECORD_CAPABLE : 0),
                CAP_ECRC_ENABLE | (rootPort ? CAP_MULTI_RECORD_ENABLE : 0));
        if (rootPort) {
            config.declare(OFFSET + ROOT_COMMAND, 4, 0, ROOT_COMMAND_REPORTING);
        }
    }
}
