package dev.rhea.user;

import dev.rhea.user.call.Errno;

/** What strerror(3) says of the errors that starting a program meets. */
final class ErrnoText {
    private ErrnoText() {}

    static String of(int number) {
        return switch (number) {
            case Errno.ENOENT -> "No such file or directory";
            case Errno.EACCES -> "Permission denied";
            case Errno.ENOEXEC -> "Exec format error";
            case Errno.EISDIR -> "Is a directory";
            case Errno.ENOTDIR -> "Not a directory";
            case Errno.ELOOP -> "Too many levels of symbolic links";
            case Errno.E2BIG -> "Argument list too long";
            case Errno.ENOMEM -> "Cannot allocate memory";
            case Errno.ENAMETOOLONG -> "File name too long";
            case Errno.EINVAL -> "Invalid argument";
            default -> Errno.name(number);
        };
    }
}
