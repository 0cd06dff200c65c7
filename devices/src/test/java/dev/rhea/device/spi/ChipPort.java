package dev.rhea.device.spi;

import dev.rhea.device.sd.CardHost;
import dev.rhea.machine.memory.AccessRule;
import dev.rhea.machine.memory.Mmio;
import dev.rhea.machine.memory.Region;
import dev.rhea.machine.memory.Registers;

/**
 * A chip's pins as registers, for guests that poke at random: single bytes at any offset, and at some of them what such a guest
 * would hardly come upon, a whole command with its checksum, the initialization of a card, or a whole data block.
 */
public final class ChipPort implements Registers {
    private static final int SIZE = 0x40;

    private final SpiChip chip;

    public ChipPort(SpiChip chip) {
        this.chip = chip;
    }

    public Region region() {
        return new Mmio("chip", SIZE, AccessRule.ANY, this);
    }

    @Override
    public long read(long offset, int size) {
        return chip.exchange(0xff);
    }

    @Override
    public void write(long offset, long value, int size) {
        switch ((int) offset / 8) {
            case 0 -> chip.select((value & 1) != 0);
            case 1 -> {
                for (byte each : CardHost.frame((int) value & 63, (int) (value >>> 8) & 0x1ffe00)) {
                    chip.exchange(each & 0xff);
                }
            }
            case 2 -> new CardHost(chip).initialize();
            case 3 -> {
                chip.exchange((value & 1) != 0 ? 0xfe : 0xfc);
                for (int i = 0; i < 514; i++) {
                    chip.exchange(i & 0xff);
                }
            }
            case 4 -> {
                // Enabled, any instruction with an address and a byte.
                chip.select(false);
                chip.select(true);
                chip.exchange(6);
                chip.select(false);
                chip.select(true);
                for (int i = 0; i < 6; i++) {
                    chip.exchange((int) (value >>> 8 * i) & 0xff);
                }
                chip.select(false);
            }
            default -> {
                for (int i = 0; i < size; i++) {
                    chip.exchange((int) (value >>> 8 * i) & 0xff);
                }
            }
        }
    }
}
