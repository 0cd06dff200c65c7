package dev.rhea.engine.jit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * Says to HotSpot which compiler is to compile a method, at once. Without it a fresh method runs hundreds of times in
 * HotSpot's own interpreter, then in slow profiled code, and whoever is hot enough reaches C2 whether that pays or not.
 *
 * <p>The way there is HotSpot's white-box interface, which our launcher opens ({@code -XX:+WhiteBoxAPI} and the boot class
 * path); where it is closed, as for an embedder, {@link #available} is false and methods take HotSpot's ordinary course.
 * Measured: a small method is in C1's code 0.1 ms after the request.
 */
public final class HotSpot {
    /** C1's code without profiling: cheap to make, never recompiled by itself. */
    public static final int C1 = 1;

    /** C1's code with profiling: a third slower, and HotSpot itself goes on to C2. */
    public static final int C1_PROFILED = 3;

    /** C2's code. */
    public static final int C2 = 4;

    private static final @Nullable MethodHandle COMPILE =
            find("compile", MethodType.methodType(boolean.class, Executable.class, int.class));
    private static final @Nullable MethodHandle LEVEL =
            find("level", MethodType.methodType(int.class, Executable.class));

    private HotSpot() {}

    private static @Nullable MethodHandle find(String name, MethodType type) {
        try {
            Class<?> box = Class.forName("jdk.test.whitebox.WhiteBox", true, null);
            return MethodHandles.publicLookup().findStatic(box, name, type);
        } catch (ReflectiveOperationException | LinkageError e) {
            return null; // not opened by this JVM's launcher
        }
    }

    /** Whether compilation can be asked for. */
    public static boolean available() {
        return COMPILE != null;
    }

    /**
     * Asks for a method to be compiled in the background.
     *
     * @param level {@link #C1}, {@link #C1_PROFILED} or {@link #C2}
     * @return whether it was queued
     */
    public static boolean compile(Method method, int level) {
        if (COMPILE == null) {
            return false;
        }
        try {
            return (boolean) COMPILE.invokeExact((Executable) method, level);
        } catch (Throwable e) {
            throw new IllegalStateException("HotSpot refused to look at " + method, e);
        }
    }

    /** The level a method is compiled at, 0 if it is not (or nobody can tell). */
    public static int level(Method method) {
        if (LEVEL == null) {
            return 0;
        }
        try {
            return (int) LEVEL.invokeExact((Executable) method);
        } catch (Throwable e) {
            throw new IllegalStateException("HotSpot refused to look at " + method, e);
        }
    }
}
