/**
 * What every port is made of: a thread that waits for channels, timers and tasks ({@link dev.rhea.network.loop.EventLoop}),
 * and the bounded meeting place of that thread and the card ({@link dev.rhea.network.loop.Cable}).
 */
@NullMarked
package dev.rhea.network.loop;

import org.jspecify.annotations.NullMarked;
