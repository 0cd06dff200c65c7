package dev.rhea.user.memory;

import dev.rhea.engine.abi.GuestMemory;
import dev.rhea.engine.mmu.Mmu;

/** A guest process's memory. */
public abstract class AddressSpace implements Mmu, GuestMemory {}
