/** The vocabulary that devices and boards are written in. Knows no single device and no architecture. */
module dev.rhea.machine {
    requires transitive dev.rhea.host;
    requires static org.jspecify;

    exports dev.rhea.machine;
    exports dev.rhea.machine.clock;
    exports dev.rhea.machine.device;
    exports dev.rhea.machine.irq;
    exports dev.rhea.machine.memory;
    exports dev.rhea.machine.state;
}
