package dev.rhea.cli.system;

import dev.rhea.board.WallClock;
import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.Parameters;
import dev.rhea.cli.options.Suggestion;
import dev.rhea.device.timer.WallTime;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the machine's real-time clock shows, and what drives it: {@code -rtc}. */
final class ClockOptions {
    private static final List<String> DRIVERS = List.of("host", "rt", "vm");
    private static final Pattern DATE =
            Pattern.compile("(\\d{4})-(\\d{1,2})-(\\d{1,2})(?:T(\\d{1,2}):(\\d{1,2}):(\\d{1,2}))?");

    private ClockOptions() {}

    static void add(Effects effects, MachineSettings settings) {
        effects.on(
                "rtc",
                use -> settings.builder.wallClock(parse(use.parameters(), Clock.systemUTC(), ZoneId.systemDefault())));
    }

    /**
     * Reads the option.
     *
     * @param host the host's time
     * @param zone the host's time zone, for {@code base=localtime}
     */
    static WallClock parse(Parameters given, Clock host, ZoneId zone) throws OptionException {
        String base = given.get("base");
        String driver = given.get("clock");
        String drift = given.get("driftfix");
        if (driver != null && !DRIVERS.contains(driver)) {
            throw new OptionException(Suggestion.after("invalid option value '" + driver + "'", driver, DRIVERS));
        }
        if (drift != null && !drift.equals("none") && !drift.equals("slew")) {
            throw new OptionException(
                    Suggestion.after("invalid option value '" + drift + "'", drift, List.of("none", "slew")));
        }
        Instant now = host.instant();
        long ahead = switch (base) {
            case null -> 0;
            case "utc" -> 0;
            case "localtime" -> zone.getRules().getOffset(now).getTotalSeconds() * 1_000_000_000L;
            default -> nanoseconds(date(base)) - nanoseconds(now);
        };
        return switch (driver) {
            // As the host's clock goes, with all that sets it.
            case null -> clock -> hostTime(host, ahead);
            case "host" -> clock -> hostTime(host, ahead);
            case "rt" -> {
                long start = System.nanoTime();
                long shown = nanoseconds(now) + ahead;
                yield clock -> () -> shown + System.nanoTime() - start;
            }
            default -> {
                long shown = nanoseconds(now) + ahead;
                yield clock -> WallTime.of(clock, shown - clock.now());
            }
        };
    }

    private static WallTime hostTime(Clock host, long ahead) {
        return () -> nanoseconds(host.instant()) + ahead;
    }

    private static long nanoseconds(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    }

    private static Instant date(String text) throws OptionException {
        Matcher date = DATE.matcher(text);
        try {
            if (date.matches()) {
                return LocalDateTime.of(
                                number(date, 1),
                                number(date, 2),
                                number(date, 3),
                                number(date, 4),
                                number(date, 5),
                                number(date, 6))
                        .toInstant(ZoneOffset.UTC);
            }
        } catch (DateTimeException e) {
            // said below
        }
        throw new OptionException("invalid datetime format\n" + "valid formats: '2006-06-17T16:01:21' or '2006-06-17'");
    }

    private static int number(Matcher date, int group) {
        String digits = date.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
