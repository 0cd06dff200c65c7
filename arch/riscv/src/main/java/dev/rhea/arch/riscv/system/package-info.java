/**
 * The privileged architecture: CSRs, traps, virtual memory, physical memory protection, and the hart as a processor of a
 * machine. Section names in comments are those of the RISC-V privileged manual.
 */
@NullMarked
package dev.rhea.arch.riscv.system;

import org.jspecify.annotations.NullMarked;
