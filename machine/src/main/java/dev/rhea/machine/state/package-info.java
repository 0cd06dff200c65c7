/**
 * Saved state: one versioned record for each device, processor and RAM block, and how records become bytes.
 */
@NullMarked
package dev.rhea.machine.state;

import org.jspecify.annotations.NullMarked;
