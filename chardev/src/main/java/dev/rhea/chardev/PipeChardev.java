package dev.rhea.chardev;

import dev.rhea.host.Descriptor;
import java.io.IOException;

/** Named pipes: output into PATH.out and input from PATH.in, or both through PATH if these are not there. */
final class PipeChardev {
    private PipeChardev() {}

    /**
     * Opens them, without waiting for the other end.
     *
     * @throws ChardevException if there are none
     */
    static BackEnd open(String label, String path) throws ChardevException {
        // To read and write, so that neither opening nor reading ends when the other end is not there.
        try {
            Descriptor input = Descriptor.open(path + ".in", true);
            try {
                return new DescriptorChardev(label, "pipe", input, Descriptor.open(path + ".out", true));
            } catch (IOException e) {
                input.close();
                throw e;
            }
        } catch (IOException neither) {
            try {
                Descriptor both = Descriptor.open(path, true);
                return new DescriptorChardev(label, "pipe", both, both);
            } catch (IOException e) {
                throw new ChardevException(String.valueOf(e.getMessage()), e);
            }
        }
    }
}
