/** How machines are controlled while they run: the human monitor. Knows no architecture and no single device. */
module dev.rhea.control {
    requires transitive dev.rhea.board;
    requires static org.jspecify;

    exports dev.rhea.control.hmp;
}
