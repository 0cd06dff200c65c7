/**
 * Files, sockets and everything else behind a descriptor.
 *
 * <p>A guest's call becomes the same call to the host's kernel, with descriptors, paths, flags and structures translated.
 * {@link dev.rhea.user.file.FileTable} maps the guest's descriptors to {@link dev.rhea.user.file.Description}s, each around
 * one host descriptor; {@link dev.rhea.user.file.Paths} turns guest paths into host paths (current directory per process,
 * sysroot, the personality's own {@code /proc} files); {@link dev.rhea.user.file.layout} knows the structures. The rooms
 * full of calls are the {@code …Calls} classes.
 *
 * <p>Host descriptors of pipes, sockets and the like never block: they are O_NONBLOCK on the host whatever the guest asked
 * for, what the guest asked for is kept in the description, and a guest that is to wait does so in {@code Task.poll}, where
 * signals and the end of the process reach it.
 */
@NullMarked
package dev.rhea.user.file;

import org.jspecify.annotations.NullMarked;
