/** Byte streams between a guest's serial ports, consoles and monitors and the host. Knows no device. */
module dev.rhea.chardev {
    requires dev.rhea.host;
    requires static org.jspecify;

    exports dev.rhea.chardev;
}
