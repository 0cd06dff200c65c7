package dev.rhea.block;

import org.jspecify.annotations.Nullable;

/**
 * {@code cache=}: what stands between a guest's writes and the disk.
 *
 * @param text as the option is written
 * @param writeBack whether the guest sees a write cache that it must flush; else every write is flushed by itself
 * @param direct whether the host's page cache is gone around: O_DIRECT
 * @param noFlush whether flushes are ignored
 */
public record CacheMode(String text, boolean writeBack, boolean direct, boolean noFlush) {
    public static final CacheMode WRITEBACK = new CacheMode("writeback", true, false, false);
    public static final CacheMode NONE = new CacheMode("none", true, true, false);
    public static final CacheMode WRITETHROUGH = new CacheMode("writethrough", false, false, false);
    public static final CacheMode DIRECTSYNC = new CacheMode("directsync", false, true, false);
    public static final CacheMode UNSAFE = new CacheMode("unsafe", true, false, true);

    /** The mode of a name ({@code off} is {@code none}), or null where there is none of it. */
    public static @Nullable CacheMode of(String text) {
        return switch (text) {
            case "writeback" -> WRITEBACK;
            case "none", "off" -> NONE;
            case "writethrough" -> WRITETHROUGH;
            case "directsync" -> DIRECTSYNC;
            case "unsafe" -> UNSAFE;
            default -> null;
        };
    }
}
