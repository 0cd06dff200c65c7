package dev.rhea.board.riscv;

/** Where what is on {@code sifive_u}: SiFive FU540-C000 manual, chapters 5 "Memory Map" and 10 "PLIC". */
final class SifiveUMap {
    static final long RESET_ROM = 0x1000;
    static final long RESET_ROM_SIZE = 0xf000;
    /** Where harts begin; before it the ROM says how the mode select pins are. */
    static final long RESET_VECTOR = 0x1004;

    static final long CLINT = 0x200_0000;
    static final long L2_CONTROLLER = 0x201_0000;
    static final long PDMA = 0x300_0000;
    static final long PDMA_SIZE = 0x10_0000;
    /** Loosely integrated memory: the L2 cache as RAM. */
    static final long L2_LIM = 0x800_0000;

    static final long L2_LIM_SIZE = 0x200_0000;
    static final long PLIC = 0xc00_0000;
    static final long PLIC_SIZE = 0x400_0000;
    static final long PRCI = 0x1000_0000;
    static final long UART0 = 0x1001_0000;
    static final long UART1 = 0x1001_1000;
    static final long PWM0 = 0x1002_0000;
    static final long PWM1 = 0x1002_1000;
    static final long QSPI0 = 0x1004_0000;
    static final long QSPI2 = 0x1005_0000;
    static final long GPIO = 0x1006_0000;
    static final long OTP = 0x1007_0000;
    static final long GEM = 0x1009_0000;
    static final long GEM_SIZE = 0x2000;
    static final long GEM_MANAGEMENT = 0x100a_0000;
    static final long DDR_CONTROLLER = 0x100b_0000;
    static final long DDR_CONTROLLER_SIZE = 0x1_0000;
    static final long FLASH = 0x2000_0000;
    static final long FLASH_SIZE = 0x1000_0000;
    static final long RAM = 0x8000_0000L;
    /** What the device tree says of register spaces that are smaller. */
    static final long PAGE = 0x1000;

    static final int L2_IRQ = 1;
    static final int UART0_IRQ = 4;
    static final int UART1_IRQ = 5;
    static final int QSPI2_IRQ = 6;
    static final int GPIO_IRQ = 7;
    static final int GPIO_PINS = 16;
    static final int PDMA_IRQ = 23;
    static final int PDMA_IRQS = 8;
    static final int PWM0_IRQ = 42;
    static final int PWM1_IRQ = 46;
    static final int PWM_IRQS = 4;
    static final int QSPI0_IRQ = 51;
    static final int GEM_IRQ = 53;
    static final int PLIC_SOURCES = 53;
    static final int PLIC_PRIORITIES = 7;

    /** The pin whose low level resets the board. */
    static final int RESTART_PIN = 10;

    /** Ticks of {@code time} and {@code mtime} per second. */
    static final int TIMEBASE = 1_000_000;

    /** The crystal, in Hz. */
    static final int HFCLK = 33_333_333;

    private SifiveUMap() {}
}
