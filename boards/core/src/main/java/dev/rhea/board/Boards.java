package dev.rhea.board;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The boards that are installed. */
public final class Boards {
    private Boards() {}

    /** Those of an architecture, by name. */
    public static List<Board> of(String architecture) {
        List<Board> result = new ArrayList<>();
        for (Board board : ServiceLoader.load(Board.class)) {
            if (board.architectures().contains(architecture)) {
                result.add(board);
            }
        }
        result.sort(Comparator.comparing(Board::name));
        return result;
    }

    /** The one of that name. @throws BadMachineException where there is none */
    public static Board find(String architecture, String name) throws BadMachineException {
        for (Board board : of(architecture)) {
            if (board.name().equals(name) || board.aliases().contains(name)) {
                return board;
            }
        }
        throw new BadMachineException("unsupported machine type: \"" + name + "\"");
    }
}
