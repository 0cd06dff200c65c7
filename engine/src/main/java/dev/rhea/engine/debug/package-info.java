/**
 * Stopping a processor before it executes an instruction or accesses data, exactly and in all tiers, at no cost where nothing
 * asks for it: what a guest's debug triggers and a debugger outside are made of.
 */
@NullMarked
package dev.rhea.engine.debug;

import org.jspecify.annotations.NullMarked;
