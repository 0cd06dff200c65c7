package dev.rhea.board;

import org.jspecify.annotations.Nullable;

/**
 * What firmware is told about booting: {@code -boot}. Which devices it tries, and in what order, the devices say
 * ({@code bootindex=}).
 *
 * @param menu whether it shows a menu
 * @param menuWait milliseconds for which it does, 0 to 65535; null for the firmware's own choice
 * @param rebootTimeout milliseconds after which it starts again where nothing boots, -1 to 65535; -1 for never
 * @param strict whether it tries nothing else than those devices
 */
public record BootConfiguration(boolean menu, @Nullable Integer menuWait, int rebootTimeout, boolean strict) {
    /** What holds if nothing is said. */
    public static final BootConfiguration DEFAULT = new BootConfiguration(false, null, -1, false);
}
