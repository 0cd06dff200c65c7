package dev.rhea.engine.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.LongPredicate;

/** Where traces go and which are wanted. Thread-safe: what is written at once stays together. */
public final class Log {
    private final Set<LogItem> items;
    private final OutputStream out;
    private final LongPredicate filter;

    /**
     * @param out not closed here
     * @param filter the addresses of code that {@link LogItem#IN_ASM}, OP, EXEC and CPU are told of
     */
    public Log(Set<LogItem> items, OutputStream out, LongPredicate filter) {
        this.items = items.isEmpty() ? EnumSet.noneOf(LogItem.class) : EnumSet.copyOf(items);
        this.out = out;
        this.filter = filter;
    }

    /** A log that nobody wants. */
    public static Log none() {
        return new Log(Set.of(), OutputStream.nullOutputStream(), address -> false);
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
        synchronized (out) {
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
