package dev.rhea.host;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import jdk.internal.access.SharedSecrets;
import jdk.internal.foreign.SystemLookup;
import jdk.internal.foreign.abi.ABIDescriptor;
import jdk.internal.foreign.abi.NativeEntryPoint;
import jdk.internal.foreign.abi.VMStorage;
import jdk.internal.foreign.abi.aarch64.AArch64Architecture;
import jdk.internal.foreign.abi.x64.X86_64Architecture;

/**
 * The ways into {@code long syscall(long, long, long, long, long, long, long)} and into machine code of our own.
 *
 * <p>The public linker takes 120 ms at start-up (50 with an AOT cache) to think about how seven longs are passed. Where the
 * launcher exports the packages below it to us, and the JDK has them as JDK 25 has, we say it ourselves: 25 ms (6).
 */
final class NativeCall {
    private NativeCall() {}

    /** Whether {@link Direct} is to be used; {@link Linked} if not. */
    static final boolean DIRECT = exported();

    private static boolean exported() {
        Module base = Object.class.getModule();
        Module host = NativeCall.class.getModule();
        if (Runtime.version().feature() != 25 || !System.getProperty("os.name").equals("Linux")) {
            return false;
        }
        return switch (System.getProperty("os.arch")) {
                    case "amd64" -> base.isExported("jdk.internal.foreign.abi.x64", host);
                    case "aarch64" -> base.isExported("jdk.internal.foreign.abi.aarch64", host);
                    default -> false;
                }
                && base.isExported("jdk.internal.foreign.abi", host)
                && base.isExported("jdk.internal.access", host)
                && base.isExported("jdk.internal.foreign", host);
    }

    private static long symbol(SymbolLookup library, String name) {
        var found = library.find(name);
        if (found.isEmpty()) {
            throw new UnsupportedOperationException(
                    "the host's C library has no " + name + "(): Rhea's user mode needs a Linux host");
        }
        return found.get().address();
    }

    /** The public way. The handle takes a segment for errno and seven longs. */
    static final class Linked {
        private Linked() {}

        static long function(String name) {
            return symbol(Linker.nativeLinker().defaultLookup(), name);
        }

        static MethodHandle handle() {
            return anyHandle().bindTo(MemorySegment.ofAddress(function("syscall")));
        }

        /** Takes the function's address as a segment before all else. */
        static MethodHandle anyHandle() {
            var l = ValueLayout.JAVA_LONG;
            return Linker.nativeLinker()
                    .downcallHandle(
                            FunctionDescriptor.of(l, l, l, l, l, l, l, l), Linker.Option.captureCallState("errno"));
        }
    }

    /** The short way. The handle takes the function's address, the address of an int for errno, and seven longs. */
    static final class Direct {
        private Direct() {}

        /** {@code jdk.internal.foreign.abi.CapturableState}'s bit for errno. */
        private static final int CAPTURE_ERRNO = 1 << 2;

        static long function(String name) {
            return symbol(SystemLookup.getInstance(), name);
        }

        static MethodHandle handle() {
            Class<?> l = long.class;
            MethodType type = MethodType.methodType(l, new Class<?>[] {l, l, l, l, l, l, l, l, l});
            boolean x64 = System.getProperty("os.arch").equals("amd64");
            ABIDescriptor abi = x64 ? X64.abi() : Aarch64.abi();
            VMStorage[] in = abi.inputStorage[0];
            VMStorage seventh = x64 ? X86_64Architecture.stackStorage((short) 8, 0) : in[6];
            VMStorage[] moves = {
                abi.targetAddrStorage(), abi.capturedStateStorage(), in[0], in[1], in[2], in[3], in[4], in[5], seventh
            };
            VMStorage[] results = {abi.outputStorage[0][0]};
            NativeEntryPoint entry =
                    NativeEntryPoint.make(abi, moves, results, type, false, CAPTURE_ERRNO, true, false);
            return SharedSecrets.getJavaLangInvokeAccess().nativeMethodHandle(entry);
        }

        /**
         * For x86-64 only. The handle takes the code's address, an array and the offset in bytes of what {@code rdi} is to point
         * at in it, and a long for {@code rsi}. What {@code Linker.Option.critical(true)} means, less the memory segments: the
         * thread stays in Java, so the collector waits, so the array stays.
         */
        static MethodHandle critical() {
            Class<?> l = long.class;
            MethodType type = MethodType.methodType(l, l, Object.class, l, l);
            ABIDescriptor abi = X64.abi();
            VMStorage[] in = abi.inputStorage[0];
            // An object and its offset go into one register: null says that the offset is added to the one before.
            VMStorage[] moves = {abi.targetAddrStorage(), in[0], null, in[1]};
            VMStorage[] results = {abi.outputStorage[0][0]};
            NativeEntryPoint entry = NativeEntryPoint.make(abi, moves, results, type, false, 0, false, true);
            return SharedSecrets.getJavaLangInvokeAccess().nativeMethodHandle(entry);
        }
    }

    /** System V ABI, AMD64 supplement, figure 3.4, as far as integers go. */
    private static final class X64 {
        static ABIDescriptor abi() {
            VMStorage[] in = {
                X86_64Architecture.Regs.rdi,
                X86_64Architecture.Regs.rsi,
                X86_64Architecture.Regs.rdx,
                X86_64Architecture.Regs.rcx,
                X86_64Architecture.Regs.r8,
                X86_64Architecture.Regs.r9
            };
            VMStorage[] out = {X86_64Architecture.Regs.rax};
            VMStorage[] scratch = {X86_64Architecture.Regs.r10, X86_64Architecture.Regs.r11};
            VMStorage[] vector = {X86_64Architecture.Regs.xmm0};
            return X86_64Architecture.abiFor(
                    in, vector, out, vector, 2, scratch, vector, 16, 0, scratch[0], scratch[1]);
        }
    }

    /** Procedure Call Standard for the Arm 64-bit Architecture, section 6, as far as integers go. */
    private static final class Aarch64 {
        static ABIDescriptor abi() {
            VMStorage[] in = {
                AArch64Architecture.Regs.r0,
                AArch64Architecture.Regs.r1,
                AArch64Architecture.Regs.r2,
                AArch64Architecture.Regs.r3,
                AArch64Architecture.Regs.r4,
                AArch64Architecture.Regs.r5,
                AArch64Architecture.Regs.r6
            };
            VMStorage[] out = {AArch64Architecture.Regs.r0};
            VMStorage[] scratch = {AArch64Architecture.Regs.r9, AArch64Architecture.Regs.r10};
            VMStorage[] vector = {AArch64Architecture.Regs.v0};
            return AArch64Architecture.abiFor(in, vector, out, vector, scratch, vector, 16, 0, scratch[0], scratch[1]);
        }
    }
}
