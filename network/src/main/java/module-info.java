/** Network back ends. */
module dev.rhea.network {
    requires transitive dev.rhea.host;
    requires static org.jspecify;

    exports dev.rhea.network;
}
