package dev.rhea.user.process;

/** A guest process: a group of tasks with one pid. */
public final class Process {}
