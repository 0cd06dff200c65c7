package dev.rhea.arch.riscv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rhea.engine.abi.Architecture;
import dev.rhea.engine.abi.Architecture.BadCpu;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuModelTest {
    private static final Architecture RISCV = new RiscvArchitecture();

    private static Extensions extensions(String cpu) throws BadCpu {
        return ((Riscv) RISCV.guest("riscv64", cpu).isa()).extensions();
    }

    @Test
    void everyModelOfTheHelpIsThere() throws BadCpu {
        for (String name : RISCV.names()) {
            for (String model : RISCV.cpuModels(name)) {
                assertThat(RISCV.guest(name, model).isa().name()).isEqualTo(name);
            }
        }
    }

    @Test
    void theGenericModelIsTheDefaultAndHasWhatTheReferenceGivesIt() throws BadCpu {
        Extensions generic = extensions(null);
        assertThat(generic).isEqualTo(extensions("rv64"));
        assertThat(generic.hasAll(
                        Extension.M,
                        Extension.A,
                        Extension.F,
                        Extension.D,
                        Extension.C,
                        Extension.ZBA,
                        Extension.ZBB,
                        Extension.ZBC,
                        Extension.ZBS,
                        Extension.ZFA,
                        Extension.ZAWRS,
                        Extension.ZICBOZ))
                .isTrue();
        assertThat(generic.has(Extension.V)).isFalse();
        assertThat(generic.has(Extension.ZICOND)).isFalse();
    }

    @Test
    void theProfileHasNeitherFenceINorClmul() throws BadCpu {
        Extensions profile = extensions("rva22u64");
        assertThat(profile.has(Extension.ZIFENCEI)).isFalse();
        assertThat(profile.has(Extension.ZBC)).isFalse();
        assertThat(profile.has(Extension.ZFHMIN)).isTrue();
    }

    @Test
    void featuresAreSwitchedInBothSpellings() throws BadCpu {
        assertThat(extensions("rv64,+zbkb,zicond=true").hasAll(Extension.ZBKB, Extension.ZICOND))
                .isTrue();
        assertThat(extensions("rv64,-zba,zbb=off").has(Extension.ZBA)).isFalse();
        assertThat(extensions("rv64,zba=off,zba=on").has(Extension.ZBA)).isTrue();
        assertThat(extensions("rv64i,+zfh,+f").hasAll(Extension.ZFHMIN, Extension.ZICSR))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rv46             | unable to find CPU model 'rv46'; did you mean 'rv64'?
            RV64             | unable to find CPU model 'RV64'; did you mean 'rv64'?
            frobnicate       | unable to find CPU model 'frobnicate'
            rv64,zbx=true    | can't apply global rv64-riscv-cpu.zbx=true: Property 'rv64-riscv-cpu.zbx' not found; did you mean 'zba'?
            rv64,zba=maybe   | can't apply global rv64-riscv-cpu.zba=maybe: Parameter 'zba' expects 'on' or 'off'
            rv64,zba         | Expected key=value format, found zba.
            rv64,d=on,f=off  | D extension requires F extension
            rv64,-a,+zacas   | Zacas extension requires A extension
            """)
    void whatIsWrongIsSaidInTheReferencesWords(String cpu, String message) {
        assertThatThrownBy(() -> extensions(cpu)).isInstanceOf(BadCpu.class).hasMessage(message);
    }

    @Test
    void instructionsOfAnExtensionThatIsOffAreIllegal() throws BadCpu {
        long sh1add = 0x20b52533L;
        assertThat(RISCV.guest("riscv64", "rv64").isa().disassemble(sh1add, 0, 4, 0, 0))
                .isEqualTo("sh1add a0, a0, a1");
        assertThat(RISCV.guest("riscv64", "rv64,-zba").isa().disassemble(sh1add, 0, 4, 0, 0))
                .isEqualTo(".4byte 0x20b52533");
    }
}
