package dev.rhea.chardev;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of one {@code -chardev} option, or of the monitors' {@code chardev-add}, and the back end they ask for.
 * The first key is {@code backend}; {@code id} is the label.
 */
public final class ChardevOptions {
    /** What a parameter's value is. */
    public enum Type {
        /** Any text. */
        TEXT,
        /** {@code on} or {@code off}. */
        FLAG,
        /** A number, not negative. */
        NUMBER,
        /** A number of bytes; here without a suffix, which whoever reads the user's text has multiplied out. */
        SIZE
    }

    /** All parameters of all back ends but {@code id}. Each back end ignores those that mean nothing to it, as the reference does. */
    public static final Map<String, Type> PARAMETERS = Map.ofEntries(
            Map.entry("backend", Type.TEXT),
            Map.entry("path", Type.TEXT),
            Map.entry("input-path", Type.TEXT),
            Map.entry("host", Type.TEXT),
            Map.entry("port", Type.TEXT),
            Map.entry("fd", Type.TEXT),
            Map.entry("localaddr", Type.TEXT),
            Map.entry("localport", Type.TEXT),
            Map.entry("to", Type.NUMBER),
            Map.entry("ipv4", Type.FLAG),
            Map.entry("ipv6", Type.FLAG),
            Map.entry("wait", Type.FLAG),
            Map.entry("server", Type.FLAG),
            Map.entry("delay", Type.FLAG),
            Map.entry("nodelay", Type.FLAG),
            Map.entry("reconnect", Type.NUMBER),
            Map.entry("telnet", Type.FLAG),
            Map.entry("websocket", Type.FLAG),
            Map.entry("tls-creds", Type.TEXT),
            Map.entry("tls-authz", Type.TEXT),
            Map.entry("abstract", Type.FLAG),
            Map.entry("tight", Type.FLAG),
            Map.entry("mux", Type.FLAG),
            Map.entry("signal", Type.FLAG),
            Map.entry("size", Type.SIZE),
            Map.entry("chardev", Type.TEXT),
            Map.entry("append", Type.FLAG),
            Map.entry("logfile", Type.TEXT),
            Map.entry("logappend", Type.FLAG));

    /** What {@code -chardev help} prints. */
    public static final String HELP = """
            Kinds of character devices:
              file     output into a file (path=, append=, input-path=)
              mux      several front ends on another one (chardev=)
              null     nothing comes, what goes is dropped
              pipe     named pipes PATH.in and PATH.out, or one for both (path=)
              pty      a pseudo terminal; its name is printed (path= for a link to it)
              ringbuf  the last bytes of output, for a monitor to read (size=)
              socket   TCP (host=, port=) or a host's socket (path=); server=on listens
              stdio    standard input and output (signal=)
              udp      datagrams (host=, port=, localaddr=, localport=)
            For all: id=, mux=on, logfile=, logappend=on.
            """;

    private static final Set<String> BACK_ENDS =
            new TreeSet<>(List.of("file", "memory", "mux", "null", "pipe", "pty", "ringbuf", "socket", "stdio", "udp"));

    private final Map<String, String> values;
    private final String label;
    private final String backEnd;

    /**
     * @param values with {@code id} and {@code backend}
     * @throws ChardevException if one is missing, or unknown, or not of its {@link Type}
     */
    public ChardevOptions(Map<String, String> values) throws ChardevException {
        this.values = values;
        for (String name : values.keySet()) {
            Type type = PARAMETERS.get(name);
            if (type == null && !name.equals("id")) {
                throw new ChardevException("Invalid parameter '" + name + "'");
            }
            if (type == Type.FLAG) {
                flag(name, false);
            } else if (type == Type.NUMBER || type == Type.SIZE) {
                number(name, 0);
            }
        }
        label = required("id", "chardev: no id specified");
        backEnd = required("backend", "chardev: \"" + label + "\" missing backend");
        if (!BACK_ENDS.contains(backEnd)) {
            throw new ChardevException("'" + backEnd + "' is not a valid char driver name");
        }
    }

    /** The {@code id}. */
    public String label() {
        return label;
    }

    /** The kind of back end. */
    public String backEnd() {
        return backEnd;
    }

    /** Whether several front ends are to share it. */
    public boolean multiplexed() throws ChardevException {
        return flag("mux", false);
    }

    /** The label of what a {@code mux} is to be on. */
    String base() throws ChardevException {
        return required("chardev", "chardev: mux: no chardev given");
    }

