package dev.rhea.cli.system;

import dev.rhea.board.Identity;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.Parameters;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who the machine is: {@code -name}, {@code -uuid}; and how messages name it. */
final class IdentityOptions {
    private final MachineSettings settings;
    private @Nullable String name;
    private @Nullable UUID uuid;

    private IdentityOptions(MachineSettings settings) {
        this.settings = settings;
    }

    static void add(Effects effects, MachineSettings settings) {
        IdentityOptions options = new IdentityOptions(settings);
        effects.on("name", use -> options.name(use.parameters()));
        effects.on("uuid", use -> {
            if (use.data() instanceof OptionData.Identity identity) {
                options.uuid = identity.value();
                options.tell();
            }
        });
        effects.on("msg", use -> {
            settings.complaints.setTimed(use.parameters().flag("timestamp", false));
            settings.complaints.setNamed(use.parameters().flag("guest-name", false));
        });
    }

    private void name(Parameters given) {
        String guest = given.get("guest");
        if (guest != null) {
            name = guest;
            settings.complaints.setGuest(guest);
            tell();
        }
        String process = given.get("process");
        if (process != null) {
            settings.run.processName = process;
        }
    }

    private void tell() {
        settings.builder.identity(new Identity(name, uuid));
    }
}
