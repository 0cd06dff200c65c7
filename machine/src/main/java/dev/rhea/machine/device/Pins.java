package dev.rhea.machine.device;

/**
 * Lines of a device that a board connects.
 *
 * @param inputs whether they come in
 * @param name of the group; {@link #INTERRUPT} for a device's interrupt lines, empty for the only group
 * @param count how many, from 1 on
 */
public record Pins(boolean inputs, String name, int count) {
    /** What the group of interrupt lines is called. */
    public static final String INTERRUPT = "sysbus-irq";

    public static Pins in(String name, int count) {
        return new Pins(true, name, count);
    }

    public static Pins out(String name, int count) {
        return new Pins(false, name, count);
    }

    /** A device's interrupt lines. */
    public static Pins interrupts(int count) {
        return out(INTERRUPT, count);
    }

    /** As {@code info qtree} prints it. */
    public String text() {
        return (inputs ? "gpio-in" : "gpio-out") + " \"" + name + "\" " + count;
    }
}
