package dev.rhea.board.riscv;

/** Where what is on {@code virt}: base addresses, sizes in bytes, and PLIC inputs. */
final class VirtMap {
    static final long RESET_ROM = 0x1000;
    static final long RESET_ROM_SIZE = 0xf000;
    static final long TEST = 0x10_0000;
    static final long TEST_SIZE = 0x1000;
    static final long RTC = 0x10_1000;
    static final long RTC_SIZE = 0x1000;
    static final long CLINT = 0x200_0000;
    static final long CLINT_SIZE = 0x1_0000;
    static final long SSWI = 0x2f0_0000;
    static final long PCI_PORTS = 0x300_0000;
    static final long PCI_PORTS_SIZE = 0x1_0000;
    static final long PLATFORM_BUS = 0x400_0000;
    static final long PLATFORM_BUS_SIZE = 0x200_0000;
    static final long PLIC = 0xc00_0000;
    static final long PLIC_SIZE = 0x60_0000;
    static final long UART = 0x1000_0000;
    static final long UART_SIZE = 0x100;
    static final long VIRTIO = 0x1000_1000;
    static final long VIRTIO_STEP = 0x1000;
    static final int VIRTIO_COUNT = 8;
    static final long FW_CFG = 0x1010_0000;
    static final long FW_CFG_SIZE = 0x18;
    static final long FLASH = 0x2000_0000;
    static final long FLASH_BANK_SIZE = 0x200_0000;
    static final int FLASH_SECTOR = 0x4_0000;
    static final long PCI_CONFIG = 0x3000_0000;
    static final long PCI_CONFIG_SIZE = 0x1000_0000;
    static final long PCI_MEMORY = 0x4000_0000;
    static final long PCI_MEMORY_SIZE = 0x4000_0000;
    static final long RAM = 0x8000_0000L;

    static final int VIRTIO_IRQ = 1;
    static final int UART_IRQ = 10;
    static final int RTC_IRQ = 11;
    static final int PCI_IRQ = 32;
    static final int PLIC_SOURCES = 96;
    static final int PLIC_PRIORITIES = 7;

    /** Ticks of {@code time} and {@code mtime} per second. */
    static final int TIMEBASE = 10_000_000;

    private VirtMap() {}

    /** How large the 64-bit PCI window is. With Sv32, physical addresses end at 16 GiB. */
    static long pciHighSize(int xlen) {
        return xlen == 64 ? 0x4_0000_0000L : 0x1_0000_0000L;
    }

    /** Where it begins: at the multiple of its size above RAM; on RV32 at a fixed place. */
    static long pciHigh(int xlen, long ramSize) {
        long size = pciHighSize(xlen);
        return xlen == 64 ? (RAM + ramSize + size - 1) / size * size : 0x3_0000_0000L;
    }
}
