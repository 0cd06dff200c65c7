package dev.rhea.arch.riscv.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.arch.riscv.CpuModel;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the reference's device trees say of the same models, without what Rhea has not: H, and the names that later versions gave. */
class IsaTextTest {
    private static final String NAMED_1_11 = "ziccamoa_ziccif_zicclsm_ziccrse";
    private static final String GENERIC =
            "rv64imafdc_zic64b_zicbom_zicbop_zicboz_ziccamoa_ziccif_zicclsm_ziccrse_zicntr_zicsr_zifencei"
                    + "_zihintntl_zihintpause_zihpm_zmmul_za64rs_zaamo_zalrsc_zawrs_zfa_zca_zcd_zba_zbb_zbc_zbs"
                    + "_ssccptr_sscounterenw_sstc_sstvala_sstvecd_svadu";

    private static IsaText text(int xlen, String cpu) throws Exception {
        return new IsaText(CpuModel.parseSystem(xlen, cpu));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rv64i | rv64i
            sifive-e51 | rv64imac_zicntr_zicsr_zifencei_zihpm
            sifive-u54 | rv64imafdc_zicntr_zicsr_zifencei_zihpm
            sifive-u54,m=off | rv64iafdc_zicntr_zicsr_zifencei_zihpm
            rv64i,m=on,a=on | rv64ima
            rv64i,zbkb=on,priv_spec=v1.10.0 | rv64i
            rv64i,svade=on,m=on | rv64im_ziccamoa_ziccif_zicclsm_ziccrse_ssccptr_svade
            rv64i,zfh=on | rv64if_ziccamoa_ziccif_zicclsm_ziccrse_zicsr_zfh_zfhmin_ssccptr
            rv64i,v=on | rv64ifdv_zicsr_zve32f_zve32x_zve64f_zve64d_zve64x
            rv64i,c=on,d=on,zba=on | rv64ifdc_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_zicsr_za64rs_zca_zcd_zba_ssccptr_sscounterenw_sstvala_sstvecd
            rv64i,zcb=on | rv64ic_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_za64rs_zca_zcb_ssccptr_sscounterenw_sstvala_sstvecd
            rv64i,zcmp=on | rv64ic_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_za64rs_zca_zcmp_ssccptr_sscounterenw_sstvala_sstvecd
            rv64i,c=off,zcmp=on | rv64i_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_za64rs_zca_zcmp_ssccptr_sscounterenw_sstvala_sstvecd
            rv64i,d=on,zcmp=on | rv64ifd_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_zicsr_za64rs_zca_zcmp_ssccptr_sscounterenw_sstvala_sstvecd
            rv64i,zce=on | rv64ic_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_zicsr_za64rs_zca_zcb_zce_zcmp_zcmt_ssccptr_sscounterenw_sstvala_sstvecd
            rv64i,zce=on,zcb=off | rv64ic_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_zicsr_za64rs_zca_zce_zcmp_zcmt_ssccptr_sscounterenw_sstvala_sstvecd
            rv64i,zk=on | rv64i_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_za64rs_zbkb_zbkc_zbkx_zk_zkn_zknd_zkne_zknh_zkr_zkt_ssccptr_sscounterenw_sstvala_sstvecd
            rv64i,ztso=on | rv64i_zic64b_ziccamoa_ziccif_zicclsm_ziccrse_za64rs_ztso_ssccptr_sscounterenw_sstvala_sstvecd
            rv64,short-isa-string=on | rv64imafdc
            """)
    void modelsAreNamedAsTheReferenceNamesThem(String cpu, String expected) throws Exception {
        assertThat(text(64, cpu).text()).isEqualTo(expected);
    }

    @Test
    void theGenericModelSaysAllItsNames() throws Exception {
        assertThat(text(64, "rv64").text()).isEqualTo(GENERIC);
        assertThat(text(64, "rv64,priv_spec=v1.12.0").text()).isEqualTo(GENERIC);
        assertThat(text(64, "rv64,cbom_blocksize=32").text()).isEqualTo(GENERIC.replace("_zic64b", ""));
        assertThat(text(64, "rv64,svadu=off,sstc=off").text())
                .isEqualTo(GENERIC.replace("_svadu", "").replace("_sstc_", "_"));
        assertThat(text(64, "rv64,smstateen=on").text())
                .isEqualTo(GENERIC.replace("_ssccptr_sscounterenw", "_smstateen_ssccptr_sscounterenw_ssstateen"));
    }

    @Test
    void stackInstructionsTakeThePlaceOfCompressedDoubles() throws Exception {
        assertThat(text(64, "rv64,zcd=off,zcmp=on").text()).isEqualTo(GENERIC.replace("_zcd", "_zcmp"));
        assertThat(text(64, "rv64,d=off,zcmp=on").text())
                .isEqualTo(GENERIC.replace("imafdc", "imafc").replace("_zcd", "_zcmp"));
        assertThat(text(64, "rv64,c=off,zcb=on").text())
                .isEqualTo(GENERIC.replace("imafdc", "imafd").replace("_zca_zcd", "_zca_zcb"));
    }

    @Test
    void aProfileHasWhatItsNamePromises() throws Exception {
        assertThat(text(64, "rva22s64").text())
                .isEqualTo("rv64imafdc_zic64b_zicbom_zicbop_zicboz_" + NAMED_1_11
                        + "_zicntr_zicsr_zifencei_zihintpause_zihpm_zmmul_za64rs_zaamo_zalrsc_zfhmin_zca_zcd_zba_zbb_zbs_zkt"
                        + "_ssccptr_sscounterenw_sstvala_sstvecd_svade_svinval_svpbmt");
        assertThat(text(64, "rva22s64").mmuType()).isEqualTo("riscv,sv39");
        assertThat(text(64, "rva22u64,s=on,sv48=on").mmuType()).isEqualTo("riscv,none");
        assertThat(text(64, "rva22u64,s=on,mmu=on,sv48=on").mmuType()).isEqualTo("riscv,sv48");
    }

    @Test
    void rv32HasCompressedFloatsOfBothSizes() throws Exception {
        assertThat(Arrays.stream(text(32, "rv32").text().split("_"))
                        .filter(name -> name.startsWith("zc"))
                        .collect(Collectors.joining(" ")))
                .isEqualTo("zca zcf zcd");
        assertThat(text(32, "rv32i,zce=on,f=on").text()).startsWith("rv32ifc_").contains("_zca_zcb_zcf_zce_zcmp_zcmt_");
        assertThat(text(32, "rv32i,zce=on,f=on,zcf=off").text())
                .startsWith("rv32if_")
                .contains("_zca_zcb_zce_zcmp_zcmt_");
    }

    @ParameterizedTest
    @CsvSource({"sv57=off,sv48", "sv39=on,sv39", "sv48=on,sv48", "sv39=off,none", "mmu=off,none"})
    void theSchemeIsChosenByNamingTheLargest(String property, String scheme) throws Exception {
        assertThat(text(64, "rv64," + property).mmuType()).isEqualTo("riscv," + scheme);
    }
}
