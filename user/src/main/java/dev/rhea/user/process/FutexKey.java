package dev.rhea.user.process;

/**
 * What makes two addresses the same futex: in private memory the address space and the address, in shared mappings the
 * object that is mapped and the offset in it.
 *
 * @param space the {@link dev.rhea.user.memory.AddressSpace}, or what is mapped; compared by identity or its own equals
 */
public record FutexKey(Object space, long offset) {}
