package dev.rhea.machine.state;

import dev.rhea.machine.state.StateParser.Constant;
import dev.rhea.machine.state.StateParser.Fields;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed tree as a record of a certain type. */
final class StateBinder {
    private static final Map<Class<?>, Class<?>> BOXES = Map.of(
            boolean.class, Boolean.class,
            byte.class, Byte.class,
            short.class, Short.class,
            char.class, Character.class,
            int.class, Integer.class,
            long.class, Long.class,
            float.class, Float.class,
            double.class, Double.class);

    private StateBinder() {}

    static <S extends Record> S bind(Class<S> type, Fields fields) throws BadStateException {
        return type.cast(record(type, fields, type.getSimpleName()));
    }

    /** The value of a component. */
    static @Nullable Object read(Record record, RecordComponent component) {
        try {
            return open(component.getAccessor(), record.getClass()).invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "cannot read " + record.getClass().getName(), e);
        }
    }

    private static <A extends AccessibleObject> A open(A member, Class<?> type) {
        try {
            member.setAccessible(true);
            return member;
        } catch (InaccessibleObjectException e) {
            throw new IllegalArgumentException(
                    type.getName() + " must be public, in a package that its module exports, to be a state", e);
        }
    }

    private static Object record(Class<?> type, Fields fields, String where) throws BadStateException {
        int version = StateWriter.version(type);
        if (fields.version() != version) {
            throw new BadStateException(
                    where + " is of version " + fields.version() + "; only version " + version + " is known here");
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            Object value = fields.values().get(name);
            if (value == null) {
                throw new BadStateException(where + " lacks '" + name + "'");
            }
            types[i] = components[i].getType();
            values[i] = value(components[i].getGenericType(), types[i], value, where + "." + name);
        }
        for (String name : fields.values().keySet()) {
            if (List.of(components).stream()
                    .noneMatch(component -> component.getName().equals(name))) {
                throw new BadStateException(where + " has '" + name + "', which is not known here");
            }
        }
        return construct(type, types, values, where);
    }

    private static Object construct(Class<?> type, Class<?>[] types, Object[] values, String where)
            throws BadStateException {
        try {
            Constructor<?> constructor = open(type.getDeclaredConstructor(types), type);
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            // A record checks its values where it is made.
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new BadStateException(where + ": " + cause.getMessage());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot make a " + type.getName(), e);
        }
    }

    private static Object value(Type generic, Class<?> type, Object value, String where) throws BadStateException {
        if (type.isRecord() && value instanceof Fields fields) {
            return record(type, fields, where);
        }
        if (type.isEnum() && value instanceof Constant constant) {
            return constant(type, constant.name(), where);
        }
        if (type == List.class && value instanceof List<?> list) {
            return list(generic, list, where);
        }
        if (type.isArray() && !type.getComponentType().isPrimitive() && value instanceof List<?> list) {
            return array(type.getComponentType(), list, where);
        }
        if (BOXES.getOrDefault(type, type).isInstance(value) && !(value instanceof List<?>)) {
            return value;
        }
        throw new BadStateException(where + " should be of type " + type.getSimpleName() + " and is a "
                + value.getClass().getSimpleName());
    }

    private static Object constant(Class<?> type, String name, String where) throws BadStateException {
        for (Object each : type.getEnumConstants()) {
            if (((Enum<?>) each).name().equals(name)) {
                return each;
            }
        }
        throw new BadStateException(where + " cannot be '" + name + "'");
    }

    private static List<?> list(Type generic, List<?> list, String where) throws BadStateException {
        Type element = generic instanceof ParameterizedType of ? of.getActualTypeArguments()[0] : Object.class;
        Class<?> type = element instanceof ParameterizedType of ? (Class<?>) of.getRawType() : (Class<?>) element;
        List<Object> result = new ArrayList<>(list.size());
        for (Object each : list) {
            result.add(value(element, type, each, where + "[" + result.size() + "]"));
        }
        return List.copyOf(result);
    }

    private static Object array(Class<?> element, List<?> list, String where) throws BadStateException {
        Object result = Array.newInstance(element, list.size());
        int at = 0;
        for (Object each : list) {
            Array.set(result, at, value(element, element, each, where + "[" + at + "]"));
            at++;
        }
        return result;
    }
}
