package dev.rhea.cli.system;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.rhea.cli.options.OptionData;
import dev.rhea.cli.options.OptionUse;
import java.util.LinkedHashMap;
import java.util.Map;

/** Parameters as one list of texts, whichever way they were written: as a list, with dotted keys, or as JSON. */
final class OptionTrees {
    private OptionTrees() {}

    /** The last values by their names, with dots where they are nested; {@code id} among them. JSON's true and false are on and off. */
    static Map<String, String> flatten(OptionUse use) {
        Map<String, String> values = new LinkedHashMap<>();
        switch (use.data()) {
            case OptionData.Flat flat -> values.putAll(flat.parameters().toMap());
            case OptionData.Tree tree -> flatten("", tree.root(), values);
            case OptionData.None _, OptionData.Text _, OptionData.Number _, OptionData.Identity _ -> {}
        }
        return values;
    }

    /** Of a tree's root, or of what is in it. */
    static Map<String, String> flatten(JsonObject object) {
        Map<String, String> values = new LinkedHashMap<>();
        flatten("", object, values);
        return values;
    }

    private static void flatten(String prefix, JsonElement value, Map<String, String> to) {
        if (value.isJsonObject()) {
            for (Map.Entry<String, JsonElement> entry : value.getAsJsonObject().entrySet()) {
                flatten(prefix.isEmpty() ? entry.getKey() : prefix + "." + entry.getKey(), entry.getValue(), to);
            }
        } else if (value.isJsonArray()) {
            for (int i = 0; i < value.getAsJsonArray().size(); i++) {
                flatten(prefix + "." + i, value.getAsJsonArray().get(i), to);
            }
        } else if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean()) {
            to.put(prefix, value.getAsBoolean() ? "on" : "off");
        } else {
            to.put(prefix, value.isJsonPrimitive() ? value.getAsString() : value.toString());
        }
    }
}
