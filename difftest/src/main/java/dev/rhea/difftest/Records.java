package dev.rhea.difftest;

import java.util.ArrayList;
import java.util.List;

/** Reads, writes and compares records. */
final class Records {
    private Records() {}

    static void put(byte[] to, int at, long value) {
        for (int i = 0; i < 8; i++) {
            to[at + i] = (byte) (value >>> 8 * i);
        }
    }

    static long get(byte[] from, int at) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value |= (from[at + i] & 255L) << 8 * i;
        }
        return value;
    }

    /** What differs in record {@code index} of two outputs: one line for each register. */
    static List<String> differences(byte[] reference, byte[] ours, int index) {
        List<String> lines = new ArrayList<>();
        int start = index * Layout.RECORD;
        for (int at = 8; at < Layout.RECORD; at += 8) {
            long theirs = get(reference, start + at);
            long mine = get(ours, start + at);
            if (theirs != mine) {
                lines.add(String.format("  %-10s reference %016x, ours %016x", name(at), theirs, mine));
            }
        }
        return lines;
    }

    static String name(int at) {
        if (at < Layout.FLOATS) {
            return "x" + at / 8;
        }
        if (at < Layout.FCSR) {
            return "f" + (at - Layout.FLOATS) / 8;
        }
        if (at >= Layout.VECTORS) {
            return "v" + (at - Layout.VECTORS) / 16 + "[" + (at - Layout.VECTORS) / 8 % 2 + "]";
        }
        switch (at) {
            case Layout.FCSR:
                return "fcsr";
            case Layout.VL:
                return "vl";
            case Layout.VTYPE:
                return "vtype";
            case Layout.VCSR:
                return "vcsr";
            case Layout.LOGGED:
                return "illegal";
            default:
                break;
        }
        return "base" + String.format("%+d", at - Layout.WINDOW + Layout.WINDOW_LOW);
    }
}
