/**
 * The only room that touches the host natively: raw memory access, memory mappings and system calls.
 *
 * <p>{@link dev.rhea.host.RawMemory} reads and writes host addresses. It checks nothing: whoever calls it has already
 * proved, in software, that the address belongs to a mapping of ours.
 */
@NullMarked
package dev.rhea.host;

import org.jspecify.annotations.NullMarked;
