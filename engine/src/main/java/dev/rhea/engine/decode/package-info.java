/**
 * Encodings: from one pattern and one syntax line per instruction come decoder, disassembler and assembler.
 */
@NullMarked
package dev.rhea.engine.decode;

import org.jspecify.annotations.NullMarked;
