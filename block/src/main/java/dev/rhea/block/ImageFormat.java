package dev.rhea.block;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Formats of images, by what their files begin with. */
public enum ImageFormat {
    /** Versions 2 and 3. */
    QCOW2("qcow2", new Magic(0, "QFI\u00fb\0\0\0\2"), new Magic(0, "QFI\u00fb\0\0\0\3")),
    QCOW("qcow", new Magic(0, "QFI\u00fb\0\0\0\1")),
    VMDK("vmdk", new Magic(0, "KDMV"), new Magic(0, "COWD"), new Magic(0, "# Disk DescriptorFile")),
    VDI("vdi", new Magic(0x40, "\u007f\u0010\u00da\u00be")),
    VHDX("vhdx", new Magic(0, "vhdxfile")),
    VPC("vpc", new Magic(0, "conectix")),
    QED("qed", new Magic(0, "QED\0")),
    LUKS("luks", new Magic(0, "LUKS\u00ba\u00be")),
    PARALLELS("parallels", new Magic(0, "WithoutFreeSpace"), new Magic(0, "WithouFreSpacExt")),
    BOCHS("bochs", new Magic(0, "Bochs Virtual HD Image"));

    /** How much of a file's beginning tells its format. */
    public static final int HEAD = 512;

    /** What stands at an offset: a character for each byte. */
    private record Magic(int offset, String bytes) {
        boolean isIn(byte[] head) {
            byte[] wanted = bytes.getBytes(StandardCharsets.ISO_8859_1);
            return head.length >= offset + wanted.length
                    && Arrays.equals(head, offset, offset + wanted.length, wanted, 0, wanted.length);
        }
    }

    private final String text;
    private final List<Magic> magics;

    ImageFormat(String text, Magic... magics) {
        this.text = text;
        this.magics = List.of(magics);
    }

    /** The name that {@code format=} takes. */
    public String text() {
        return text;
    }

    /** The format of a file that begins so; null for what looks like none of them, and so is raw. */
    public static @Nullable ImageFormat of(byte[] head) {
        for (ImageFormat format : values()) {
            for (Magic magic : format.magics) {
                if (magic.isIn(head)) {
                    return format;
                }
            }
        }
        return null;
    }

    /** The format of that name, or null. */
    static @Nullable ImageFormat named(String name) {
        for (ImageFormat format : values()) {
            if (format.text.equals(name)) {
                return format;
            }
        }
        return null;
    }
}
