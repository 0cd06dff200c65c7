/**
 * The human monitor protocol, HMP: a prompt for people, with the reference's commands.
 */
@NullMarked
package dev.rhea.control.hmp;

import org.jspecify.annotations.NullMarked;
