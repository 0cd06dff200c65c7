package dev.rhea.cli;

/** The {@code rhea} command. */
public final class Main {
    private Main() {}

    /** Entry of the launcher. */
    public static void main(String[] arguments) {
        System.err.println("rhea: nothing here yet");
    }
}
