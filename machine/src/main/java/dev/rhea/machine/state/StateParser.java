package dev.rhea.machine.state;

import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bytes as a tree, without knowing any record: what {@link StateWriter} wrote, or damage that ends in {@link
 * BadStateException}. No length is believed before as many bytes are there, so memory is bounded by the bytes' number.
 */
final class StateParser {
    /** A record before it has a type. */
    record Fields(int version, Map<String, Object> values) {}

    /** The name of an enum's constant. */
    record Constant(String name) {}

    /** Deeper than any state, shallower than the stack. */
    private static final int MAX_DEPTH = 64;

    private final ByteBuffer in;

    private StateParser(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    static Fields parse(byte[] bytes) throws BadStateException {
        StateParser parser = new StateParser(bytes);
        Object value = parser.value(0);
        if (!(value instanceof Fields fields)) {
            throw new BadStateException("the state does not begin with a record");
        }
        if (parser.in.hasRemaining()) {
            throw new BadStateException(parser.in.remaining() + " bytes follow the end of the state");
        }
        return fields;
    }

    private void need(long bytes) throws BadStateException {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new BadStateException("the state is cut off or damaged at byte " + in.position() + ": "
                    + Long.toUnsignedString(bytes) + " bytes should follow, " + in.remaining() + " do");
        }
    }

    private int count(long bytesEach) throws BadStateException {
        need(4);
        int count = in.getInt();
        need((count & 0xffffffffL) * bytesEach);
        return count;
    }

    private Object value(int depth) throws BadStateException {
        if (depth > MAX_DEPTH) {
            throw new BadStateException("the state is nested more than " + MAX_DEPTH + " deep");
        }
        need(1);
        char tag = (char) (in.get() & 0xff);
        return switch (tag) {
            case Tag.STRING -> string();
            case Tag.ENUM -> new Constant(string());
            case Tag.ARRAY -> array();
            case Tag.LIST -> list(depth);
            case Tag.RECORD -> record(depth);
            default -> {
                if (Tag.type(tag) == void.class) {
                    throw new BadStateException("the state is damaged at byte " + (in.position() - 1)
                            + ": no value begins with " + (int) tag);
                }
                need(Tag.size(tag));
                yield primitive(tag);
            }
        };
    }

    private Object primitive(char tag) throws BadStateException {
        return switch (tag) {
            case Tag.BOOLEAN -> {
                byte value = in.get();
                if (value != 0 && value != 1) {
                    throw new BadStateException("the state is damaged at byte " + (in.position() - 1) + ": " + value
                            + " is no truth value");
                }
                yield value == 1;
            }
            case Tag.BYTE -> in.get();
            case Tag.SHORT -> in.getShort();
            case Tag.CHAR -> in.getChar();
            case Tag.INT -> in.getInt();
            case Tag.LONG -> in.getLong();
            case Tag.FLOAT -> Float.intBitsToFloat(in.getInt());
            default -> Double.longBitsToDouble(in.getLong());
        };
    }

    private String string() throws BadStateException {
        int length = count(1);
        ByteBuffer part = in.slice(in.position(), length);
        int start = in.position();
        in.position(start + length);
        try {
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(part);
            return text.toString();
        } catch (CharacterCodingException e) {
            throw new BadStateException("the state is damaged at byte " + start + ": no text in UTF-8");
        }
    }

    private Object array() throws BadStateException {
        need(1);
        char tag = (char) (in.get() & 0xff);
        Class<?> type = Tag.type(tag);
        if (type == void.class) {
            throw new BadStateException("the state is damaged at byte " + (in.position() - 1)
                    + ": no array has elements of type " + (int) tag);
        }
        int length = count(Tag.size(tag));
        Object result = Array.newInstance(type, length);
        if (result instanceof byte[] raw) {
            in.get(raw);
            return raw;
        }
        for (int i = 0; i < length; i++) {
            Array.set(result, i, primitive(tag));
        }
        return result;
    }

    private List<Object> list(int depth) throws BadStateException {
        // The smallest value, a truth value, has two bytes.
        int length = count(2);
        List<Object> result = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            result.add(value(depth + 1));
        }
        return result;
    }

    private Fields record(int depth) throws BadStateException {
        need(6);
        int version = in.getInt();
        int components = in.getShort() & 0xffff;
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < components; i++) {
            String name = string();
            if (values.put(name, value(depth + 1)) != null) {
                throw new BadStateException("the state has '" + name + "' twice");
            }
        }
        return new Fields(version, values);
    }
}
