package dev.rhea.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.rhea.board.Machine;
import dev.rhea.junit.Guest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What is to be read when a test with a guest fails. */
class FailedGuestTest {
    /** Runs only from here. */
    @EnabledIfSystemProperty(named = "dev.rhea.examples.fail", matches = "yes")
    static class Failing {
        @Test
        void theGuestSaysSomethingElse(@Guest(SmallGuest.class) Machine vm) throws Exception {
            vm.console().expect("> ", Duration.ofMinutes(1));
            vm.console().expect("what it never says", Duration.ofMillis(1));
        }
    }

    @Test
    void theReportHasTheConsoleTheRegistersAndTheLastInstructions() {
        List<Throwable> failures = new ArrayList<>();
        List<String> entries = new ArrayList<>();
        System.setProperty("dev.rhea.examples.fail", "yes");
        try {
            LauncherFactory.create()
                    .execute(
                            LauncherDiscoveryRequestBuilder.request()
                                    .selectors(selectClass(Failing.class))
                                    .build(),
                            new TestExecutionListener() {
                                @Override
                                public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                                    result.getThrowable().ifPresent(failures::add);
                                }

                                @Override
                                public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
                                    entries.addAll(entry.getKeyValuePairs().values());
                                }
                            });
        } finally {
            System.clearProperty("dev.rhea.examples.fail");
        }
        assertThat(failures).hasSize(1);
        assertThat(failures.getFirst()).isInstanceOf(TimeoutException.class);
        assertThat(failures.getFirst().getSuppressed()).hasSize(1);
        String report = String.valueOf(failures.getFirst().getSuppressed()[0].getMessage());
        assertThat(report)
                .startsWith("riscv64 virt, running")
                .contains("'help' lists the commands")
                .contains("---- processor 1")
                .containsPattern("(?m)^ *pc +[0-9a-f]+")
                .containsPattern("(?s)last places, the latest last:\\R  0x[0-9a-f]+: [a-z]")
                .containsPattern("next instruction:\\R  0x[0-9a-f]+: [a-z]");
        assertThat(entries).contains(report);
    }
}
