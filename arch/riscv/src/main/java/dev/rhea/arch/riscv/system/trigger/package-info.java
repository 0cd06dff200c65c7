/**
 * A hart's debug triggers: specification "RISC-V Debug", chapter "Sdtrig". A guest programs them by CSRs; they become stops of
 * {@link dev.rhea.engine.debug.StopPoints}, and where one is reached they decide whether a breakpoint exception is raised.
 *
 * <p>As the reference does, there are two triggers, and those for M mode fire whether {@code mstatus.MIE} is set or not: there is
 * no {@code tcontrol}. Nobody is in Debug Mode, so {@code dmode} is 0 and the only action is the exception.
 */
@NullMarked
package dev.rhea.arch.riscv.system.trigger;

import org.jspecify.annotations.NullMarked;
