package dev.rhea.network.user;

/**
 * One line of what {@code info usernet} shows.
 *
 * @param protocol TCP or UDP
 * @param state of TCP's states, HOST_FORWARD, or the time in which a UDP flow is forgotten
 * @param source the guest's address, or the host's of a forward; * for all
 * @param destination the peer's address as the guest knows it, or the guest's of a forward
 * @param receiveQueue bytes from the guest that the host has not taken
 * @param sendQueue bytes for the guest that it has not acknowledged
 */
public record ConnectionInfo(
        String protocol,
        String state,
        String source,
        int sourcePort,
        String destination,
        int destinationPort,
        int receiveQueue,
        int sendQueue) {}
