/** A guest as a test fixture. */
module dev.rhea.junit {
    requires transitive dev.rhea.board;
    requires transitive org.junit.jupiter.api;
    requires static org.jspecify;

    exports dev.rhea.junit;
}
