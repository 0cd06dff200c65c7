/** The {@code rhea} command and its QEMU-named personalities. */
module dev.rhea.cli {
    requires static org.jspecify;
}
