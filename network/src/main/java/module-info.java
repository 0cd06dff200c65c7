/** The host side of guests' network cards: cables and what they lead to. Knows no guests, devices or command lines. */
module dev.rhea.network {
    requires dev.rhea.host;
    requires static org.jspecify;

    exports dev.rhea.network;
    exports dev.rhea.network.user;
    exports dev.rhea.network.wire to
            dev.rhea.device;
}
