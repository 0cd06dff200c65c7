package dev.rhea.engine.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongPredicate;

/** Where traces go and which are wanted. Thread-safe: what is written at once stays together. */
public final class Log implements AutoCloseable {
    /** What is decided when processors are made. */
    public static final Set<LogItem> FIXED = Set.of(LogItem.EXEC, LogItem.CPU);

    /** Replaced as a whole. */
    private volatile Set<LogItem> items;

    private final LongPredicate filter;

    /** Guards the stream: what is written at once stays together. */
    private final Object writing = new Object();

    private OutputStream out;

    /**
     * @param out closed with the log, or when another takes its place
     * @param filter the addresses of code that {@link LogItem#IN_ASM}, OP, EXEC and CPU are told of
     */
    public Log(Set<LogItem> items, OutputStream out, LongPredicate filter) {
        this.items = copy(items);
        this.out = out;
        this.filter = filter;
    }

    /** A log that nobody wants. */
    public static Log none() {
        return new Log(Set.of(), OutputStream.nullOutputStream(), address -> false);
    }

    private static Set<LogItem> copy(Set<LogItem> items) {
        return items.isEmpty() ? EnumSet.noneOf(LogItem.class) : EnumSet.copyOf(items);
    }

    /** What is wanted now. */
    public Set<LogItem> items() {
        return copy(items);
    }

    /**
     * Says what is wanted from now on. {@link LogItem#EXEC} and CPU are left as they are: whether processors are followed is
     * decided when they are made.
     */
    public void setItems(Set<LogItem> wanted) {
        Set<LogItem> next = copy(wanted);
        for (LogItem fixed : FIXED) {
            if (has(fixed)) {
                next.add(fixed);
            } else {
                next.remove(fixed);
            }
        }
        items = next;
    }

    /** Writes elsewhere from now on; what was written to until now is closed. */
    public void setOutput(OutputStream to) {
        synchronized (writing) {
            try {
                out.close();
            } catch (IOException e) {
                // What is lost there was written before.
            }
            out = to;
        }
    }

    /** Closes what is written to; later text is lost. */
    @Override
    public void close() {
        setOutput(OutputStream.nullOutputStream());
    }

    public boolean has(LogItem item) {
        return items.contains(item);
    }

    /** Whether code at this address is to be told of. */
    public boolean covers(long address) {
        return filter.test(address);
    }

    /** Whether anything is wanted that needs a look at every stretch of code before it runs. */
    public boolean followsExecution() {
        return has(LogItem.EXEC) || has(LogItem.CPU);
    }

    /** Writes text, one byte for each character, and flushes it. Where nobody reads any more it is lost. */
    public void write(CharSequence text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        synchronized (writing) {
            try {
                out.write(bytes);
                out.flush();
            } catch (IOException e) {
                // Nobody reads traces any more: the program goes on without.
                return;
            }
        }
    }

    /** Appends a number with 16 hexadecimal digits. */
    public static StringBuilder hex16(StringBuilder s, long value) {
        String digits = Long.toHexString(value);
        return s.append("0".repeat(16 - digits.length())).append(digits);
    }
}
