/**
 * Virtio (OASIS Virtual I/O Device 1.3): virtqueues on raw guest memory, the device core, and the MMIO transport. Devices are in
 * packages below. Everything a driver writes is hostile: a ring that makes no sense puts the device into its failed state.
 *
 * <p>Threads: registers are accessed with the machine lock held. Queues are served by threads of the device, which hold the
 * queue's lock while they touch its ring and take the machine lock, after letting go of the queue's, only to interrupt.
 */
@NullMarked
package dev.rhea.device.virtio;

import org.jspecify.annotations.NullMarked;
