package dev.rhea.junit;

import dev.rhea.board.Machine;
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
            String report = GuestReport.of(machine);
            context.publishReportEntry("guest", report);
            failure.addSuppressed(new GuestState(report));
        }
        throw failure;
    }

    /** Carries a guest's state into the report of a failed test. */
    private static final class GuestState extends Exception {
        private static final long serialVersionUID = 1;

        GuestState(String message) {
            super(message, null, false, false);
        }
    }
}
