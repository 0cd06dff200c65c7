/**
 * JUnit tests whose fixture is a guest: a parameter marked {@link dev.rhea.junit.Guest} is a started machine that is closed after the
 * test. When the test fails, what the guest printed and where its processors stood is printed.
 */
@NullMarked
package dev.rhea.junit;

import org.jspecify.annotations.NullMarked;
