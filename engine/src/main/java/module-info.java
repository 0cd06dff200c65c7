/** How guest code runs. Knows no architecture and no device. */
module dev.rhea.engine {
    requires transitive dev.rhea.host;
    requires static org.jspecify;

    exports dev.rhea.engine.abi;
    exports dev.rhea.engine.cpu;
    exports dev.rhea.engine.debug;
    exports dev.rhea.engine.decode;
    exports dev.rhea.engine.fp;
    exports dev.rhea.engine.interp;
    exports dev.rhea.engine.ir;
    exports dev.rhea.engine.jit;
    exports dev.rhea.engine.log;
    exports dev.rhea.engine.mmu;
}
