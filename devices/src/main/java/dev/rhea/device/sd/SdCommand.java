package dev.rhea.device.sd;

/** Commands, responses and tokens of SPI mode: sections 7.3.1.3, 7.3.2 and 7.3.3. */
final class SdCommand {
    static final int GO_IDLE_STATE = 0;
    static final int SEND_OP_COND = 1;
    static final int SWITCH_FUNC = 6;
    static final int SEND_IF_COND = 8;
    static final int SEND_CSD = 9;
    static final int SEND_CID = 10;
    static final int STOP_TRANSMISSION = 12;
    static final int SEND_STATUS = 13;
    static final int SET_BLOCKLEN = 16;
    static final int READ_SINGLE_BLOCK = 17;
    static final int READ_MULTIPLE_BLOCK = 18;
    static final int WRITE_BLOCK = 24;
    static final int WRITE_MULTIPLE_BLOCK = 25;
    static final int ERASE_WR_BLK_START_ADDR = 32;
    static final int ERASE_WR_BLK_END_ADDR = 33;
    static final int ERASE = 38;
    static final int APP_CMD = 55;
    static final int READ_OCR = 58;
    static final int CRC_ON_OFF = 59;

    // After APP_CMD.
    static final int SD_STATUS = 13;
    static final int SEND_NUM_WR_BLOCKS = 22;
    static final int SET_WR_BLK_ERASE_COUNT = 23;
    static final int SD_SEND_OP_COND = 41;
    static final int SET_CLR_CARD_DETECT = 42;
    static final int SEND_SCR = 51;

    // Response R1.
    static final int IDLE = 1;
    static final int ERASE_RESET = 1 << 1;
    static final int ILLEGAL_COMMAND = 1 << 2;
    static final int CRC_ERROR = 1 << 3;
    static final int ERASE_SEQUENCE_ERROR = 1 << 4;
    static final int ADDRESS_ERROR = 1 << 5;
    static final int PARAMETER_ERROR = 1 << 6;

    // The second byte of R2.
    static final int ERROR = 1 << 2;
    static final int WRITE_PROTECT_VIOLATION = 1 << 5;
    static final int ERASE_PARAMETER = 1 << 6;
    static final int OUT_OF_RANGE = 1 << 7;

    // Tokens.
    static final int START_BLOCK = 0xfe;
    static final int START_MULTIPLE = 0xfc;
    static final int STOP_TRAN = 0xfd;
    static final int DATA_ACCEPTED = 0x05;
    static final int DATA_CRC_ERROR = 0x0b;
    static final int DATA_WRITE_ERROR = 0x0d;
    static final int ERROR_TOKEN_ECC = 0x05;
    static final int ERROR_TOKEN_RANGE = 0x09;

    private SdCommand() {}

    /** Whether a card that is not initialized yet takes it. */
    static boolean worksInIdleState(int index, boolean application) {
        return application
                ? index == SD_SEND_OP_COND
                : switch (index) {
                    case GO_IDLE_STATE, SEND_OP_COND, SEND_IF_COND, APP_CMD, READ_OCR, CRC_ON_OFF -> true;
                    default -> false;
                };
    }

    /** Whether an erase sequence survives it. */
    static boolean belongsToErase(int index) {
        return switch (index) {
            case ERASE_WR_BLK_START_ADDR, ERASE_WR_BLK_END_ADDR, ERASE, SEND_STATUS -> true;
            default -> false;
        };
    }
}
