package dev.rhea.chardev;

import dev.rhea.host.Descriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Output into a file; input, if there is any, from another one. */
public final class FileChardev extends BackEnd {
    private final FileOutputStream output;
    private final @Nullable Descriptor input;
    private final @Nullable Thread reader;

    private FileChardev(String label, FileOutputStream output, @Nullable Descriptor input) {
        super(label, true);
        this.output = output;
        this.input = input;
        reader = input == null ? null : thread("input", () -> read(input));
    }

    /**
     * @param append whether what is in the file stays
     * @param inputPath where input comes from, or null
     * @throws ChardevException if one of the files cannot be opened
     */
    public static FileChardev open(String label, String path, boolean append, @Nullable String inputPath)
            throws ChardevException {
        try {
            FileOutputStream output = new FileOutputStream(path, append);
            try {
                return new FileChardev(label, output, inputPath == null ? null : Descriptor.open(inputPath, false));
            } catch (IOException e) {
                output.close();
                throw new ChardevException(
                        e.getMessage() == null ? "Could not open '" + inputPath + "'" : e.getMessage(), e);
            }
        } catch (IOException e) {
            throw HostFiles.refused("Could not open", path, e);
        }
    }

    private void read(Descriptor from) {
        byte[] buffer = new byte[4096];
        try {
            for (int room, length; (room = awaitRoom()) > 0; deliver(buffer, 0, length)) {
                length = from.read(buffer, 0, Math.min(room, buffer.length));
                if (length < 0) {
                    return;
                }
            }
        } catch (InterruptedException | IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
    }

    @Override
    public String description() {
        return "file";
    }

    @Override
    int send(byte[] data, int offset, int length) {
        try {
            output.write(data, offset, length);
        } catch (IOException e) {
            // The disk is full. The guest's line does not know.
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
        return length;
    }

    @Override
    void release() {
        if (input != null) {
            input.cancel();
            join(reader, 1000);
            input.close();
        }
        try {
            output.close();
        } catch (IOException e) {
            System.getLogger("dev.rhea.chardev").log(System.Logger.Level.DEBUG, label(), e);
        }
    }
}
