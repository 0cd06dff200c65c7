/** The {@code rhea} command and its QEMU-named personalities. */
module dev.rhea.cli {
    requires com.google.gson;
    requires dev.rhea.board;
    requires dev.rhea.chardev;
    requires dev.rhea.control;
    requires dev.rhea.device;
    requires dev.rhea.engine;
    requires dev.rhea.user;
    // sun.misc.Signal: the only way to hear the host's signals without native code of one's own.
    requires jdk.unsupported;
    requires static org.jspecify;

    uses dev.rhea.engine.abi.Architecture;
}
