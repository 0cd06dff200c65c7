package dev.rhea.arch.riscv.system;

import org.jspecify.annotations.Nullable;

/** An extension of the supervisor binary interface: it knows its functions. */
@FunctionalInterface
interface SbiExtension {
    /** Serves a call on the hart's thread; null where the call does not return. */
    @Nullable
    SbiAnswer serve(SbiCall call);
}
