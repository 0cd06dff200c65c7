package dev.rhea.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a signal, which the JVM knows and does not tell. Between the kernel and the JVM's handler stands a piece of machine code
 * that notes the number and jumps on: it calls nothing, takes no lock and touches no register that a handler's arguments are in, so it
 * may run wherever a signal may come. The handler's flags and mask stay the JVM's. On x86-64 alone.
 */
public final class SignalSender {
    /** The kernel's struct sigaction: handler, flags, restorer, mask. */
    private static final int SIGACTION_SIZE = 32;

    private static final int MASK_SIZE = 8;

    private static final boolean X86_64 = System.getProperty("os.arch").equals("amd64");

    /** Where the code stands in its page; before it the number. */
    private static final int CODE = 64;

    /** For the rest of the process's life: the kernel may call it at any time. */
    private final CodeMemory memory;

    private SignalSender(CodeMemory memory) {
        this.memory = memory;
    }

    /**
     * Notes from now on who sends a signal that the JVM has a handler for. The handler is to be installed before, and not replaced
     * afterwards.
     *
     * @param signal its number
     * @return null where the host does not let us
     */
    public static @Nullable SignalSender watch(int signal) {
        CodeMemory memory = X86_64 ? CodeMemory.reserve(4096) : null;
        if (memory == null) {
            return null;
        }
        long action = RawMemory.allocate(SIGACTION_SIZE);
        try {
            if (Syscall.failed(Syscall.call(SyscallNumber.RT_SIGACTION, signal, 0, action, MASK_SIZE))) {
                memory.close();
                return null;
            }
            long handler = RawMemory.getLong(action);
            if (handler == 0 || handler == 1) {
                // Default or ignored: there is nobody to jump to.
                memory.close();
                return null;
            }
            write(memory, handler);
            RawMemory.putLong(action, memory.executable() + CODE);
            if (Syscall.failed(Syscall.call(SyscallNumber.RT_SIGACTION, signal, action, 0, MASK_SIZE))) {
                memory.close();
                return null;
            }
            return new SignalSender(memory);
        } finally {
            RawMemory.free(action);
        }
    }

    private static void write(CodeMemory memory, long handler) {
        byte[] code = {
            (byte) 0x8b,
            0x46,
            0x10, // mov eax, [rsi + 16]: si_pid of the siginfo_t
            0x48,
            (byte) 0xb9,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0, // mov rcx, where it is noted
            (byte) 0x89,
            0x01, // mov [rcx], eax
            0x48,
            (byte) 0xb8,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0, // mov rax, the JVM's handler
            (byte) 0xff,
            (byte) 0xe0 // jmp rax
        };
        long at = memory.writable() + CODE;
        RawMemory.copyIn(code, 0, at, code.length);
        RawMemory.putLong(at + 5, memory.writable());
        RawMemory.putLong(at + 17, handler);
    }

    /** The process that sent the last one; 0 where that was the kernel, as it is for a key of a terminal. */
    public int process() {
        return RawMemory.getInt(memory.writable());
    }

    /** What a process is called: the first word of its command line; null where it is gone. */
    public static @Nullable String name(int process) {
        try {
            String line = Files.readString(Path.of("/proc/" + process + "/cmdline"), StandardCharsets.ISO_8859_1);
            int end = line.indexOf('\0');
            return line.isEmpty() ? null : end < 0 ? line : line.substring(0, end);
        } catch (IOException e) {
            return null;
        }
    }
}
