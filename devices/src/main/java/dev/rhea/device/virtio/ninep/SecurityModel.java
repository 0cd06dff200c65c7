package dev.rhea.device.virtio.ninep;

import org.jspecify.annotations.Nullable;

/** {@code security_model=}: whose files the guest's are on the host. */
public enum SecurityModel {
    /** Files are the host user's; what the guest wants of owners is tried and does not matter. */
    NONE("none"),
    /** Files are the guest's users', by number: the host user has to be root. */
    PASSTHROUGH("passthrough"),
    /** Owners, modes and kinds of files are kept in extended attributes. */
    MAPPED_XATTR("mapped-xattr");

    private final String text;

    SecurityModel(String text) {
        this.text = text;
    }

    /** As the option is written. */
    public String text() {
        return text;
    }

    /** The model of a name ({@code mapped} is {@code mapped-xattr}), or null. */
    public static @Nullable SecurityModel of(String text) {
        if (text.equals("mapped")) {
            return MAPPED_XATTR;
        }
        for (SecurityModel model : values()) {
            if (model.text.equals(text)) {
                return model;
            }
        }
        return null;
    }
}
