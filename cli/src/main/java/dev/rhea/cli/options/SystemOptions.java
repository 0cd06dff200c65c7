package dev.rhea.cli.options;

import dev.rhea.chardev.ChardevOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options of system mode: what they are called and how their arguments are read. What they do is not known here. */
public final class SystemOptions {
    private final List<OptionSpec> specs = new ArrayList<>();
    private String section = "";

    private SystemOptions() {}

    /** The table. */
    public static OptionTable table() {
        SystemOptions options = new SystemOptions();
        options.general();
        options.machine();
        options.boot();
        options.disks();
        options.devices();
        options.network();
        options.consoles();
        options.peripherals();
        options.running();
        options.debugging();
        options.configuration();
        return new OptionTable(options.specs);
    }

    private void add(String names, OptionSyntax syntax, String argument, String help) {
        specs.add(new OptionSpec(section, List.of(names.split(" ")), syntax, argument, help));
    }

    private void flag(String names, String help) {
        add(names, new OptionSyntax.Flag(), "", help);
    }

    private void plain(String names, String argument, String help) {
        add(names, new OptionSyntax.Plain(), argument, help);
    }

    private void flat(String names, OptionGroup group, String argument, String help) {
        add(names, new OptionSyntax.Flat(group, false), argument, help);
    }

    private void flatOrJson(String names, OptionGroup group, String argument, String help) {
        add(names, new OptionSyntax.Flat(group, true), argument, help);
    }

    private void general() {
        section = "General";
        flag("h help", "print this and exit");
        flag("version", "print the version and exit");
        flat(
                "name",
                OptionGroup.of("name", "guest", "guest process", "debug-threads", "", ""),
                "[guest=]NAME[,process=NAME]",
                "what the guest is called, in titles and monitors");
        add("uuid", new OptionSyntax.Identity(), "UUID", "the machine's UUID");
        plain("pidfile", "FILE", "write the process id into FILE");
        flag("daemonize", "go on in the background once the machine is made");
        plain("L", "FOLDER", "look for firmware there too");
        flat(
                "msg",
                OptionGroup.of("msg", null, "", "timestamp guest-name", "", ""),
                "[timestamp=on][,guest-name=on]",
                "put the time, or the guest's name, before messages");
        flat(
                "run-with",
                OptionGroup.of("run-with", null, "chroot user", "async-teardown", "", ""),
                "[chroot=FOLDER][,user=NAME]",
                "what the process may see and who it is, once the machine is made");
    }

    private void machine() {
        section = "The machine";
        add(
                "machine M",
                new OptionSyntax.Nested("machine", "type", false),
                "[type=]NAME[,PROPERTY=VALUE]...",
                "which machine; 'help' lists them, 'NAME,help' what it can be told");
        plain("cpu", "MODEL[,PROPERTY=VALUE]...", "which processor; 'help' lists them");
        flat(
                "accel",
                OptionGroup.of("accel", "accel", "accel", "", "", "").opened(),
                "[accel=]NAME[,PROPERTY=VALUE]...",
                "how guest code is run");
        add(
                "smp",
                new OptionSyntax.Nested("smp-opts", "cpus", false),
                "[[cpus=]N][,maxcpus=N][,sockets=N][,dies=N][,clusters=N][,cores=N][,threads=N]",
                "how many processors, and how they are grouped");
        flat(
                "m",
                OptionGroup.of("memory", "size", "", "", "slots", "size maxmem"),
                "[size=]SIZE[,slots=N,maxmem=SIZE]",
                "how much memory: mebibytes, or with a suffix K, M, G, T");
        flag("enable-kvm", "the same as -accel kvm");
        plain("numa", "PARAMETERS", "nodes of memory (not yet)");
        flat(
                "overcommit",
                OptionGroup.of("overcommit", null, "", "mem-lock cpu-pm", "", ""),
                "[mem-lock=on][,cpu-pm=on]",
                "keep memory in RAM; give whole host processors to the guest");
        flat(
                "rtc",
                OptionGroup.of("rtc", null, "base clock driftfix", "", "", ""),
                "[base=utc|localtime|DATE][,clock=host|rt|vm][,driftfix=none|slew]",
                "what the machine's clock shows at the start, and what drives it");
        flat(
                "global",
                OptionGroup.of("global", null, "driver property value", "", "", ""),
                "DRIVER.PROPERTY=VALUE",
                "a property's value for all devices of that kind that are not told otherwise");
    }

    private void boot() {
        section = "What boots";
        plain("bios", "FILE", "the firmware; 'none' for none");
        plain("kernel", "FILE", "a kernel that is started without a boot loader");
        plain("initrd", "FILE", "its initial RAM disk");
        plain("append", "TEXT", "its command line");
        plain("dtb", "FILE", "its device tree, instead of the machine's own");
        add(
                "boot",
                new OptionSyntax.Nested("boot-opts", "order", false),
                "[order=]DRIVES[,once=DRIVES][,menu=on][,strict=on]",
                "what firmware tries, and in what order");
        flat(
                "fw_cfg",
                OptionGroup.of("fw_cfg", "name", "name file string gen_id", "", "", ""),
                "[name=]NAME,file=FILE|string=TEXT",
                "data that firmware and guest can ask for by NAME");
    }

