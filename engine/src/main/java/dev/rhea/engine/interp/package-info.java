/**
 * Tier 1: decoded micro-operations, one 64-bit word per possible instruction start, kept per physical page.
 */
@NullMarked
package dev.rhea.engine.interp;

import org.jspecify.annotations.NullMarked;
