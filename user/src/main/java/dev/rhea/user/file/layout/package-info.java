/**
 * The kernel's structures, declared: one declaration per structure and family of ABIs, from which offsets follow for the
 * guest's word size, byte order and alignment.
 *
 * <p>{@link dev.rhea.user.file.layout.Struct} is the declaration, {@link dev.rhea.user.file.layout.Layout} what it comes to
 * under one {@link dev.rhea.user.file.layout.DataModel}. The host's own structures are declared the same way and laid out
 * under {@link dev.rhea.user.file.layout.DataModel#HOST}.
 */
@NullMarked
package dev.rhea.user.file.layout;

import org.jspecify.annotations.NullMarked;
