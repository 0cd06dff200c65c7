/** User mode: the Linux personality that runs single programs of another architecture. */
module dev.rhea.user {
    requires transitive dev.rhea.engine;
    requires static org.jspecify;
    // sun.misc.Signal: the only way to hear the host's signals without native code of one's own.
    requires jdk.unsupported;

    exports dev.rhea.user;
    exports dev.rhea.user.log;
}
