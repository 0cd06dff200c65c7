package dev.rhea.control.hmp;

import org.jspecify.annotations.Nullable;

/** What follows a command's name. A command takes what it knows from the front; what is left at its end is wrong. */
final class Arguments {
    private final String label;
    private final String text;
    private int at;

    /** @param label the command's names as its help has them, for complaints */
    Arguments(String label, String text) {
        this.label = label;
        this.text = text;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** Whether nothing is left. */
    boolean isEmpty() {
        skipBlanks();
        return at == text.length();
    }

    /** What is left, taken. */
    String rest() {
        skipBlanks();
        String rest = text.substring(at).strip();
        at = text.length();
        return rest;
    }

    /**
     * Takes options of one letter, {@code -f -a}.
     *
     * @param known those that there are
     * @return those that are there
     */
    String flags(String known) throws MonitorError {
        StringBuilder found = new StringBuilder();
        for (skipBlanks(); at < text.length() && text.charAt(at) == '-'; skipBlanks()) {
            char letter = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
            if (known.indexOf(letter) < 0) {
                throw MonitorError.misread(label + ": unsupported option -" + letter);
            }
            found.append(letter);
            at += 2;
        }
        return found.toString();
    }

    /** Takes a word, which may stand in quotes; null where nothing is left. */
    @Nullable
    String word() throws MonitorError {
        skipBlanks();
        if (at == text.length()) {
            return null;
        }
        StringBuilder word = new StringBuilder();
        if (text.charAt(at) != '"') {
            while (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
                word.append(text.charAt(at++));
            }
            return word.toString();
        }
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            word.append(text.charAt(at));
        }
        if (at == text.length()) {
            throw MonitorError.misread("unterminated string");
        }
        at++;
        return word.toString();
    }

    /** Takes a word that has to be there. @param what it is: string, filename */
    String required(String what) throws MonitorError {
        String word = word();
        if (word == null) {
            throw MonitorError.misread(label + ": " + what + " expected");
        }
        return word;
    }

    /** Takes a number, which may be a calculation. */
    long number(Session session) throws MonitorError {
        var expression = new Expression(session, text, at);
        long value = expression.value();
        at = expression.end();
        return value;
    }

    /** Takes a format if one is there; what it leaves open is as it was the last time. */
    Format format(Session session) throws MonitorError {
        skipBlanks();
        int end = at;
        if (end < text.length() && text.charAt(end) == '/') {
            while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
                end++;
            }
        }
        Format format = Format.parse(text.substring(at, end), session.format());
        session.setFormat(format);
        at = end;
        return format;
    }

    /** Says that all was taken. */
    void end() throws MonitorError {
        if (!isEmpty()) {
            throw MonitorError.misread(label + ": extraneous characters at the end of line");
        }
    }
}
