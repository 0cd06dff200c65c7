/** Harts of whole machines against each other. */
@NullMarked
package dev.rhea.arch.riscv.system;

import org.jspecify.annotations.NullMarked;
