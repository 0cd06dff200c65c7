package dev.rhea.user.process;

/** The Linux that one tree of guest processes sees. */
public final class Kernel {}
