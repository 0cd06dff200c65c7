package dev.rhea.board;

/** A property's value for all devices of a type that are not told otherwise: {@code -global}. */
public record GlobalProperty(String driver, String property, String value) {}
