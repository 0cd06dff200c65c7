package dev.rhea.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * System calls of the host's Linux kernel. One native function, {@code syscall(2)} of the C library, serves all, since each
 * new shape of native function costs tens of milliseconds of start-up.
 *
 * <p>Memory arguments are host addresses. A call that waits does not keep the JVM from its safepoints. It may return
 * {@code -EINTR}, though nothing in the JVM sends signals to a thread that waits here, unless it is interrupted on purpose.
 */
public final class Syscall {
    private Syscall() {}

    /** Results in {@code [-MAX_ERRNO, -1]} are negated error numbers. */
    public static final int MAX_ERRNO = 4095;

    private static final MethodHandle HANDLE =
            NativeCall.DIRECT ? NativeCall.Direct.handle() : NativeCall.Linked.handle();
    private static final long FUNCTION = NativeCall.DIRECT ? NativeCall.Direct.function("syscall") : 0;

    /** Where the C library's errno is copied to after each call, before the JVM can disturb it. */
    private static final ThreadLocal<MemorySegment> ERRNO =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ValueLayout.JAVA_LONG));

    /** Whether {@code result} is a negated error number. */
    public static boolean failed(long result) {
        return result < 0 && result >= -MAX_ERRNO;
    }

    /**
     * Makes one call.
     *
     * @param number of {@link SyscallNumber}
     * @return its result, or the negated errno
     */
    public static long call(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        MemorySegment errno = ERRNO.get();
        try {
            long result = NativeCall.DIRECT
                    ? (long) HANDLE.invokeExact(FUNCTION, errno.address(), (long) number, a0, a1, a2, a3, a4, a5)
                    : (long) HANDLE.invokeExact(errno, (long) number, a0, a1, a2, a3, a4, a5);
            // Not errno.get: its var handle costs six new classes, 15 ms of a start.
            return result == -1 ? -RawMemory.getInt(errno.address()) : result;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            java.lang.ref.Reference.reachabilityFence(errno);
        }
    }

    /**
     * Calls another function of the C library that takes integers or pointers, six at most, in the shape that exists
     * already.
     *
     * @param function its address, of {@link CLibrary#address}
     * @return what is in the result register; for a function that returns an {@code int} only its low half counts
     */
    static long function(long function, long a0, long a1, long a2, long a3, long a4, long a5) {
        MemorySegment errno = ERRNO.get();
        try {
            return NativeCall.DIRECT
                    ? (long) HANDLE.invokeExact(function, errno.address(), a0, a1, a2, a3, a4, a5, 0L)
                    : (long) NativeCall.Linked.anyHandle()
                            .invokeExact(MemorySegment.ofAddress(function), errno, a0, a1, a2, a3, a4, a5, 0L);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        } finally {
            java.lang.ref.Reference.reachabilityFence(errno);
        }
    }

    public static long call(int number) {
        return call(number, 0, 0, 0, 0, 0, 0);
    }

    public static long call(int number, long a0) {
        return call(number, a0, 0, 0, 0, 0, 0);
    }

    public static long call(int number, long a0, long a1) {
        return call(number, a0, a1, 0, 0, 0, 0);
    }

    public static long call(int number, long a0, long a1, long a2) {
        return call(number, a0, a1, a2, 0, 0, 0);
    }

    public static long call(int number, long a0, long a1, long a2, long a3) {
        return call(number, a0, a1, a2, a3, 0, 0);
    }

    public static long call(int number, long a0, long a1, long a2, long a3, long a4) {
        return call(number, a0, a1, a2, a3, a4, 0);
    }
}
