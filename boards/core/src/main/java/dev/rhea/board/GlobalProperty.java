package dev.rhea.board;

/** A property for all devices of a class: {@code -global driver.property=value}. */
public record GlobalProperty(String driver, String property, String value) {
    /** What is said of one that cannot be. */
    public String refused(String why) {
        return "can't apply global " + driver + "." + property + "=" + value + ": " + why;
    }
}
