package dev.rhea.network.user.dhcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Lists of domain names as DNS has them (RFC 1035 section 3.1), with compression as DHCP's option allows it (RFC 3397). */
public final class DomainNames {
    private DomainNames() {}

    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 253;
    private static final int POINTER = 0xc000;

    /** Whether it is a name that can be encoded. */
    public static boolean isName(String name) {
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (bare.isEmpty() || bare.length() > LONGEST_NAME) {
            return false;
        }
        for (String label : bare.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > LONGEST_LABEL) {
                return false;
            }
        }
        return true;
    }

    /** The names, one after the other; what {@link #isName} refuses is left out. */
    static byte[] encode(List<String> names, boolean compressed) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Map<String, Integer> places = new HashMap<>();
        for (String name : names) {
            if (isName(name)) {
                encode(name.endsWith(".") ? name.substring(0, name.length() - 1) : name, out, places, compressed);
            }
        }
        return out.toByteArray();
    }

    private static void encode(
            String name, ByteArrayOutputStream out, Map<String, Integer> places, boolean compressed) {
        String rest = name;
        while (!rest.isEmpty()) {
            Integer place = compressed ? places.get(rest) : null;
            if (place != null) {
                out.write((POINTER | place) >>> 8);
                out.write(place);
                return;
            }
            if (out.size() < 0x4000) {
                places.put(rest, out.size());
            }
            int dot = rest.indexOf('.');
            byte[] label = (dot < 0 ? rest : rest.substring(0, dot)).getBytes(StandardCharsets.ISO_8859_1);
            out.write(label.length);
            out.writeBytes(label);
            rest = dot < 0 ? "" : rest.substring(dot + 1);
        }
        out.write(0);
    }
}
