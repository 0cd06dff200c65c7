package dev.rhea.device.flash;

import org.jspecify.annotations.Nullable;

/**
 * An instruction of serial NOR flash: ISSI IS25WP256D data sheet, table 8.1.
 *
 * @param addressBytes 3 or 4; 0 for none, {@link #CURRENT} for as many as the address mode has
 * @param dummyBytes between address and data, in bytes of the width that the instruction has
 */
record NorCommand(Kind kind, int addressBytes, int dummyBytes) {
    /** What an instruction does. */
    enum Kind {
        READ,
        READ_SFDP,
        PROGRAM,
        ERASE_SECTOR,
        ERASE_BLOCK_32K,
        ERASE_BLOCK_64K,
        ERASE_CHIP,
        WRITE_ENABLE,
        WRITE_DISABLE,
        READ_STATUS,
        WRITE_STATUS,
        READ_FUNCTION,
        WRITE_FUNCTION,
        READ_BANK,
        WRITE_BANK,
        ENTER_4_BYTE,
        EXIT_4_BYTE,
        READ_JEDEC_ID,
        READ_DEVICE_ID,
        RELEASE_POWER_DOWN,
        POWER_DOWN,
        READ_PARAMETERS,
        WRITE_PARAMETERS,
        RESET_ENABLE,
        RESET
    }

    static final int CURRENT = -1;

    /** The one of an opcode; null where there is none. */
    static @Nullable NorCommand of(int opcode) {
        return switch (opcode) {
            case 0x03 -> new NorCommand(Kind.READ, CURRENT, 0);
            case 0x13 -> new NorCommand(Kind.READ, 4, 0);
            // Fast reads: eight clocks on one line; four on two, six on four, of which the first two or four are mode
            // bits.
            case 0x0b, 0x3b, 0x6b, 0xbb -> new NorCommand(Kind.READ, CURRENT, 1);
            case 0x0c, 0x3c, 0x6c, 0xbc -> new NorCommand(Kind.READ, 4, 1);
            case 0xeb -> new NorCommand(Kind.READ, CURRENT, 3);
            case 0xec -> new NorCommand(Kind.READ, 4, 3);
            case 0x5a -> new NorCommand(Kind.READ_SFDP, 3, 1);
            case 0x02, 0x32, 0x38 -> new NorCommand(Kind.PROGRAM, CURRENT, 0);
            case 0x12, 0x34, 0x3e -> new NorCommand(Kind.PROGRAM, 4, 0);
            case 0x20, 0xd7 -> new NorCommand(Kind.ERASE_SECTOR, CURRENT, 0);
            case 0x21 -> new NorCommand(Kind.ERASE_SECTOR, 4, 0);
            case 0x52 -> new NorCommand(Kind.ERASE_BLOCK_32K, CURRENT, 0);
            case 0x5c -> new NorCommand(Kind.ERASE_BLOCK_32K, 4, 0);
            case 0xd8 -> new NorCommand(Kind.ERASE_BLOCK_64K, CURRENT, 0);
            case 0xdc -> new NorCommand(Kind.ERASE_BLOCK_64K, 4, 0);
            case 0x60, 0xc7 -> plain(Kind.ERASE_CHIP);
            case 0x06 -> plain(Kind.WRITE_ENABLE);
            case 0x04 -> plain(Kind.WRITE_DISABLE);
            case 0x05 -> plain(Kind.READ_STATUS);
            case 0x01 -> plain(Kind.WRITE_STATUS);
            case 0x48 -> plain(Kind.READ_FUNCTION);
            case 0x42 -> plain(Kind.WRITE_FUNCTION);
            case 0x16, 0xc8 -> plain(Kind.READ_BANK);
            case 0x17, 0xc5 -> plain(Kind.WRITE_BANK);
            case 0xb7 -> plain(Kind.ENTER_4_BYTE);
            case 0x29, 0xe9 -> plain(Kind.EXIT_4_BYTE);
            case 0x9f -> plain(Kind.READ_JEDEC_ID);
            case 0x90 -> new NorCommand(Kind.READ_DEVICE_ID, 3, 0);
            case 0xab -> new NorCommand(Kind.RELEASE_POWER_DOWN, 0, 3);
            case 0xb9 -> plain(Kind.POWER_DOWN);
            case 0x61 -> plain(Kind.READ_PARAMETERS);
            case 0x63, 0x65, 0xc0 -> plain(Kind.WRITE_PARAMETERS);
            case 0x66 -> plain(Kind.RESET_ENABLE);
            case 0x99 -> plain(Kind.RESET);
            default -> null;
        };
    }

    private static NorCommand plain(Kind kind) {
        return new NorCommand(kind, 0, 0);
    }
}
