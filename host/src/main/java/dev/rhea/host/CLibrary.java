package dev.rhea.host;

/** Functions of the host's C library, for the kernel to call: signal handlers. */
public final class CLibrary {
    private CLibrary() {}

    /**
     * Where a function is.
     *
     * @param name as the linker knows it, such as "getppid"
     * @return its host address
     * @throws UnsupportedOperationException if the library has none of that name
     */
    public static long address(String name) {
        return NativeCall.DIRECT ? NativeCall.Direct.function(name) : NativeCall.Linked.function(name);
    }
}
