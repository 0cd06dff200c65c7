/**
 * Back ends of character devices: where the bytes of a serial port, a console or a monitor come from and go to on the host.
 *
 * <p>A {@link dev.rhea.chardev.Chardev} is the host's end, a {@link dev.rhea.chardev.FrontEnd} the guest's. Each back end has
 * at most one front end; {@link dev.rhea.chardev.Multiplexer} gives several front ends one back end. {@code
 * ChardevOptions} makes back ends of the reference's {@code -chardev} options.
 *
 * <h2>Threads</h2>
 *
 * <p>Calls into a back end may come from any thread and never call the front end before they return (with one exception,
 * {@link dev.rhea.chardev.Chardev#attach}). So a device may call them while it holds its own lock. Calls into a front end come
 * from threads of the back end, which hold none of its locks then: a front end may take the device's lock in them, and may
 * call the back end. They come one at a time for input and events; {@code writable} may come beside them.
 */
@NullMarked
package dev.rhea.chardev;

import org.jspecify.annotations.NullMarked;
