/**
 * SD memory cards: SD Physical Layer Simplified Specification.
 */
@NullMarked
package dev.rhea.device.sd;

import org.jspecify.annotations.NullMarked;
