package dev.rhea.host;

import java.lang.invoke.MethodHandle;

/**
 * Calls machine code of our own making.
 *
 * <p>Code gets its arguments and leaves its result as the System V ABI (AMD64 supplement, section 3.2) says: the address of a
 * Java array's first element in {@code rdi}, a number in {@code rsi}, the result in {@code rax}. It preserves {@code rbx},
 * {@code rbp}, {@code r12} to {@code r15}, the direction flag, the x87 control word and the control bits of {@code mxcsr}; it may push on the stack.
 * The upper halves of the vector registers are zero when it returns ({@code vzeroupper}), or Java gets slow.
 *
 * <p>For the JVM the calling thread is in Java code all the time: that makes the call cheap and is why the collector cannot
 * move the array meanwhile. It also means that every safepoint waits for the code to return. So it runs for some tens of
 * microseconds at most, does not wait, calls nothing of the JVM's, and touches no memory that may be unmapped: a signal
 * in it ends the JVM.
 *
 * <p>Why so, in ns per call of {@code mov rax, rsi; ret}, medians of runs on a busy 2-core host; the first use in ms is without
 * an AOT cache (this, with one whose training run made such a call: 1.5):
 * <table>
 * <caption>Ways to call</caption>
 * <tr><th></th><th>C2</th><th>C1</th><th>first use</th></tr>
 * <tr><td>this: stays in Java, heap array</td><td>5.2</td><td>5.4</td><td>4</td></tr>
 * <tr><td>same, off-heap address</td><td>4.8</td><td>5.2</td><td>3</td></tr>
 * <tr><td>same, with thread-state transition</td><td>11</td><td>13</td><td>3</td></tr>
 * <tr><td>public linker, critical(true), cached segment</td><td>6</td><td>35</td><td>85</td></tr>
 * <tr><td>public linker, critical(false), off-heap segment</td><td>7.4</td><td>52</td><td>95</td></tr>
 * <tr><td>public linker, with transition</td><td>11</td><td>48</td><td>90</td></tr>
 * </table>
 */
public final class MachineCode {
    private MachineCode() {}

    /** Loaded by who asks, so that a start that emits nothing pays nothing. */
    private static final class Host {
        static final boolean AVAILABLE = NativeCall.DIRECT
                && RawMemory.INTERNAL
                && System.getProperty("os.arch").equals("amd64")
                && CodeMemory.permitted();
    }

    private static final class Entry {
        static final MethodHandle HANDLE = NativeCall.Direct.critical();
        static final long FIRST = jdk.internal.misc.Unsafe.ARRAY_LONG_BASE_OFFSET;
    }

    /**
     * Whether this host runs machine code that we emit: Linux on x86-64, a launcher that exports the JDK's packages to us
     * ({@code bin/jvm.sh}), and a kernel that lets us map executable memory. If false, nothing else here may be called.
     */
    public static boolean available() {
        return Host.AVAILABLE;
    }

    /**
     * Calls machine code.
     *
     * @param code address of the first instruction, in the {@linkplain CodeMemory#executable executable} view
     * @param state not null; nobody checks which of its elements the code touches
     * @param argument what the code finds in {@code rsi}
     * @return what the code leaves in {@code rax}
     */
    public static long call(long code, long[] state, long argument) {
        try {
            return (long) Entry.HANDLE.invokeExact(code, (Object) state, Entry.FIRST, argument);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