    private void disks() {
        section = "Disks and folders";
        flat(
                "drive",
                OptionGroup.of(
                                "drive",
                                null,
                                "file if bus media format cache aio discard detect-zeroes rerror werror readonly",
                                "snapshot read-only copy-on-read",
                                "index unit",
                                "")
                        .opened(),
                "[file=FILE][,if=KIND][,format=NAME][,id=ID][,index=N][,media=disk|cdrom][,readonly=on]...",
                "a disk and, unless if=none, the device that has it");
        add(
                "blockdev",
                new OptionSyntax.Nested("blockdev", "driver", true),
                "[driver=]NAME,node-name=ID[,PROPERTY=VALUE]...",
                "a node of the block layer, for a device or another node; or JSON");
        for (char letter = 'a'; letter <= 'd'; letter++) {
            plain("hd" + letter, "FILE", "disk " + (letter - 'a'));
        }
        plain("cdrom", "FILE", "a CD in the drive");
        plain("pflash", "FILE", "flash memory, kept in FILE");
        plain("sd", "FILE", "an SD card");
        plain("fda", "FILE", "floppy disk 0");
        plain("fdb", "FILE", "floppy disk 1");
        plain("mtdblock", "FILE", "on-board flash memory");
        flag("snapshot", "keep what is written to disks in temporary files only");
        OptionGroup folders = OptionGroup.of(
                "fsdev",
                "fsdriver",
                "fsdriver path security_model writeout fmode dmode socket multidevs",
                "readonly",
                "sock_fd",
                "");
        flat(
                "fsdev",
                folders.opened(),
                "[fsdriver=]KIND,id=ID[,path=FOLDER][,security_model=NAME][,readonly=on]",
                "a folder of the host, for a device that shares it");
        OptionGroup shared = OptionGroup.of(
                "virtfs",
                "fsdriver",
                "fsdriver path mount_tag security_model writeout fmode dmode socket multidevs",
                "readonly",
                "sock_fd",
                "");
        flat(
                "virtfs",
                shared.opened(),
                "[fsdriver=]KIND,path=FOLDER,mount_tag=TAG[,security_model=NAME][,readonly=on]",
                "the same with the device");
    }

    private void devices() {
        section = "Devices";
        flatOrJson(
                "device",
                OptionGroup.open("device", "driver"),
                "[driver=]NAME[,PROPERTY=VALUE]...",
                "a device; 'help' lists them, 'NAME,help' what it can be told; or JSON");
        flatOrJson(
                "object",
                OptionGroup.open("object", "qom-type"),
                "[qom-type=]NAME,id=ID[,PROPERTY=VALUE]...",
                "something that devices use: memory, random numbers, secrets, threads; or JSON");
        flag("nodefaults", "only those devices that the machine cannot be without");
    }

    private void network() {
        section = "Network";
        flatOrJson(
                "netdev",
                OptionGroup.open("netdev", "type"),
                "[type=]KIND,id=ID[,PROPERTY=VALUE]...",
                "the host's side of a network card; 'help' lists the kinds; or JSON");
        flat(
                "nic",
                OptionGroup.open("nic", "type"),
                "[type=]KIND[,model=NAME][,mac=ADDRESS][,PROPERTY=VALUE]...",
                "both sides of a network card; 'none' for no card at all");
        flat("net", OptionGroup.open("net", "type"), "none", "older than -nic; 'none' for no card at all");
    }

    /** What is behind displays, sound and USB in the reference. */
    private void peripherals() {
        section = "Displays and sound";
        plain("vga", "KIND", "the display adapter; 'none' for none");
        plain("k", "LAYOUT", "accepted: there is no keyboard");
        plain("vnc", "WHERE", "show the display over VNC (not yet)");
        plain("spice", "PARAMETERS", "show the display over SPICE (not yet)");
        flag("full-screen", "the display fills the screen (not yet)");
        plain("g", "WIDTHxHEIGHT", "size of the display (not yet)");
        plain("audio", "DRIVER", "sound (not yet)");
        plain("audiodev", "DRIVER", "where sound goes (not yet)");
        flag("usb", "accepted: no board has a USB controller");
        plain("usbdevice", "NAME", "a USB device (not yet)");
        plain("watchdog-action", "NAME", "the same as -action watchdog=");
        plain("plugin", "FILE", "a plugin (no)");
        plain("option-rom", "FILE", "code that firmware runs (no)");
        plain("smbios", "PARAMETERS", "tables of the firmware (no)");
        plain("acpitable", "PARAMETERS", "tables of the firmware (no)");
        plain("tpmdev", "PARAMETERS", "a TPM's back end (not yet)");
        plain("sandbox", "PARAMETERS", "what the process may do (not yet)");
        flag("preconfig", "stop before the machine is made (not yet)");
        flag("only-migratable", "refuse devices that cannot be saved (not yet)");
        plain("dump-vmstate", "FILE", "describe what devices save (not yet)");
        plain("add-fd", "PARAMETERS", "a descriptor for others to name (not yet)");
    }

