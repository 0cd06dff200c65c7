/**
 * The host side of a guest's network card, as the reference's {@code -netdev} offers it.
 *
 * <p>A {@link dev.rhea.network.Port} is one end of a cable that carries Ethernet frames; a card knows nothing else. What the
 * cable leads to is a user-mode network ({@link dev.rhea.network.user.UserStack}), the host's kernel
 * ({@link dev.rhea.network.TapPort}), another machine ({@link dev.rhea.network.StreamPort},
 * {@link dev.rhea.network.DatagramPort}) or a {@link dev.rhea.network.Hub} where several meet. A
 * {@link dev.rhea.network.Capture} around a port writes down what passes. {@link dev.rhea.network.Netdev} names them by type
 * and options.
 *
 * <p>Every port has one thread of its own on which it calls its card. A card may be called on that thread while it calls the
 * port on others; no lock of a port is held meanwhile.
 */
@NullMarked
package dev.rhea.network;

import org.jspecify.annotations.NullMarked;
