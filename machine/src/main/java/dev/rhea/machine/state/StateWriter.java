package dev.rhea.machine.state;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as bytes; big-endian. */
final class StateWriter {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    static byte[] write(Record record) {
        StateWriter writer = new StateWriter();
        try {
            writer.value(record, record.getClass().getName());
        } catch (IOException e) {
            throw new AssertionError("memory does not fail", e);
        }
        return writer.bytes.toByteArray();
    }

    /** @param where the value is, for messages */
    private void value(@Nullable Object value, String where) throws IOException {
        switch (value) {
            case null -> throw new IllegalArgumentException(where + " is null, which is no state");
            case Boolean b -> out.writeByte(Tag.BOOLEAN);
            case Byte b -> out.writeByte(Tag.BYTE);
            case Short s -> out.writeByte(Tag.SHORT);
            case Character c -> out.writeByte(Tag.CHAR);
            case Integer i -> out.writeByte(Tag.INT);
            case Long l -> out.writeByte(Tag.LONG);
            case Float f -> out.writeByte(Tag.FLOAT);
            case Double d -> out.writeByte(Tag.DOUBLE);
            case String s -> {
                out.writeByte(Tag.STRING);
                string(s);
            }
            case Enum<?> constant -> {
                out.writeByte(Tag.ENUM);
                string(constant.name());
            }
            case Record record -> record(record);
            case List<?> list -> list(list, where);
            case Object[] array -> list(Arrays.asList(array), where);
            default -> {
                if (!value.getClass().isArray()) {
                    throw new IllegalArgumentException(where + " is a "
                            + value.getClass().getName() + ", of which there is no state: see Stateful");
                }
                array(value);
            }
        }
        primitive(value);
    }

    private void primitive(Object value) throws IOException {
        switch (value) {
            case Boolean b -> out.writeBoolean(b);
            case Byte b -> out.writeByte(b);
            case Short s -> out.writeShort(s);
            case Character c -> out.writeChar(c);
            case Integer i -> out.writeInt(i);
            case Long l -> out.writeLong(l);
            case Float f -> out.writeInt(Float.floatToRawIntBits(f));
            case Double d -> out.writeLong(Double.doubleToRawLongBits(d));
            default -> {}
        }
    }

    private void string(String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private void list(List<?> list, String where) throws IOException {
        out.writeByte(Tag.LIST);
        out.writeInt(list.size());
        int at = 0;
        for (Object each : list) {
            value(each, where + "[" + at++ + "]");
        }
    }

    private void array(Object array) throws IOException {
        int length = Array.getLength(array);
        out.writeByte(Tag.ARRAY);
        out.writeByte(Tag.of(array.getClass().getComponentType()));
        out.writeInt(length);
        if (array instanceof byte[] raw) {
            out.write(raw);
            return;
        }
        for (int i = 0; i < length; i++) {
            primitive(Array.get(array, i));
        }
    }

    private void record(Record record) throws IOException {
        RecordComponent[] components = record.getClass().getRecordComponents();
        out.writeByte(Tag.RECORD);
        out.writeInt(version(record.getClass()));
        out.writeShort(components.length);
        for (RecordComponent component : components) {
            string(component.getName());
            value(StateBinder.read(record, component), record.getClass().getName() + "." + component.getName());
        }
    }

    /** A record's version; 1 for one inside another that does not say. */
    static int version(Class<?> type) {
        Version version = type.getAnnotation(Version.class);
        return version == null ? 1 : version.value();
    }
}
