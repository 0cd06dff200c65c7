/**
 * Guest addresses to host addresses: the soft TLB, its slow path, and the interface a memory map implements.
 *
 * <p>User mode and system mode use the same TLB and the same generated code; they differ in the {@link dev.rhea.engine.mmu.Mmu} behind it.
 */
@NullMarked
package dev.rhea.engine.mmu;

import org.jspecify.annotations.NullMarked;
