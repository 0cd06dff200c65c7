/** Devices, a package for each family. They know no architecture, no board, and no image format. */
module dev.rhea.device {
    requires static org.jspecify;
    requires transitive dev.rhea.block;
    requires transitive dev.rhea.chardev;
    requires transitive dev.rhea.machine;
    requires transitive dev.rhea.network;

    exports dev.rhea.device.edu;
    exports dev.rhea.device.firmware;
    exports dev.rhea.device.flash;
    exports dev.rhea.device.gpio;
    exports dev.rhea.device.intc;
    exports dev.rhea.device.misc;
    exports dev.rhea.device.net;
    exports dev.rhea.device.pci;
    exports dev.rhea.device.register;
    exports dev.rhea.device.sd;
    exports dev.rhea.device.serial;
    exports dev.rhea.device.spi;
    exports dev.rhea.device.timer;
    exports dev.rhea.device.virtio.balloon;
    exports dev.rhea.device.virtio.blk;
    exports dev.rhea.device.virtio.console;
    exports dev.rhea.device.virtio.net;
    exports dev.rhea.device.virtio.ninep;
    exports dev.rhea.device.virtio.pci;
    exports dev.rhea.device.virtio.rng;
    exports dev.rhea.device.virtio.type;
    exports dev.rhea.device.virtio;
}
