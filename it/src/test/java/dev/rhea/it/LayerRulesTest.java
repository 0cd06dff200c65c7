package dev.rhea.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of the house that the compiler does not know. */
class LayerRulesTest {
    private static JavaClasses house;

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> jars = Files.list(Rhea.HOME.resolve("target/rhea/lib"))) {
            List<Location> places = new ArrayList<>();
            // Ours: what others wrote has its own rules.
            for (Path jar : jars.filter(file -> file.getFileName().toString().startsWith("rhea-"))
                    .toList()) {
                places.add(Location.of(URI.create("jar:" + jar.toUri() + "!/")));
            }
            house = new ClassFileImporter().importLocations(places);
        }
        assertThat(house).hasSizeGreaterThan(50);
    }

    private static void hold(ArchRule rule) {
        rule.allowEmptyShould(true).check(house);
    }

    @Test
    void theEngineKnowsNoArchitectureAndNoPersonality() {
        hold(noClasses()
                .that()
                .resideInAPackage("dev.rhea.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rhea.arch..", "dev.rhea.user..", "dev.rhea.cli.."));
    }

    @Test
    void theHostRoomKnowsNobody() {
        hold(noClasses()
                .that()
                .resideInAPackage("dev.rhea.host..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.rhea.engine..",
                        "dev.rhea.arch..",
                        "dev.rhea.network..",
                        "dev.rhea.user..",
                        "dev.rhea.cli.."));
    }

    @Test
    void theNetworkKnowsNoGuests() {
        hold(noClasses()
                .that()
                .resideInAPackage("dev.rhea.network..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rhea.engine..", "dev.rhea.arch..", "dev.rhea.user..", "dev.rhea.cli.."));
    }

    @Test
    void architecturesKnowNoPersonalityAndNoCommandLine() {
        hold(noClasses()
                .that()
                .resideInAPackage("dev.rhea.arch..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.rhea.user..", "dev.rhea.cli.."));
    }

    @Test
    void thePersonalityAndTheCommandLineKnowNoArchitecture() {
        hold(noClasses()
                .that()
                .resideInAnyPackage("dev.rhea.user..", "dev.rhea.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.rhea.arch.."));
    }

    @Test
    void onlyTheHostRoomCallsNativeFunctions() {
        hold(noClasses()
                .that()
                .resideOutsideOfPackages("dev.rhea.host..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.Linker")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.foreign.SymbolLookup"));
    }

    @Test
    void onlyTheHostRoomAndTheEngineTouchRawMemory() {
        hold(noClasses()
                .that()
                .resideOutsideOfPackages("dev.rhea.host..", "dev.rhea.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.internal.."));
    }

    @Test
    void onlyTheCommandLineEndsTheProcess() {
        hold(noClasses()
                .that()
                .resideOutsideOfPackages("dev.rhea.cli..")
                .should()
                .callMethod(System.class, "exit", int.class));
    }

    @Test
    void thereAreNoUtilityDrawers() {
        hold(classes()
                .that()
                .resideInAPackage("dev.rhea..")
                .should()
                .haveSimpleNameNotEndingWith("Util")
                .andShould()
                .haveSimpleNameNotEndingWith("Utils")
                .andShould()
                .haveSimpleNameNotEndingWith("Manager")
                .andShould()
                .haveSimpleNameNotEndingWith("Common"));
    }

    @Test
    void nothingStaticChanges() {
        List<String> changing = new ArrayList<>();
        house.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
                .filter(field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC))
                .map(JavaField::getFullName)
                .forEach(changing::add);
        assertThat(changing).isEmpty();
    }
}
