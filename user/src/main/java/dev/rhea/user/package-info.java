/** User mode: a Linux kernel's outside, built of objects. A guest process is an object, not a process of the host. */
@NullMarked
package dev.rhea.user;

import org.jspecify.annotations.NullMarked;
