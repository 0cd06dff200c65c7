package dev.rhea.board.fdt;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A flattened device tree: Devicetree Specification 0.4, chapter 5. Written from nodes, or read from a blob that a user gave.
 */
public final class DeviceTree {
    private static final int MAGIC = 0xd00dfeed;
    private static final int VERSION = 17;
    private static final int LAST_COMPATIBLE = 16;
    private static final int HEADER = 40;
    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROP = 3;
    private static final int NOP = 4;
    private static final int END = 9;
    private static final int MAX_DEPTH = 64;

    private final Node root;

    public DeviceTree() {
        this(new Node(""));
    }

    private DeviceTree(Node root) {
        this.root = root;
    }

    public Node root() {
        return root;
    }

    /** The tree of a board whose addresses and sizes have 64 bits. */
    public static DeviceTree of(String compatible, String model) {
        DeviceTree tree = new DeviceTree();
        tree.root
                .cells("#address-cells", 2)
                .cells("#size-cells", 2)
                .text("compatible", compatible)
                .text("model", model);
        return tree;
    }

    /** A node for what is reached by the same addresses: {@code simple-bus}. */
    public Node bus(String name) {
        return root.child(name)
                .cells("#address-cells", 2)
                .cells("#size-cells", 2)
                .text("compatible", "simple-bus")
                .flag("ranges");
    }

    // ---- writing

    /** The blob, with no room in it. */
    public byte[] toBytes() {
        return toBytes(0);
    }

    /**
     * The blob.
     *
     * @param room how many bytes more it says that it has, zeros after its last block, for firmware that adds to it in place
     */
    public byte[] toBytes(int room) {
        var strings = new ByteArrayOutputStream();
        var structure = new ByteArrayOutputStream();
        write(root, structure, strings, new LinkedHashMap<>());
        word(structure, END);
        int reservations = HEADER;
        int structureAt = reservations + 16;
        int stringsAt = structureAt + structure.size();
        ByteBuffer blob = ByteBuffer.allocate(stringsAt + strings.size() + room);
        blob.putInt(MAGIC)
                .putInt(blob.capacity())
                .putInt(structureAt)
                .putInt(stringsAt)
                .putInt(reservations)
                .putInt(VERSION)
                .putInt(LAST_COMPATIBLE)
                .putInt(0)
                .putInt(strings.size())
                .putInt(structure.size());
        blob.putLong(0).putLong(0);
        blob.put(structure.toByteArray()).put(strings.toByteArray());
        return blob.array();
    }

    private static void write(
            Node node, ByteArrayOutputStream to, ByteArrayOutputStream strings, Map<String, Integer> known) {
        word(to, BEGIN_NODE);
        padded(to, (node.name() + "\0").getBytes(StandardCharsets.US_ASCII));
        node.properties().forEach((name, value) -> {
            int at = known.computeIfAbsent(name, n -> {
                int start = strings.size();
                strings.writeBytes((n + "\0").getBytes(StandardCharsets.US_ASCII));
                return start;
            });
            word(to, PROP);
            word(to, value.length);
            word(to, at);
            padded(to, value);
        });
        node.children().forEach(child -> write(child, to, strings, known));
        word(to, END_NODE);
    }

    private static void word(ByteArrayOutputStream to, int value) {
        to.write(value >>> 24);
        to.write(value >>> 16);
        to.write(value >>> 8);
        to.write(value);
    }

    private static void padded(ByteArrayOutputStream to, byte[] bytes) {
        to.writeBytes(bytes);
        while (to.size() % 4 != 0) {
            to.write(0);
        }
    }

    // ---- reading

    /**
     * Reads a blob.
     *
     * @throws BadDeviceTree if it is none, with what is wrong
     */
    public static DeviceTree parse(byte[] bytes) throws BadDeviceTree {
        try {
            ByteBuffer blob = ByteBuffer.wrap(bytes);
            if (bytes.length < HEADER || blob.getInt(0) != MAGIC) {
                throw new BadDeviceTree("it does not begin with the magic number of a flattened device tree");
            }
            if (blob.getInt(4) > bytes.length) {
                throw new BadDeviceTree("it says that it is " + blob.getInt(4) + " bytes long but has " + bytes.length);
            }
            blob.position(blob.getInt(8));
            int stringsAt = blob.getInt(12);
            if (token(blob) != BEGIN_NODE) {
                throw new BadDeviceTree("there is no root node");
            }
            return new DeviceTree(readNode(blob, stringsAt, 0));
        } catch (IndexOutOfBoundsException | IllegalArgumentException | java.nio.BufferUnderflowException e) {
            throw new BadDeviceTree("an offset leads outside of it");
        }
    }

    private static int token(ByteBuffer blob) {
        int token;
        do {
            token = blob.getInt();
        } while (token == NOP);
        return token;
    }

    private static Node readNode(ByteBuffer blob, int stringsAt, int depth) throws BadDeviceTree {
        if (depth > MAX_DEPTH) {
            throw new BadDeviceTree("nodes are nested deeper than " + MAX_DEPTH);
        }
        Node node = new Node(text(blob, blob.position()));
        blob.position(align(blob.position() + node.name().length() + 1));
        for (; ; ) {
            switch (token(blob)) {
                case PROP -> {
                    int length = blob.getInt();
                    String name = text(blob, stringsAt + blob.getInt());
                    if (length < 0 || length > blob.remaining()) {
                        throw new BadDeviceTree("property " + name + " is longer than the tree");
                    }
                    byte[] value = new byte[length];
                    blob.get(value);
                    blob.position(align(blob.position()));
                    node.bytes(name, value);
                }
                case BEGIN_NODE -> node.adopt(readNode(blob, stringsAt, depth + 1));
                case END_NODE -> {
                    return node;
                }
                default -> throw new BadDeviceTree("there is an unknown token before offset " + blob.position());
            }
        }
    }

    private static int align(int at) {
        return at + 3 & -4;
    }

    private static String text(ByteBuffer blob, int at) {
        int end = at;
        while (blob.get(end) != 0) {
            end++;
        }
        return new String(blob.array(), at, end - at, StandardCharsets.US_ASCII);
    }
}
