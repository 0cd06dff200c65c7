package dev.rhea.user.file.layout;

import dev.rhea.engine.abi.LinuxAbi;
import java.nio.ByteOrder;

/**
 * What a C compiler has to know to lay a structure out.
 *
 * @param wordSize bytes in a {@code long} and in a pointer: 4 or 8
 * @param bigEndian the byte order
 * @param longLongAlignment alignment of 64-bit members: 8, or 4 where the ABI says so (i386, m68k)
 */
public record DataModel(int wordSize, boolean bigEndian, int longLongAlignment) {
    /** The host's kernel: 64 bits, the JVM's byte order. */
    public static final DataModel HOST = new DataModel(8, ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN, 8);

    private static final int EM_386 = 3;
    private static final int EM_68K = 4;

    /** The guest's model. */
    public static DataModel of(LinuxAbi abi) {
        int machine = abi.elfMachine();
        return new DataModel(abi.wordSize(), abi.bigEndian(), machine == EM_386 || machine == EM_68K ? 4 : 8);
    }

    /** Whether guest structures can be read as the host's, but for their members' order. */
    public boolean likeHost() {
        // Not equals: what the compiler makes for a record is linked at its first use, which every start would pay for.
        return wordSize == HOST.wordSize && bigEndian == HOST.bigEndian && longLongAlignment == HOST.longLongAlignment;
    }
}
