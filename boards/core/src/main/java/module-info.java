/** Machines: what users build, and the vocabulary that boards are written in. Knows no architecture. */
module dev.rhea.board {
    requires transitive dev.rhea.block;
    requires transitive dev.rhea.chardev;
    requires transitive dev.rhea.device;
    requires transitive dev.rhea.engine;
    requires transitive dev.rhea.machine;
    requires transitive dev.rhea.network;
    requires static org.jspecify;

    exports dev.rhea.board;
    exports dev.rhea.board.boot;
    exports dev.rhea.board.fdt;

    uses dev.rhea.board.Board;
}