    private void consoles() {
        section = "Consoles and monitors";
        flat(
                "chardev",
                new OptionGroup("chardev", "backend", chardevTypes(), false),
                "[backend=]KIND,id=ID[,PROPERTY=VALUE]...",
                "the host's side of a serial line; 'help' lists the kinds");
        plain(
                "serial",
                "WHERE",
                "where the serial line goes: stdio, mon:stdio, pty, null, none, file:PATH, pipe:PATH,\n"
                        + "unix:PATH, tcp:HOST:PORT, telnet:HOST:PORT, udp:HOST:PORT, chardev:ID");
        plain("parallel", "WHERE", "where the parallel port goes, as with -serial: 'none'");
        plain("monitor", "WHERE", "where the monitor for people goes, as with -serial");
        plain("qmp", "WHERE", "where the monitor for programs (JSON) goes, as with -serial");
        plain("qmp-pretty", "WHERE", "the same with indented JSON");
        flat(
                "mon",
                OptionGroup.of("mon", "chardev", "chardev mode", "pretty", "", ""),
                "[chardev=]ID[,mode=readline|control][,pretty=on]",
                "a monitor on a character device");
        plain("echr", "NUMBER", "the code of the key that comes before orders to the console, instead of 1, control-a");
        flag("nographic", "no display; serial line and monitor on standard input and output");
        add(
                "display",
                new OptionSyntax.Nested("display", "type", true),
                "[type=]KIND[,PROPERTY=VALUE]...",
                "how the display is shown; 'none' for not at all");
    }

    private void running() {
        section = "Running";
        flag("S", "do not start the processors; a monitor's 'cont' does");
        flag("no-reboot", "end when the guest restarts");
        flag("no-shutdown", "stop, and do not end, when the guest powers off");
        flat(
                "action",
                OptionGroup.of("action", null, "reboot shutdown panic watchdog", "", "", ""),
                "[reboot=reset|shutdown][,shutdown=poweroff|pause][,panic=NAME][,watchdog=NAME]",
                "what happens when the guest restarts, powers off, panics or hangs");
        flat(
                "icount",
                OptionGroup.of("icount", "shift", "shift rr rrfile rrsnapshot", "align sleep", "", ""),
                "[shift=]N|auto[,align=on][,sleep=off][,rr=record|replay,rrfile=FILE]",
                "time goes by instructions, 2^N nanoseconds each; record or replay a run");
        add("seed", new OptionSyntax.Seed(), "NUMBER", "makes what is random repeatable");
        plain("loadvm", "NAME", "start from a snapshot");
        plain(
                "incoming",
                "WHERE",
                "wait for another's state: tcp:HOST:PORT, unix:PATH, file:PATH, exec:COMMAND, defer");
    }

    private void debugging() {
        section = "Debugging";
        plain("gdb", "WHERE", "wait for gdb there, as with -serial");
        flag("s", "the same as -gdb tcp::1234");
        plain("d", "ITEM[,ITEM]...", "log these items; 'help' lists them");
        plain("D", "FILE", "log into FILE instead of standard error");
        plain("dfilter", "RANGE[,RANGE]...", "log only code at these addresses: FROM+LENGTH, TO-LENGTH, FROM..TO");
        flat(
                "trace",
                OptionGroup.of("trace", "enable", "enable events file", "", "", ""),
                "[[enable=]PATTERN][,events=FILE][,file=FILE]",
                "trace these events");
        flag("stats", "print at the end where time and instructions went");
        flag("semihosting", "let the guest use the host's files and console (semihosting)");
        flat(
                "semihosting-config",
                OptionGroup.of("semihosting-config", null, "target chardev arg", "enable userspace", "", ""),
                "[enable=on][,target=native|gdb|auto][,chardev=ID][,userspace=on][,arg=TEXT]...",
                "the same in detail");
    }

    private void configuration() {
        section = "Configuration";
        plain("readconfig", "FILE", "read options from FILE");
        plain("set", "GROUP.ID.PROPERTY=VALUE", "change an option given before");
        flag("no-user-config", "read no configuration files but those that are named");
    }

    private static Map<String, OptionGroup.Type> chardevTypes() {
        Map<String, OptionGroup.Type> types = new HashMap<>();
        ChardevOptions.PARAMETERS.forEach((name, type) -> types.put(
                name,
                switch (type) {
                    case TEXT -> OptionGroup.Type.TEXT;
                    case FLAG -> OptionGroup.Type.FLAG;
                    case NUMBER -> OptionGroup.Type.NUMBER;
                    case SIZE -> OptionGroup.Type.SIZE;
                }));
        return types;
    }
}
