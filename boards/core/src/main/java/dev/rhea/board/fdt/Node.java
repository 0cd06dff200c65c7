package dev.rhea.board.fdt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node of a device tree. Setters return the node, so that a device's node reads as one expression. */
public final class Node {
    private final String name;
    private final Map<String, byte[]> properties = new LinkedHashMap<>();
    private final List<Node> children = new ArrayList<>();

    Node(String name) {
        this.name = name;
    }

    /** {@code serial@10000000}; empty for the root. */
    public String name() {
        return name;
    }

    public Map<String, byte[]> properties() {
        return Collections.unmodifiableMap(properties);
    }

    public List<Node> children() {
        return Collections.unmodifiableList(children);
    }

    /** The child of that name, made if there is none. */
    public Node child(String childName) {
        for (Node child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        Node made = new Node(childName);
        children.add(made);
        return made;
    }

    /** The child {@code name@address}. */
    public Node child(String childName, long address) {
        return child(childName + "@" + Long.toHexString(address));
    }

    void adopt(Node child) {
        children.add(child);
    }

    /** A property's value, or null. */
    public byte @Nullable [] get(String property) {
        return properties.get(property);
    }

    public Node bytes(String property, byte[] value) {
        properties.put(property, value.clone());
        return this;
    }

    /** A property without a value, which is true by being there. */
    public Node flag(String property) {
        return bytes(property, new byte[0]);
    }

    /** One or more strings. */
    public Node text(String property, String... values) {
        return bytes(property, (String.join("\0", values) + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /** 32-bit cells. */
    public Node cells(String property, int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            buffer.putInt(value);
        }
        return bytes(property, buffer.array());
    }

    /** 64-bit values, two cells each: addresses and sizes. */
    public Node longs(String property, long... values) {
        ByteBuffer buffer = ByteBuffer.allocate(8 * values.length);
        for (long value : values) {
            buffer.putLong(value);
        }
        return bytes(property, buffer.array());
    }
}
