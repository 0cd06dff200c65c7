package dev.rhea.network.user.ip;

import dev.rhea.network.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The host's name server: the first that {@code resolv.conf(5)} names, looked up again when the file changes. */
public final class Resolver {
    private final Path file;
    private @Nullable FileTime read;
    private IpAddress server = IpAddress.LOOPBACK4;

    /** @param file {@code /etc/resolv.conf}, if it is there */
    public Resolver(Path file) {
        this.file = file;
    }

    /** The name server; without a file or a server in it the local host, as the manual page says. */
    public IpAddress server() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            if (!changed.equals(read)) {
                read = changed;
                server = first(Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            server = IpAddress.LOOPBACK4;
            read = null;
        }
        return server;
    }

    private static IpAddress first(List<String> lines) {
        for (String line : lines) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 2 && words[0].equals("nameserver")) {
                int zone = words[1].indexOf('%');
                try {
                    return IpAddress.parse(zone < 0 ? words[1] : words[1].substring(0, zone));
                } catch (IllegalArgumentException e) {
                    // The next line may be better.
                }
            }
        }
        return IpAddress.LOOPBACK4;
    }
}
