package dev.rhea.cli.system;

import dev.rhea.cli.options.OptionException;
import dev.rhea.cli.options.OptionUse;
import java.util.HashMap;
import java.util.Map;

/** Which option does what. Each family of options adds its own. */
final class Effects {
    /** What an option does. */
    @FunctionalInterface
    interface Effect {
        void apply(OptionUse use) throws OptionException;
    }

    private final Map<String, Effect> effects = new HashMap<>();

    /** Says what options do. @param names their main names, with blanks between them */
    void on(String names, Effect effect) {
        for (String name : names.split(" ")) {
            if (effects.put(name, effect) != null) {
                throw new IllegalArgumentException("-" + name + " has an effect already");
            }
        }
    }

    /** Whether an option has one. */
    boolean knows(String name) {
        return effects.containsKey(name);
    }

    /** Lets an option do it. @throws OptionException with the option's place */
    void apply(OptionUse use) throws OptionException {
        Effect effect = effects.get(use.name());
        try {
            if (effect == null) {
                throw new OptionException("this option is not there yet");
            }
            effect.apply(use);
        } catch (OptionException e) {
            throw use.wrong(e);
        }
    }
}