    /**
     * Makes the back end, which opens files and sockets and may wait for somebody to connect. A {@code mux} is not made here.
     *
     * @param as its label, which differs from the {@code id} if it is multiplexed
     * @param messages is told what the user should know: that somebody is waited for, which terminal it is
     */
    Chardev open(String as, Consumer<String> messages) throws ChardevException {
        OutputLog log = OutputLog.open(values.get("logfile"), flag("logappend", false));
        try {
            BackEnd made = switch (backEnd) {
                case "file" ->
                    FileChardev.open(
                            as,
                            required("path", "chardev: file: no filename given"),
                            flag("append", false),
                            values.get("input-path"));
                case "null" -> new NullChardev(as);
                case "pipe" -> PipeChardev.open(as, required("path", "chardev: pipe: no device path given"));
                case "pty" -> PtyChardev.open(as, values.get("path"));
                case "ringbuf", "memory" -> new RingBufferChardev(as, ringSize());
                case "socket" -> socket(as, messages);
                case "stdio" -> StdioChardev.open(as, flag("signal", true));
                case "udp" -> udp(as);
                default -> throw new IllegalStateException(backEnd + " is made elsewhere");
            };
            if (log != null) {
                made.logTo(log);
            }
            if (made instanceof PtyChardev pty) {
                messages.accept("char device redirected to " + pty.path() + " (label " + label + ")");
            }
            return made;
        } catch (ChardevException e) {
            if (log != null) {
                log.close();
            }
            throw e;
        }
    }

    private long ringSize() throws ChardevException {
        long size = number("size", 0);
        return size == 0 ? RingBufferChardev.DEFAULT_SIZE : size;
    }

    private BackEnd socket(String as, Consumer<String> messages) throws ChardevException {
        for (String missing : List.of("fd", "tls-creds", "tls-authz", "websocket")) {
            if (values.containsKey(missing) && !"off".equals(values.get(missing))) {
                throw new ChardevException("chardev: socket: '" + missing + "' is not supported by Rhea");
            }
        }
        String path = values.get("path");
        boolean server = flag("server", false);
        if (path != null && values.containsKey("host")) {
            throw new ChardevException("None or one of 'path', 'fd' or 'host' option required.");
        }
        if (path == null && !values.containsKey("port")) {
            throw new ChardevException(
                    values.containsKey("host")
                            ? "chardev: socket: no port given"
                            : "chardev: socket: neither 'path' nor 'host' and 'port' given");
        }
        if (!server && values.containsKey("wait")) {
            throw new ChardevException("'wait' option is incompatible with socket in client connect mode");
        }
        long reconnect = number("reconnect", 0);
        if (server && reconnect != 0) {
            throw new ChardevException("'reconnect' option is incompatible with socket in server listen mode");
        }
        SocketPlace place = path != null ? unix(path) : tcp();
        boolean telnet = flag("telnet", false);
        return server
                ? SocketChardev.server(as, place, flag("wait", true), telnet, messages)
                : SocketChardev.client(as, place, telnet, Math.min(reconnect, Integer.MAX_VALUE) * 1000, messages);
    }

    private SocketPlace unix(String path) throws ChardevException {
        if (path.isEmpty()) {
            throw new ChardevException("chardev: socket: 'path' is empty");
        }
        return new UnixPlace(path, flag("abstract", false), flag("tight", true));
    }

    private SocketPlace tcp() throws ChardevException {
        boolean noDelay = flag("nodelay", false) || !flag("delay", true);
        int last = (int) Math.min(number("to", 0), 65535);
        return new TcpPlace(
                values.getOrDefault("host", ""),
                values.getOrDefault("port", ""),
                last,
                flagIfGiven("ipv4"),
                flagIfGiven("ipv6"),
                noDelay);
    }

    private BackEnd udp(String as) throws ChardevException {
        String port = values.getOrDefault("port", "");
        if (port.isEmpty()) {
            throw new ChardevException("chardev: udp: remote port not specified");
        }
        String host = values.getOrDefault("host", "");
        Boolean ipv4 = flagIfGiven("ipv4");
        Boolean ipv6 = flagIfGiven("ipv6");
        InetSocketAddress remote = TcpPlace.resolve(host.isEmpty() ? "localhost" : host, port, ipv4, ipv6, false)
                .getFirst();
        String localPort = values.getOrDefault("localport", "");
        InetSocketAddress local = TcpPlace.resolve(
                        values.getOrDefault("localaddr", ""), localPort.isEmpty() ? "0" : localPort, ipv4, ipv6, true)
                .getFirst();
        return UdpChardev.open(as, local, remote);
    }

    private String required(String name, String otherwise) throws ChardevException {
        String value = values.get(name);
        if (value == null) {
            throw new ChardevException(otherwise);
        }
        return value;
    }

    private boolean flag(String name, boolean otherwise) throws ChardevException {
        Boolean given = flagIfGiven(name);
        return given == null ? otherwise : given;
    }

    private @Nullable Boolean flagIfGiven(String name) throws ChardevException {
        return switch (values.get(name)) {
            case null -> null;
            case "on" -> true;
            case "off" -> false;
            default -> throw new ChardevException("Parameter '" + name + "' expects 'on' or 'off'");
        };
    }

    private long number(String name, long otherwise) throws ChardevException {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            return Long.decode(value) < 0 ? refuse(name) : Long.decode(value);
        } catch (NumberFormatException e) {
            return refuse(name);
        }
    }

    private static long refuse(String name) throws ChardevException {
        throw new ChardevException("Parameter '" + name + "' expects a number");
    }
}
