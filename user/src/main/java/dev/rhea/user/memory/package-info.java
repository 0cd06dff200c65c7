/** A guest process's address space. */
@NullMarked
package dev.rhea.user.memory;

import org.jspecify.annotations.NullMarked;
