/**
 * The privileged architecture: privileged manual 1.13. Modes and traps, CSRs, address translation and protection, harts that run on
 * threads, and the supervisor binary interface.
 */
@NullMarked
package dev.rhea.arch.riscv.system;

import org.jspecify.annotations.NullMarked;
