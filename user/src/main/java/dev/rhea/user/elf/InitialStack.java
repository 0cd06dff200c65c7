package dev.rhea.user.elf;

import dev.rhea.engine.abi.LinuxAbi;
import dev.rhea.user.call.Errno;
import java.util.ArrayList;
import java.util.List;

/**
 * The stack a program finds at its first instruction: argument count, argument and environment pointers, the auxiliary
 * vector, and above them the strings (Linux's {@code fs/binfmt_elf} layout as {@code getauxval(3)} and the psABI describe it).
 */
public final class InitialStack {
    public static final int AT_NULL = 0;
    public static final int AT_PHDR = 3;
    public static final int AT_PHENT = 4;
    public static final int AT_PHNUM = 5;
    public static final int AT_PAGESZ = 6;
    public static final int AT_BASE = 7;
    public static final int AT_FLAGS = 8;
    public static final int AT_ENTRY = 9;
    public static final int AT_UID = 11;
    public static final int AT_EUID = 12;
    public static final int AT_GID = 13;
    public static final int AT_EGID = 14;
    public static final int AT_PLATFORM = 15;
    public static final int AT_HWCAP = 16;
    public static final int AT_CLKTCK = 17;
    public static final int AT_SECURE = 23;
    public static final int AT_RANDOM = 25;
    public static final int AT_EXECFN = 31;

    /** Linux refuses a single string longer than this. */
    private static final int MAX_STRING = 32 * 4096;

    /**
     * The identity of who runs.
     *
     * @param uid and the other three as AT_UID and so on
     */
    public record Identity(int uid, int euid, int gid, int egid) {}

    /**
     * What was built.
     *
     * @param pointer the stack pointer, 16-byte aligned
     * @param argumentStart address of the first argument's string, {@code /proc/self/cmdline}'s begin
     * @param argumentEnd one past the last's
     * @param environmentStart likewise for the environment
     * @param environmentEnd one past its last
     * @param auxv the auxiliary vector's bytes as {@code /proc/self/auxv} shows them
     */
    public record Built(
            long pointer,
            long argumentStart,
            long argumentEnd,
            long environmentStart,
            long environmentEnd,
            byte[] auxv) {}

    private final ImageMemory memory;
    private final LinuxAbi abi;
    private long top;

    /** A stack that ends at {@code top}, with {@code size} bytes mapped below. */
    public InitialStack(ImageMemory memory, LinuxAbi abi, long top) {
        this.memory = memory;
        this.abi = abi;
        this.top = top;
    }

    /**
     * Writes it.
     *
     * @param size bytes of stack; the arguments may take a quarter, as in Linux
     * @param name the program's path (AT_EXECFN)
     * @param arguments bytes without the final 0
     * @param environment likewise
     * @param random 16 bytes for AT_RANDOM
     * @throws Errno E2BIG where the strings are too long
     */
    public Built build(
            long size,
            ProgramLoader.Loaded program,
            byte[] name,
            List<byte[]> arguments,
            List<byte[]> environment,
            Identity identity,
            byte[] random) {
        int word = abi.wordSize();
        long strings = name.length + 1L;
        for (List<byte[]> list : List.of(arguments, environment)) {
            for (byte[] s : list) {
                if (s.length >= MAX_STRING) {
                    throw new Errno(Errno.E2BIG);
                }
                strings += s.length + 1L + word;
            }
        }
        if (strings > size / 4) {
            throw new Errno(Errno.E2BIG);
        }
        top -= word; // a null word ends the stack
        long execName = push(name);
        long environmentEnd = top;
        long[] environmentPointers = pushAll(environment);
        long environmentStart = top;
        long argumentEnd = top;
        long[] argumentPointers = pushAll(arguments);
        long argumentStart = top;
        String platformName = abi.platform();
        long platform =
                platformName == null ? 0 : push(platformName.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        top = top - random.length & -16;
        memory.write(top, random, 0, random.length);
        long randomAddress = top;

        List<long[]> aux = new ArrayList<>();
        aux.add(new long[] {AT_PHDR, program.headers()});
        aux.add(new long[] {AT_PHENT, program.headerSize()});
        aux.add(new long[] {AT_PHNUM, program.headerCount()});
        aux.add(new long[] {AT_PAGESZ, 4096});
        aux.add(new long[] {AT_BASE, program.base()});
        aux.add(new long[] {AT_FLAGS, 0});
        aux.add(new long[] {AT_ENTRY, program.entry()});
        aux.add(new long[] {AT_UID, identity.uid()});
        aux.add(new long[] {AT_EUID, identity.euid()});
        aux.add(new long[] {AT_GID, identity.gid()});
        aux.add(new long[] {AT_EGID, identity.egid()});
        aux.add(new long[] {AT_HWCAP, abi.hwcap()});
        aux.add(new long[] {AT_CLKTCK, 100});
        aux.add(new long[] {AT_RANDOM, randomAddress});
        aux.add(new long[] {AT_SECURE, 0});
        aux.add(new long[] {AT_EXECFN, execName});
        if (platform != 0) {
            aux.add(new long[] {AT_PLATFORM, platform});
        }
        aux.add(new long[] {AT_NULL, 0});

        int words = 1 + argumentPointers.length + 1 + environmentPointers.length + 1 + 2 * aux.size();
        byte[] block = new byte[words * word];
        long pointer = top - block.length & -16;
        int at = put(block, 0, arguments.size());
        for (long p : argumentPointers) {
            at = put(block, at, p);
        }
        at = put(block, at, 0);
        for (long p : environmentPointers) {
            at = put(block, at, p);
        }
        at = put(block, at, 0);
        int auxStart = at;
        for (long[] pair : aux) {
            at = put(block, at, pair[0]);
            at = put(block, at, pair[1]);
        }
        memory.write(pointer, block, 0, block.length);
        return new Built(
                pointer,
                argumentStart,
                argumentEnd,
                environmentStart,
                environmentEnd,
                java.util.Arrays.copyOfRange(block, auxStart, block.length));
    }

    /** Writes the strings so that the first is lowest, and returns their addresses. */
    private long[] pushAll(List<byte[]> list) {
        long[] addresses = new long[list.size()];
        for (int i = list.size() - 1; i >= 0; i--) {
            addresses[i] = push(list.get(i));
        }
        return addresses;
    }

    private long push(byte[] string) {
        top -= string.length + 1;
        memory.write(top, string, 0, string.length);
        memory.write(top + string.length, 0, 1);
        return top;
    }

    private int put(byte[] block, int at, long value) {
        int word = abi.wordSize();
        for (int i = 0; i < word; i++) {
            block[at + (abi.bigEndian() ? word - 1 - i : i)] = (byte) (value >>> 8 * i);
        }
        return at + word;
    }
}
