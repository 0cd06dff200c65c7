/**
 * Block back ends: raw files now, image formats and the block graph later.
 */
@NullMarked
package dev.rhea.block;

import org.jspecify.annotations.NullMarked;
