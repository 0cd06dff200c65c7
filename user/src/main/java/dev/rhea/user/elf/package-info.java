/**
 * ELF programs: reading headers, mapping segments, the stack a program starts with. Files come from strangers: whatever
 * is wrong with one ends in an {@link dev.rhea.user.elf.ElfException} that says what, and leaves nothing half done that the
 * caller does not throw away with the address space.
 */
@NullMarked
package dev.rhea.user.elf;

import org.jspecify.annotations.NullMarked;
