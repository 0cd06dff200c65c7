package dev.rhea.junit;

import dev.rhea.board.Machine;
import dev.rhea.machine.Processor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Makes the machines of parameters marked {@link Guest}. */
public final class GuestExtension implements ParameterResolver, TestExecutionExceptionHandler {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(GuestExtension.class);

    /** Machines of one test; JUnit closes it when the test is over. */
    private static final class Guests implements AutoCloseable {
        final List<Machine> machines = new ArrayList<>();

        @Override
        public void close() {
            machines.forEach(Machine::close);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.isAnnotated(Guest.class) && parameter.getParameter().getType() == Machine.class;
    }

    @Override
    public Machine resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Guest guest = parameter.findAnnotation(Guest.class).orElseThrow();
        try {
            var constructor = guest.value().getDeclaredConstructor();
            constructor.setAccessible(true);
            Machine machine = constructor.newInstance().describe().build();
            guests(context).machines.add(machine);
            if (guest.started()) {
                machine.start();
            }
            return machine;
        } catch (RuntimeException e) {
            throw e; // an assumption that does not hold among them
        } catch (Exception e) {
            throw new ParameterResolutionException(
                    "no guest of " + guest.value().getName() + ": " + e.getMessage(), e);
        }
    }

    private static Guests guests(ExtensionContext context) {
        return context.getStore(NAMESPACE).computeIfAbsent(Guests.class, key -> new Guests(), Guests.class);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        for (Machine machine : guests(context).machines) {
            context.publishReportEntry("guest", describe(machine));
            failure.addSuppressed(new GuestState(describe(machine)));
        }
        throw failure;
    }

    /** What a reader of the report wants to know of a guest that did not do as it should. */
    private static String describe(Machine machine) {
        var text = new StringBuilder();
        text.append(machine.spec().architecture())
                .append(' ')
                .append(machine.spec().machine());
        text.append(", ").append(machine.state().text()).append('\n');
        if (machine.hasConsole()) {
            text.append("---- console\n").append(machine.console().tail(40)).append('\n');
        }
        machine.chassis().standStill(() -> {
            for (Processor processor : machine.chassis().processors()) {
                text.append("---- processor ").append(processor.index()).append('\n');
                text.append(processor.registers());
                text.append("last places, the latest last:");
                for (long pc : processor.trail()) {
                    text.append(String.format("%n  0x%x", pc));
                }
                text.append('\n');
            }
        });
        return text.toString();
    }

    /** Carries a guest's state into the report of a failed test. */
    private static final class GuestState extends Exception {
        private static final long serialVersionUID = 1;

        GuestState(String message) {
            super(message, null, false, false);
        }
    }
}
