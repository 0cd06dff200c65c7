package jdk.test.whitebox;

import java.lang.reflect.Executable;

/**
 * The few of HotSpot's white-box entry points that Rhea uses. HotSpot binds them to a class of exactly this name on the
 * boot class path when it is started with {@code -XX:+WhiteBoxAPI}; {@code dev.rhea.engine.jit.HotSpot} finds it there,
 * and does without it where it is not.
 */
public final class WhiteBox {
    private static final WhiteBox INSTANCE = new WhiteBox();

    static {
        registerNatives();
    }

    private WhiteBox() {}

    private static native void registerNatives();

    private native boolean enqueueMethodForCompilation0(Executable method, int level, int entryBci);

    private native int getMethodCompilationLevel0(Executable method, boolean osr);

    /**
     * Puts a method into a compiler's queue.
     *
     * @param level 1: C1 without profiling; 3: C1 with profiling; 4: C2
     * @return whether it was queued
     */
    public static boolean compile(Executable method, int level) {
        return INSTANCE.enqueueMethodForCompilation0(method, level, -1);
    }

    /** The level at which the method is compiled now, 0 if it is not. */
    public static int level(Executable method) {
        return INSTANCE.getMethodCompilationLevel0(method, false);
    }
}
