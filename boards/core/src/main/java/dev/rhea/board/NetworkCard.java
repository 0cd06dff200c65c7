package dev.rhea.board;

import org.jspecify.annotations.Nullable;

/**
 * What a network card that is part of a board is told: {@code -nic}.
 *
 * @param netdev the network it is connected to; null for none
 * @param mac its address; null for one that nobody else has
 */
public record NetworkCard(@Nullable String netdev, @Nullable String mac) {}
