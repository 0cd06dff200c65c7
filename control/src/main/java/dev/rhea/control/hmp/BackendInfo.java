package dev.rhea.control.hmp;

import dev.rhea.block.CacheMode;
import dev.rhea.block.DetectZeroes;
import dev.rhea.block.Drive;
import dev.rhea.board.Backends;
import dev.rhea.chardev.Chardevs;
import dev.rhea.machine.device.Device;
import dev.rhea.machine.device.PropertyValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code info} shows of the host's side of devices: character devices, networks, drives. */
final class BackendInfo {
    static final List<Command> ALL = List.of(
            Command.of("chardev", "show the character devices", BackendInfo::chardev),
            Command.of("network", "show the network state", s -> new BackendInfo(s).network()),
            new Command(
                    "block",
                    "[-n] [-v] [device]",
                    "show info of one block device or all block devices (-n: show named nodes; -v: show details)",
                    (s, a) -> new BackendInfo(s).block(a)));

    private final Session session;
    private final Backends backends;
    private boolean printed;

    private BackendInfo(Session session) {
        this.session = session;
        backends = session.machine().spec().backends();
    }

    private static void chardev(Session session) {
        for (Chardevs.Description each :
                session.machine().spec().backends().chardevs().list()) {
            session.line(each.label() + ": filename=" + each.text());
        }
    }

    // ---- networks

    /** Cards with their networks below, then networks without a card. */
    private void network() {
        Map<String, String> left = new LinkedHashMap<>(backends.networkInfo());
        Map<String, Integer> counts = new HashMap<>();
        session.machine().chassis().lock().lock();
        try {
            session.machine().chassis().devices().forEach((path, device) -> {
                Device.Behind behind = device.behind();
                Device card = behind == null ? device : behind.device();
                String mac = text(card, "mac");
                if (mac == null) {
                    return;
                }
                int number = counts.merge(device.type(), 1, Integer::sum) - 1;
                String name = path.startsWith("/machine/peripheral/")
                        ? path.substring(path.lastIndexOf('/') + 1)
                        : device.type() + "." + number;
                session.line(name + ": index=0,type=nic,model=" + device.type() + ",macaddr=" + mac);
                String netdev = text(card, "netdev");
                String info = netdev == null ? null : left.remove(netdev);
                if (info != null) {
                    session.line(" \\ " + netdev + ": index=0," + info);
                }
            });
        } finally {
            session.machine().chassis().lock().unlock();
        }
        left.forEach((id, info) -> session.line(id + ": index=0," + info));
    }

    private static @Nullable String text(Device device, String property) {
        for (PropertyValue value : device.properties()) {
            if (value.name().equals(property) && value.value() instanceof String text) {
                return text;
            }
        }
        return null;
    }

    // ---- drives

    private void block(Arguments arguments) throws MonitorError {
        String flags = arguments.flags("nv");
        String wanted = arguments.word();
        arguments.end();
        boolean nodes = flags.contains("n");
        boolean details = flags.contains("v");
        int number = 0;
        for (Map.Entry<String, Drive> each : backends.drives().entrySet()) {
            Drive drive = each.getValue();
            String name = each.getKey();
            String node = drive.isNode() ? name : String.format("#block%03d", number++);
            String user = session.machine().driveUsers().get(name);
            // A node that no device has is none of the devices; by its name it is shown all the same.
            boolean shown = wanted == null ? nodes || !drive.isNode() || user != null : wanted.equals(name);
            if (shown) {
                String title = nodes || drive.isNode() ? node : name + " (" + node + ")";
                drive(title, drive, nodes ? null : user, !nodes && !drive.isNode(), details);
            }
        }
    }

    private void drive(String title, Drive drive, @Nullable String user, boolean removable, boolean details) {
        if (printed) {
            session.line("");
        }
        printed = true;
        boolean readOnly = drive.backend().isReadOnly();
        session.line(title + ": " + drive.file() + " (" + drive.format() + (readOnly ? ", read-only" : "") + ")");
        if (user != null) {
            session.line("    Attached to:      " + user);
        } else if (removable) {
            session.line("    Removable device: not locked, tray closed");
        }
        CacheMode cache = drive.options().cache();
        List<String> modes = new ArrayList<>();
        modes.add(cache.writeBack() ? "writeback" : "writethrough");
        if (cache.direct()) {
            modes.add("direct");
        }
        if (cache.noFlush()) {
            modes.add("ignore flushes");
        }
        session.line("    Cache mode:       " + String.join(", ", modes));
        DetectZeroes zeroes = drive.options().detectZeroes();
        if (zeroes != DetectZeroes.OFF) {
            session.line("    Detect zeroes:    " + zeroes.name().toLowerCase(Locale.ROOT));
        }
        if (details) {
            long size = drive.backend().size();
            session.line("");
            session.line("Images:");
            session.line("image: " + drive.file());
            session.line("file format: " + drive.format());
            session.line("virtual size: " + PropertyValue.withUnit(size) + " (" + size + " bytes)");
            session.line("disk size: unavailable");
        }
    }
}
