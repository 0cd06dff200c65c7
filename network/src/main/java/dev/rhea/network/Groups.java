package dev.rhea.network;

/** The text form of IPv6 addresses: RFC 5952. */
final class Groups {
    private Groups() {}

    static String text(IpAddress address) {
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (int) ((i < 4 ? address.high() : address.low()) >>> 48 - 16 * (i & 3)) & 0xffff;
        }
        int from = 0;
        int zeros = 1; // a single zero is not shortened
        for (int i = 0; i < 8; i++) {
            int n = 0;
            while (i + n < 8 && groups[i + n] == 0) {
                n++;
            }
            if (n > zeros) {
                from = i;
                zeros = n;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (zeros > 1 && i == from) {
                text.append("::");
                i += zeros - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
