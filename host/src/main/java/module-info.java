/** Everything native: raw memory, and (through the foreign-function API) the host kernel. */
module dev.rhea.host {
    requires static org.jspecify;

    exports dev.rhea.host;
}
