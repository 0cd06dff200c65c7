/**
 * RISC-V, RV32 and RV64: one file of rows per extension, grouped as the unprivileged manual groups them, and around them
 * the registers, CPU models and Linux ABI facts.
 */
@NullMarked
package dev.rhea.arch.riscv;

import org.jspecify.annotations.NullMarked;
