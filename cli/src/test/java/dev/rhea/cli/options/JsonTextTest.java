package dev.rhea.cli.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTextTest {
    /** What was written, and what the reference said of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"driver":"x" | premature EOI
            { | premature EOI
            {"a":1 | premature EOI
            {"driver":"raw","bogus"} | missing : in object pair
            {"a" "b"} | missing : in object pair
            {"a"} | missing : in object pair
            {"a" 1} | missing : in object pair
            {1:2} | key is not a string in object
            {[1]:2} | key is not a string in object
            {"a":1 "b":2} | expected separator in dict
            {"a":1] | expected separator in dict
            {"a":1x} | expected separator in dict
            {"a":[1 2]} | expected separator in list
            {"a":[1} | expected separator in list
            {"a":[1,]} | expecting value
            {"driver":"file",} | expecting value
            {,} | expecting value
            {"a":} | expecting value
            {"a":[} | expecting value
            {"a":]} | expecting value
            {"a":1,,"b":2} | expecting value
            {"driver":garbage} | invalid keyword 'garbage'
            {"a":nul} | invalid keyword 'nul'
            {a:1} | invalid keyword 'a'
            {"a":tr | invalid keyword 'tr'
            {"a":Tru} | stray 'T'
            {"a":@} | stray '@'
            {"a":%s} | stray '%'
            {"a":-} | stray '-}'
            {"a":01} | stray '01'
            {"a":1.x} | stray '1.x'
            {"a":1.5e} | stray '1.5e}'
            {"driver":"a | stray '"a'
            {"driver":"\\q"} | invalid escape sequence in string
            {"a":"\\x" | invalid escape sequence in string
            {"a":"\\u12"} | \\u12" is not a valid Unicode character
            {"a":"\\u12zz"} | \\u12zz is not a valid Unicode character
            {"a":"\\ud800"} | \\ud800 is not a valid Unicode character
            {"a":"\\udc00"} | \\udc00 is not a valid Unicode character
            {"driver":"file","driver":"raw"} | duplicate key
            """)
    void errorsAreTheReferences(String text, String error) {
        assertThatThrownBy(() -> JsonText.parse(text)).hasMessage("JSON parse error, " + error);
    }

    @Test
    void oneValueNotTooDeepIsRead() {
        assertThatThrownBy(() -> JsonText.parse("{\"a\":1}}")).hasMessage("Expecting at most one JSON value");
        assertThatThrownBy(() -> JsonText.parse("{} x")).hasMessage("Expecting at most one JSON value");
        assertThatThrownBy(() -> JsonText.parse("[".repeat(100_000))).hasMessage("JSON nesting depth limit exceeded");
        assertThatThrownBy(() -> JsonText.parse("\"x\u0001y\"")).hasMessage("JSON parse error, stray '\"x'");
    }

    @Test
    void valuesAreWhatTheyAreInJson() throws Exception {
        String text = """
                {"s":"a\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00", "i":-5, "z":0, "d":1.5e3,
                 "l":[true,false,null,[],{}], "m":9223372036854775807}
                """;
        assertThat(JsonText.parse(text)).isEqualTo(JsonParser.parseString(text));
        JsonObject object = JsonText.parse("{'q':'it\\'s','u':18446744073709551615,'h':1e400}")
                .getAsJsonObject();
        assertThat(object.get("q").getAsString()).isEqualTo("it's");
        assertThat(object.get("u").getAsBigInteger()).isEqualTo(new BigInteger("18446744073709551615"));
        assertThat(object.get("h").getAsDouble()).isInfinite();
    }
}
