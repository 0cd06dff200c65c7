package dev.rhea.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a parameter of a test, of type {@link dev.rhea.board.Machine}: it is built as a definition says, started, and closed after
 * the test.
 *
 * <pre>{@code
 * @Test
 * void theKernelFindsItsProcessors(@Guest(DebianShell.class) Machine vm) throws Exception {
 *     vm.console().expect("# ", Duration.ofMinutes(2));
 *     vm.console().type("nproc\n");
 *     ...
 * }
 * }</pre>
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(GuestExtension.class)
public @interface Guest {
    /** What the machine is; it has a constructor without parameters. */
    Class<? extends GuestDefinition> value();

    /** Whether it runs already when the test begins. */
    boolean started() default true;
}
