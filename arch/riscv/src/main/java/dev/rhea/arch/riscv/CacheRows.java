package dev.rhea.arch.riscv;

import dev.rhea.arch.riscv.system.CacheRights;
import dev.rhea.engine.decode.Table;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import org.jspecify.annotations.Nullable;

/** Zicbom, Zicboz, Zicbop, Zihintpause and Zawrs: what tells the hart about caches and waiting. */
final class CacheRows {
    private CacheRows() {}

    /** @param block bytes that {@code cbo.zero} clears, a power of two from 8 on */
    static void addTo(Table<RiscvBuilder> table, Extensions on, int block, boolean system) {
        if (on.has(Extension.ZICBOM)) {
            table.group("Zicbom");
            if (system) {
                management(table, "000000000000", "cbo.inval", CacheRights.Field.CBIE);
            } else {
                // user level has no right to throw written data away: menvcfg.CBIE
                table.insn("000000000000 rs1:5 010 00000 0001111", "cbo.inval ({rs1})", (t, i) -> t.illegal(i));
            }
            CacheRights.@Nullable Field clean = system ? CacheRights.Field.CBCFE : null;
            management(table, "000000000001", "cbo.clean", clean);
            management(table, "000000000010", "cbo.flush", clean);
        }
        if (on.has(Extension.ZICBOZ)) {
            table.group("Zicboz").insn("000000000100 rs1:5 010 00000 0001111", "cbo.zero ({rs1})", (t, i) -> {
                if (system) {
                    CacheRights.demand(t, i, CacheRights.Field.CBZE);
                }
                Node first = t.and(t.x(i.rs1()), t.imm(-block));
                for (int at = 0; at < block; at += 8) {
                    t.store(first, at, t.i64(0), MemOp.little(8, false));
                }
            });
        }
        if (on.has(Extension.ZICBOP)) {
            table.group("Zicbop");
            prefetch(table, "00000", "prefetch.i");
            prefetch(table, "00001", "prefetch.r");
            prefetch(table, "00011", "prefetch.w");
        }
        if (on.has(Extension.ZIHINTPAUSE)) {
            table.group("Zihintpause").insn("0000 0001 0000 00000 000 00000 0001111", "pause", (t, i) -> t.leave());
        }
        if (on.has(Extension.ZAWRS)) {
            // waiting may end at any time for any reason; leaving gives others the chance to run
            table.group("Zawrs")
                    .insn("000000001101 00000 000 00000 1110011", "wrs.nto", (t, i) -> t.leave())
                    .insn("000000011101 00000 000 00000 1110011", "wrs.sto", (t, i) -> t.leave());
        }
    }

    /** Caches are never out of date here; what is left is the right to access the block. */
    private static void management(
            Table<RiscvBuilder> table, String funct12, String name, CacheRights.@Nullable Field right) {
        table.insn(funct12 + " rs1:5 010 00000 0001111", name + " ({rs1})", (t, i) -> {
            if (right != null) {
                CacheRights.demand(t, i, right);
            }
            t.load(t.xlen, t.x(i.rs1()), 0, MemOp.little(1, false));
        });
    }

    private static void prefetch(Table<RiscvBuilder> table, String kind, String name) {
        table.insn("imm[11:5]s " + kind + " rs1:5 110 00000 0010011", name + " {imm}({rs1})", (t, i) -> {});
    }
}
