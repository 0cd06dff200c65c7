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
            rv64,d=on,f=off  | Zfa extension requires F extension
            rv64,f=off,zfa=off | D extension requires F extension
            rv64,zicsr=off   | F extension requires Zicsr
            rv64,-a          | Zawrs extension requires A extension
            rv64,-a,-zawrs,+zacas | Zacas extension requires A extension
            rv64,v=on,d=off  | Zve64d/V extensions require D extension
            rv64,zvbb=on     | Vector crypto extensions require V or Zve* extensions
            rv64,zvksg=on    | Vector crypto extensions require V or Zve* extensions
            rv64,zvbc=on     | Zvbc and Zvknhb extensions require V or Zve64x extensions
            rv64,zca=off     | Zcf/Zcd/Zcb/Zcmp/Zcmt extensions require Zca extension
            rv64,zcb=on,zca=off | Zcf/Zcd/Zcb/Zcmp/Zcmt extensions require Zca extension
            rv64,zcmp=on     | Zcmp/Zcmt extensions are incompatible with Zcd extension
            rv64,zcmp=on,zca=off,zcd=off | Zcf/Zcd/Zcb/Zcmp/Zcmt extensions require Zca extension
            rv64,zce=on      | Zcmp/Zcmt extensions are incompatible with Zcd extension
            rv64i,zcmt=on,zicsr=off | Zcmt extension requires Zicsr extension
            rv64,zcf=on      | Zcf extension is only relevant to RV32
            rv64,i=off       | Either I or E extension must be set
            rv64,h=on        | can't apply global rv64-riscv-cpu.h=on: 'h' is not implemented
            rv64,vlen=48     | can't apply global rv64-riscv-cpu.vlen=48: Vector extension VLEN must be power of 2
            rv64,vlen=65536  | can't apply global rv64-riscv-cpu.vlen=65536: Parameter 'vlen' expects uint16_t
            rv64,v=on,vlen=64 | Vector extension implementation only supports VLEN in the range [128, 1024]
            rv64,v=on,elen=128 | Vector extension implementation only supports ELEN in the range [8, 64]
            rv64,priv_spec=x | can't apply global rv64-riscv-cpu.priv_spec=x: Unsupported privilege spec version 'x'
            rv64,vext_spec=x | can't apply global rv64-riscv-cpu.vext_spec=x: Unsupported vector spec version 'x'
            rv64,pmu-num=30  | can't apply global rv64-riscv-cpu.pmu-num=30: Number of counters exceeds maximum available
            rv64,marchid=x   | can't apply global rv64-riscv-cpu.marchid=x: Parameter 'marchid' expects uint64
            rv64,marchid=0x8000000000000000 | can't apply global rv64-riscv-cpu.marchid=0x8000000000000000: Unable to set marchid with MSB (64) bit set and the remaining bits zero
            rv64,cbom_blocksize=33 | can't apply global rv64-riscv-cpu.cbom_blocksize=33: a cache block is a power of 2 between 8 and 256 bytes
            rv64,e=on        | I and E extensions are incompatible
            rv64,u=off       | Setting S extension without U extension is illegal
            rv64,pmu-mask=7  | "pmu-mask" contains invalid bits (0-2) set
            rva22u64,marchid=1 | can't apply global rva22u64-riscv-cpu.marchid=1: Unable to change rva22u64-riscv-cpu marchid (0x0)
            sifive-u54,pmp=off | can't apply global sifive-u54-riscv-cpu.pmp=off: CPU 'sifive-u54' does not allow changing the value of 'pmp'
            sifive-u54,sstc=on | can't apply global sifive-u54-riscv-cpu.sstc=on: 'sifive-u54' CPU does not allow enabling extensions
            """)
    void whatIsWrongIsSaidInTheReferencesWords(String cpu, String message) {
        assertThatThrownBy(() -> extensions(cpu)).isInstanceOf(BadCpu.class).hasMessage(message);
    }

    @Test
    void whatAChipIsStaysAndIsSaid() {
        assertThatThrownBy(() -> extensions("sifive-u54,pmu-mask=0"))
                .hasMessage(
                        "can't apply global sifive-u54-riscv-cpu.pmu-mask=0: CPU 'sifive-u54' does not allow changing the"
                                + " value of 'pmu-mask'\nCurrent 'pmu-mask' val: 7fff8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rv64,sv48=off,sv57=on | cannot disable sv48 satp mode if sv57 is enabled
            rv64,sv64=on          | satp_mode sv64 is higher than hw max capability sv57
            sifive-u54,sv48=on    | satp_mode sv48 is higher than hw max capability sv39
            """)
    void whatSatpCannotBeIsSaidInTheReferencesWords(String cpu, String message) {
        assertThatThrownBy(() -> CpuModel.parseSystem(64, cpu))
                .isInstanceOf(BadCpu.class)
                .hasMessage(message);
    }

    @Test
    void groupsBringTheirMembersUnlessTheseAreSwitchedOffByName() throws BadCpu {
        assertThat(extensions("rv64i,zkn=on").hasAll(Extension.ZBKB, Extension.ZBKX, Extension.ZKND, Extension.ZKNH))
                .isTrue();
        assertThat(extensions("rv64i,zkn=on,zknd=off").has(Extension.ZKND)).isFalse();
        assertThat(extensions("rv64i,g=on").hasAll(Extension.M, Extension.A, Extension.D, Extension.ZIFENCEI))
                .isTrue();
    }

    @Test
    void groupsOfVectorCiphersBringTheirMembers() throws BadCpu {
        Extensions nist = extensions("rv64,v=on,zvknc=on,zvkng=on");
        assertThat(nist.hasAll(
                        Extension.ZVKN,
                        Extension.ZVKNED,
                        Extension.ZVKNHB,
                        Extension.ZVKB,
                        Extension.ZVKT,
                        Extension.ZVBC,
                        Extension.ZVKG))
                .isTrue();
        assertThat(nist.has(Extension.ZVBB)).isFalse();
        assertThat(nist.has(Extension.ZVKNHA)).isFalse();
        assertThat(extensions("rv64,v=on,zvksc=on,zvksg=on")
                        .hasAll(Extension.ZVKS, Extension.ZVKSED, Extension.ZVKSH, Extension.ZVKB, Extension.ZVKT))
                .isTrue();
        assertThat(extensions("rv64,v=on,zvkn=on,zvkb=off").has(Extension.ZVKB)).isFalse();
    }

    @Test
    void bitManipulationForCiphersIsThereWithoutTheRest() throws BadCpu {
        var isa = RISCV.guest("riscv64", "rv64,v=on,zvkb=on").isa();
        assertThat(isa.disassemble(0x4a8420d7L, 0, 4, 0, 0)).startsWith("vbrev8.v");
        assertThat(isa.disassemble(0x4a8520d7L, 0, 4, 0, 0)).startsWith(".4byte");
    }

    @Test
    void theCryptographyGroupBringsTheEntropySource() throws BadCpu {
        assertThat(extensions("rv64i,zk=on").hasAll(Extension.ZKN, Extension.ZKR, Extension.ZKT))
                .isTrue();
        assertThat(extensions("rv64i,zk=on,zkr=off").has(Extension.ZKR)).isFalse();
        assertThat(extensions("max").hasAll(Extension.ZCB, Extension.ZK, Extension.ZTSO))
                .isTrue();
        assertThat(extensions("max").has(Extension.ZCMP)).isFalse();
    }

    @Test
    void multiplicationIsThereWithoutDivision() throws BadCpu {
        var isa = RISCV.guest("riscv64", "rv64i,zmmul=on").isa();
        assertThat(isa.disassemble(0x02b50533L, 0, 4, 0, 0)).isEqualTo("mul a0, a0, a1");
        assertThat(isa.disassemble(0x02b54533L, 0, 4, 0, 0)).isEqualTo(".4byte 0x2b54533");
    }

    @Test
    void halvesOfTheAtomicExtensionAreThereAlone() throws BadCpu {
        var operations = RISCV.guest("riscv64", "rv64i,zaamo=on").isa();
        var reservations = RISCV.guest("riscv64", "rv64i,zalrsc=on").isa();
        long amoadd = 0x00b5252fL;
        long lr = 0x1005252fL;
        assertThat(operations.disassemble(amoadd, 0, 4, 0, 0)).startsWith("amoadd.w");
        assertThat(operations.disassemble(lr, 0, 4, 0, 0)).startsWith(".4byte");
        assertThat(reservations.disassemble(amoadd, 0, 4, 0, 0)).startsWith(".4byte");
        assertThat(reservations.disassemble(lr, 0, 4, 0, 0)).startsWith("lr.w");
    }

    @Test
    void whatIsNotThereCanBeSwitchedOff() throws BadCpu {
        assertThat(extensions("rv64,h=off,zfinx=off,x-misa-w=off")).isEqualTo(extensions("rv64"));
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
