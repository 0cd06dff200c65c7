/**
 * System V's means of communication: shared memory, semaphores, message queues. They belong to one kernel: keys and ids are
 * those of its tree of guest processes, the host's are out of reach. Rights are not looked at, since all guests have one user.
 */
@org.jspecify.annotations.NullMarked
package dev.rhea.user.ipc;
