/** Disk images: what is behind a guest's drive. Knows no guests. */
module dev.rhea.block {
    requires transitive dev.rhea.host;
    requires static org.jspecify;

    exports dev.rhea.block;
}
