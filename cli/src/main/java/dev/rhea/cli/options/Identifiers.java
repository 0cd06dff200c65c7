package dev.rhea.cli.options;

/** What may be an {@code id}: a letter, then letters, digits, {@code -}, {@code .} and {@code _}. */
public final class Identifiers {
    private Identifiers() {}

    /** Whether it may be one. */
    public static boolean wellFormed(String id) {
        if (id.isEmpty() || !letter(id.charAt(0))) {
            return false;
        }
        return id.chars().allMatch(c -> letter(c) || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_');
    }

    /**
     * Refuses what may not be one.
     *
     * @param name the parameter's, for the message
     */
    public static void check(String name, String id) throws OptionException {
        if (!wellFormed(id)) {
            throw new OptionException("Parameter '" + name + "' expects an identifier\n"
                    + "Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.");
        }
    }

    static boolean letter(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }
}
