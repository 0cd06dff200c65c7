package dev.rhea.chardev;

import dev.rhea.host.Descriptor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A back end over files of the host that have to be waited for: standard input and output, named pipes, serial lines. */
class DescriptorChardev extends BackEnd {
    private final String description;
    private final @Nullable Descriptor input;
    private final @Nullable Descriptor output;
    private final OutputQueue queue;
    private final @Nullable Thread reader;

    /** Both are closed with it and may be the same. Without an input there is none; without an output it is dropped. */
    DescriptorChardev(String label, String description, @Nullable Descriptor input, @Nullable Descriptor output) {
        super(label, true);
        this.description = description;
        this.input = input;
        this.output = output;
        queue = new OutputQueue(this, this::pass);
        reader = input == null ? null : thread("input", () -> read(input));
    }

    private void pass(byte[] data, int offset, int length) throws IOException {
        if (output != null) {
            output.write(data, offset, length);
        }
    }

    private void read(Descriptor from) {
        byte[] buffer = new byte[4096];
        try {
            for (int room; (room = awaitRoom()) > 0; ) {
                int length = from.read(buffer, 0, Math.min(room, buffer.length));
                if (length == Descriptor.CANCELLED) {
                    return;
                }
                if (length == Descriptor.END) {
                    break;
                }
                deliver(buffer, 0, length);
            }
        } catch (InterruptedException e) {
            return;
        } catch (IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
        // Input has ended; output goes on.
        tell(ChardevEvent.CLOSED);
    }

    @Override
    public final String description() {
        return description;
    }

    @Override
    final int send(byte[] data, int offset, int length) {
        return queue.offer(data, offset, length);
    }

    @Override
    void release() {
        queue.finish(1000);
        if (input != null) {
            input.cancel();
        }
        if (output != null) {
            output.cancel();
        }
        join(reader, 1000);
        queue.join();
        if (input != null) {
            input.close();
        }
        if (output != null && output != input) {
            output.close();
        }
    }
}
