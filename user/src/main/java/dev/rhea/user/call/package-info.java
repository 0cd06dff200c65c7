/**
 * The vocabulary of system calls: what a call is, how it is found by name, and how it fails.
 *
 * <p>A family of calls (files, memory, processes …) is one class that finds its calls by name, in a {@code switch}; the
 * table asks the families once per number, at the first use, so that a program pays for no call it never makes.
 */
@NullMarked
package dev.rhea.user.call;

import org.jspecify.annotations.NullMarked;
