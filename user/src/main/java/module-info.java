/** User mode: the Linux personality that runs single programs of another architecture. */
module dev.rhea.user {
    requires transitive dev.rhea.engine;
    requires static org.jspecify;
    requires jdk.unsupported;

    exports dev.rhea.user;
}
