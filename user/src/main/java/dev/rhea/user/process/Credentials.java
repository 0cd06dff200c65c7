package dev.rhea.user.process;

/** Who the guest is: the user who runs the JVM. Setting ids succeeds only where it changes nothing. */
public final class Credentials {
    private final int uid = HostCalls.getuid();
    private final int euid = HostCalls.geteuid();
    private final int gid = HostCalls.getgid();
    private final int egid = HostCalls.getegid();

    Credentials() {}

    public int uid() {
        return uid;
    }

    public int euid() {
        return euid;
    }

    public int gid() {
        return gid;
    }

    public int egid() {
        return egid;
    }

    /** Whether the guest may do what only root may. */
    public boolean privileged() {
        return euid == 0;
    }
}
