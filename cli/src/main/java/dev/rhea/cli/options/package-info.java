/**
 * The syntax of the reference's command line, apart from what any option means: how {@code key=value,key=value} is read, JSON,
 * dotted keys, sizes; which options there are; configuration files.
 *
 * <p>{@link dev.rhea.cli.options.CommandLine} reads a whole line over {@link dev.rhea.cli.options.SystemOptions} and keeps the
 * order. What is wrong becomes an {@link dev.rhea.cli.options.OptionException}, with the reference's words where the reference
 * has words for it and a suggestion where a known name is close.
 *
 * <p>The reference has two grammars. Older options are flat lists, {@link dev.rhea.cli.options.OptionText}: a repeated key is a
 * list, {@code key} alone is {@code key=on}. Newer ones are trees, {@link dev.rhea.cli.options.TreeText}: dots in keys nest, the
 * last of repeated keys holds. {@link dev.rhea.cli.options.OptionSyntax} says which an option has.
 *
 * <p>Strings hold what {@code main} was given. They may hold one byte per character (see {@code Invocation}): nothing here
 * looks at characters beyond ASCII, except JSON's escapes.
 */
@NullMarked
package dev.rhea.cli.options;

import org.jspecify.annotations.NullMarked;
