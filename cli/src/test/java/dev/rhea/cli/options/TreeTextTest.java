package dev.rhea.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            qcow2,file.driver=file,file.filename=a,,b.img | {"driver":"qcow2","file":{"driver":"file","filename":"a,b.img"}}
            driver=quorum,children.0=a,children.1=b       | {"driver":"quorum","children":["a","b"]}
            driver=quorum,children.1=b,children.0.x=a     | {"driver":"quorum","children":[{"x":"a"},"b"]}
            a_b.c-d=3,                                    | {"a_b":{"c-d":"3"}}
            x,x=1,x=2                                     | {"driver":"x","x":"2"}
            driver=a,driver=b                             | {"driver":"b"}
            driver=                                       | {"driver":""}
            ``                                            | {}
            """)
    void dotsNestAndNumbersAreLists(String text, String tree) throws Exception {
        assertThat(TreeText.parse(text, "driver").root()).isEqualTo(JsonParser.parseString(tree));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            a..b=3                                | Invalid parameter 'a..b'
            .a=3                                  | Invalid parameter '.a'
            a.=3                                  | Invalid parameter 'a.'
            a.b.=3                                | Invalid parameter 'a.b.'
            1=3                                   | Invalid parameter '1'
            _a=3                                  | Invalid parameter '_a'
            -a=3                                  | Invalid parameter '-a'
            a.1b=3                                | Invalid parameter 'a.1b'
            a+b=3                                 | Invalid parameter 'a+b'
            =3                                    | Invalid parameter ''
            ,x=1                                  | Invalid parameter ''
            virt,,x                               | Invalid parameter ''
            virt,foo                              | Expected '=' after parameter 'foo'
            foo=1,bar                             | Expected '=' after parameter 'bar'
            driver=x,help,foo                     | Expected '=' after parameter 'foo'
            driver=raw,file=x,file.driver=file    | Parameters 'file.*' used inconsistently
            driver=raw,file.driver=file,file=x    | Parameters 'file.*' used inconsistently
            driver=raw,file.0=a,file.x=b          | Parameters 'file.*' used inconsistently
            driver=q,children.0.x=a,children.0=b  | Parameters 'children.0.*' used inconsistently
            driver=q,children.0=a,children=b      | Parameters 'children.*' used inconsistently
            driver=q,children.0=a,children.2=b    | Parameter 'children.1' missing
            x.0=a,x.0=b,x.1000000=3               | Parameter 'x.1' missing
            x.99999999999=3                       | Parameter 'x.0' missing
            a.b.1=3                               | Parameter 'a.b.0' missing
            """)
    void errorsAreTheReferences(String text, String error) {
        assertThatThrownBy(() -> TreeText.parse(text, "driver")).hasMessage(error);
    }

    @Test
    void aKeyHasALimit() {
        String key = "a".repeat(140);
        assertThatThrownBy(() -> TreeText.parse(key + "=3", "driver"))
                .hasMessage("Parameter '" + key + "' is too long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "?", "virt,help", "driver=x,?"})
    void helpMayBeAskedFor(String text) throws Exception {
        assertThat(TreeText.parse(text, "driver").helpWanted()).isTrue();
    }

    @Test
    void helpWithAValueIsAParameter() throws Exception {
        assertThat(TreeText.parse("help=on", "driver").helpWanted()).isFalse();
    }
}
