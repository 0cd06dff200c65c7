/**
 * RISC-V boards: {@code virt}, {@code spike}, {@code sifive_u}. Addresses and interrupt numbers are the reference's, so that its
 * firmware and kernels fit.
 */
@NullMarked
package dev.rhea.board.riscv;

import org.jspecify.annotations.NullMarked;
