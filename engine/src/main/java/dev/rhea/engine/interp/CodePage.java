package dev.rhea.engine.interp;

/** The decoded words of one physical page of guest code. */
public final class CodePage {
    /** Host address of the page whose code this is. */
    public final long hostPage;

    public CodePage(long hostPage) {
        this.hostPage = hostPage;
    }
}
