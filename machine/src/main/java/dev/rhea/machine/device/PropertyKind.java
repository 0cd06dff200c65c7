package dev.rhea.machine.device;

/** What a property's value is, with the name that {@code -device X,help} shows. */
public enum PropertyKind {
    BOOL("bool"),
    UINT8("uint8"),
    UINT16("uint16"),
    UINT32("uint32"),
    UINT64("uint64"),
    INT32("int32"),
    SIZE("size"),
    STRING("str"),
    MAC("str"),
    /** {@code slot[.function]}, or a number that is both: a PCI device's address. */
    PCI_ADDRESS("int32"),
    /** One of {@link Property#choices}. */
    ENUM("str"),
    /** The name of a drive or block node. */
    DRIVE("str"),
    /** The name of a network back end. */
    NETDEV("str"),
    /** The name of a character back end. */
    CHARDEV("str"),
    /** The name of an object of {@code -object} or {@code -fsdev}. */
    LINK("link");

    private final String text;

    PropertyKind(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}
