package dev.rhea.engine.jit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rhea.engine.ir.Builder;
import dev.rhea.engine.ir.Flow;
import dev.rhea.engine.ir.Helper;
import dev.rhea.engine.ir.MemOp;
import dev.rhea.engine.ir.Node;
import dev.rhea.engine.ir.Op;
import dev.rhea.engine.ir.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SpansTest {
    private static final long CODE = 0x10000;

    private final ListIsa isa = new ListIsa();
    private final List<Node> accesses = new ArrayList<>();

    private Consumer<Builder> load(int to, int base, long displacement) {
        return t -> t.set(isa.x[to], t.load(Type.I64, t.get(isa.x[base]), displacement, MemOp.little(8, true)));
    }

    private Consumer<Builder> store(int from, int base, long displacement) {
        return t -> t.store(t.get(isa.x[base]), displacement, t.get(isa.x[from]), MemOp.little(8, true));
    }

    private Consumer<Builder> add(int to, int from, long constant) {
        return t -> t.set(isa.x[to], t.add(t.get(isa.x[from]), t.i64(constant)));
    }

    private Consumer<Builder> branch(long distance) {
        return t -> t.jumpIf(t.compare(Op.NE, t.get(isa.x[0]), t.i64(0)), distance);
    }

    @SafeVarargs
    private Spans spans(Consumer<Builder>... program) {
        var region = Region.scan(isa, 0, CodeSnapshot.of(CODE, isa.program(program)), CODE, 100, pc -> true);
        for (Block block : Objects.requireNonNull(region).blocks) {
            for (Instruction instruction : block.instructions) {
                for (Node node : instruction.nodes) {
                    if (node.op == Op.LOAD || node.op == Op.STORE) {
                        accesses.add(node);
                    }
                }
            }
        }
        return Spans.of(region);
    }

    private Spans.Span span(Spans spans, int access) {
        return Objects.requireNonNull(spans.of(accesses.get(access)));
    }

    @Test
    void accessesOffOneBaseShareACheckOfAllTheirBytes() {
        var spans = spans(load(2, 1, 16), load(3, 1, -8), load(4, 1, 40));
        Spans.Span span = span(spans, 0);
        assertThat(span.leader).isSameAs(accesses.get(0));
        assertThat(span.below()).isEqualTo(-24);
        assertThat(span.size()).isEqualTo(56);
        assertThat(span.members()).isEqualTo(3);
        assertThat(span(spans, 1)).isSameAs(span);
        assertThat(span(spans, 2)).isSameAs(span);
        assertThat(accesses.stream().map(spans::offset)).containsExactly(24, 0, 48);
        assertThat(spans.numbers()).isEqualTo(1);
    }

    @Test
    void loadsAndStoresAreCheckedApart() {
        var spans = spans(load(2, 1, 0), store(2, 1, 8), load(2, 1, 16), store(2, 1, 24));
        assertThat(span(spans, 0)).isSameAs(span(spans, 2)).isNotSameAs(span(spans, 1));
        assertThat(span(spans, 1)).isSameAs(span(spans, 3));
        assertThat(span(spans, 0).number()).isNotEqualTo(span(spans, 1).number());
        assertThat(span(spans, 1).write).isTrue();
    }

    @Test
    void aBaseIsFollowedThroughCopiesAndAdditionsOfConstants() {
        var spans = spans(store(3, 2, 0), add(2, 2, -32), store(3, 2, 8), add(5, 2, 16), store(3, 5, 4));
        assertThat(span(spans, 0).below()).isEqualTo(-24);
        assertThat(span(spans, 0).size()).isEqualTo(32);
        assertThat(span(spans, 0).members()).isEqualTo(3);
        assertThat(accesses.stream().map(spans::offset)).containsExactly(24, 0, 12);
    }

    @Test
    void aBaseThatIsLoadedAnewIsAnother() {
        var spans = spans(load(1, 1, 0), load(2, 1, 8));
        assertThat(spans.of(accesses.get(0))).isNull();
        assertThat(spans.of(accesses.get(1))).isNull();
        assertThat(spans.numbers()).isZero();
    }

    @Test
    void whatIsTooFarAwayIsCheckedByItself() {
        var spans = spans(load(2, 1, 0), load(3, 1, Spans.MAX - 7), load(4, 1, Spans.MAX - 8));
        assertThat(spans.of(accesses.get(1))).isNull();
        assertThat(span(spans, 2).size()).isEqualTo(Spans.MAX);
    }

    @Test
    void aSpanEndsWhereAHelperMayChangeTheMap() {
        var helper = Helper.of("any", null, (cpu, a, b, c) -> 0, Helper.Effect.IMPURE);
        var spans = spans(load(2, 1, 0), load(3, 1, 8), t -> t.call(helper), load(4, 1, 16));
        assertThat(span(spans, 0).members()).isEqualTo(2);
        assertThat(spans.of(accesses.get(2))).isNull();
    }

    @Test
    void aSpanGoesOnIntoBlocksThatOnlyItsOwnReaches() {
        var spans = spans(
                load(2, 1, 0),
                branch(12), // to the store
                load(3, 1, 8),
                load(4, 1, 16),
                store(2, 1, 0),
                load(5, 1, 24)); // behind the join
        assertThat(span(spans, 0).members()).isEqualTo(3);
        assertThat(spans.of(accesses.get(4))).isNull();
    }

    @Test
    void aLoopBeginsAnew() {
        var spans = spans(load(2, 1, 0), load(3, 1, 8), branch(-4));
        assertThat(spans.of(accesses.get(0))).isNull();
        assertThat(spans.of(accesses.get(1))).isNull();
    }

    @Test
    void aCallReturnsToABlockThatBeginsAnew() {
        var spans = spans(load(2, 1, 0), t -> t.jump(0x1000, Flow.CALL), load(3, 1, 8));
        assertThat(spans.of(accesses.get(0))).isNull();
        assertThat(spans.of(accesses.get(1))).isNull();
    }

    @Test
    void aSpanWhoseAddressIsKnownNeverLiesInTwoPages() {
        var spans = spans(t -> t.set(isa.x[1], t.i64(0x4ff0)), load(2, 1, 0), load(3, 1, 8), load(4, 1, 16));
        assertThat(span(spans, 0).members()).isEqualTo(2);
        assertThat(spans.of(accesses.get(2))).isNull();
    }

    @Test
    void distancesWrapAsAddressesDo() {
        var spans = spans(add(2, 1, Long.MAX_VALUE), load(3, 2, 0), add(2, 2, 1), load(3, 2, 7));
        assertThat(span(spans, 0).members()).isEqualTo(2);
        assertThat(span(spans, 0).size()).isEqualTo(16);
    }
}
