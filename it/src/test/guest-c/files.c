/* Files, directories and descriptors: what each call answers, also where it has to refuse. Prints one line per check. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static void say(const char *what, long result) {
    if (result < 0) printf("%s: %s\n", what, strerrorname_np(errno));
    else printf("%s: %ld\n", what, result);
}
#define SAY(call) do { errno = 0; say(#call, (long) (call)); } while (0)

static char bytes[10000];
static int broken;
static void on_pipe(int s) { broken = s; }

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    char dir[] = "files-XXXXXX";
    if (!mkdtemp(dir) || chdir(dir)) return 1;
    char *bad = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(bad + 4096, 4096);
    memset(bytes, 'x', sizeof bytes);
    struct stat s;
    struct statx sx;

    umask(027);
    int f = open("a", O_RDWR | O_CREAT | O_EXCL, 0666);
    SAY(f);
    fstat(f, &s);
    printf("mode %o\n", s.st_mode);
    SAY(open("a", O_RDWR | O_CREAT | O_EXCL, 0666));
    SAY(open("nothing", O_RDONLY));
    SAY(open("", O_RDONLY));
    SAY(open((char *) 8, O_RDONLY));
    SAY(open("a/b", O_RDONLY));
    SAY(open("a", O_DIRECTORY));
    SAY(write(f, bytes, 5000));
    SAY(write(f, bad + 4095, 2));
    SAY(write(f, bad + 4096, 2));
    SAY(pwrite(f, "yz", 2, 9000));
    SAY(lseek(f, 0, SEEK_END));
    SAY(lseek(f, -1, SEEK_SET));
    SAY(lseek(f, 100, 9));
    SAY(pread(f, bytes, 4, 8998));
    printf("%d %d %c%c\n", bytes[0], bytes[1], bytes[2], bytes[3]);
    SAY(pread(f, bytes, 4, -1));
    SAY(read(77, bytes, 1));
    SAY(read(f, bytes, 0));
    lseek(f, 0, SEEK_SET);
    SAY(read(f, bad + 4090, 100));
    SAY(lseek(f, 0, SEEK_CUR));
    SAY(read(f, bad + 4096, 100));
    struct iovec v[3] = {{bytes, 10}, {bad + 4096, 0}, {bytes + 100, 20}};
    SAY(readv(f, v, 3));
    SAY(preadv2(f, v, 3, 5, 0));
    SAY(writev(f, v, -1));
    SAY(writev(f, v, 1025));
    v[0].iov_len = -1;
    SAY(readv(f, v, 1));
    SAY(ftruncate(f, 100));
    SAY(truncate("a", 50));
    SAY(truncate(".", 50));
    SAY(fallocate(f, 0, 0, 200));
    stat("a", &s);
    printf("size %ld links %ld uid same %d\n", (long) s.st_size, (long) s.st_nlink, s.st_uid == getuid());
    SAY(syscall(SYS_statx, AT_FDCWD, "a", 0, STATX_BASIC_STATS, &sx));
    printf("statx %llu %o ino same %d\n", (unsigned long long) sx.stx_size, sx.stx_mode, sx.stx_ino == s.st_ino);
    SAY(stat("a", (struct stat *) bad + 4096));
    SAY(fstatat(f, "", &s, AT_EMPTY_PATH));
    SAY(fstatat(f, "", &s, 0));
    SAY(fstatat(f, "x", &s, 0));

    SAY(link("a", "hard"));
    SAY(symlink("a", "soft"));
    SAY(symlink("soft", "soft"));
    memset(bytes, 0, 10);
    SAY(readlink("soft", bytes, 10));
    printf("%s\n", bytes);
    SAY(readlink("a", bytes, 10));
    SAY(readlink("soft", bytes, 0));
    lstat("soft", &s);
    printf("link %o\n", s.st_mode & S_IFMT);
    SAY(open("soft", O_NOFOLLOW));
    SAY(rename("hard", "moved"));
    SAY(renameat2(AT_FDCWD, "a", AT_FDCWD, "moved", RENAME_NOREPLACE));
    SAY(unlink("moved"));
    SAY(unlink("moved"));
    SAY(mkdir("d", 0777));
    SAY(mkdir("d", 0777));
    stat("d", &s);
    printf("dir %o\n", s.st_mode);
    SAY(rmdir("a"));
    SAY(unlink("d"));
    SAY(mkfifo("fifo", 0600));
    SAY(open("fifo", O_WRONLY | O_NONBLOCK));
    SAY(chmod("a", 0604));
    stat("a", &s);
    printf("mode %o\n", s.st_mode);
    SAY(access("a", R_OK));
    SAY(access("a", 8));
    SAY(faccessat(AT_FDCWD, "soft", F_OK, AT_SYMLINK_NOFOLLOW));
    struct timespec times[2] = {{1000, 5}, {2000, 7}};
    SAY(utimensat(AT_FDCWD, "a", times, 0));
    stat("a", &s);
    printf("times %ld.%ld %ld.%ld\n", (long) s.st_atim.tv_sec, s.st_atim.tv_nsec, (long) s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
    SAY(fsync(f));
    SAY(fdatasync(f));
    SAY(posix_fadvise(f, 0, 0, POSIX_FADV_SEQUENTIAL));
    struct statfs fs;
    SAY(statfs(".", &fs));
    printf("block size %d\n", fs.f_bsize > 0 && fs.f_namelen == 255);

    for (int i = 0; i < 300; i++) {
        char name[20];
        sprintf(name, "d/e%d", i);
        close(open(name, O_CREAT | O_WRONLY, 0600));
    }
    DIR *d = opendir("d");
    int n = 0, sum = 0;
    struct dirent *e;
    while ((e = readdir(d))) if (e->d_name[0] == 'e') n++, sum += atoi(e->d_name + 1);
    printf("entries %d %d\n", n, sum);
    rewinddir(d);
    n = 0;
    while (readdir(d)) n++;
    printf("again %d\n", n);
    SAY(fchdir(dirfd(d)));
    SAY(openat(AT_FDCWD, "e7", O_RDONLY) >= 0);
    SAY(fchdir(f));
    char cwd[PATH_MAX], small[4];
    printf("in d %d\n", strcmp(strrchr(getcwd(cwd, sizeof cwd), '/'), "/d"));
    SAY((long) getcwd(small, 4));
    SAY(chdir(".."));
    SAY(chdir("a"));
    closedir(d);

    int g = dup(f);
    SAY(g > f);
    SAY(fcntl(f, F_DUPFD, 100));
    SAY(fcntl(f, F_DUPFD_CLOEXEC, 100));
    SAY(fcntl(100, F_GETFD));
    SAY(fcntl(101, F_GETFD));
    SAY(dup2(f, 102));
    SAY(dup2(f, f) == f);
    SAY(dup3(f, f, 0));
    SAY(dup2(99, 98));
    SAY(fcntl(f, F_DUPFD, 100000000));
    SAY(close_range(100, 101, 0));
    SAY(fcntl(101, F_GETFD));
    SAY(fcntl(102, F_GETFD));
    SAY(close(102));
    SAY(close(102));
    lseek(f, 3, SEEK_SET);
    SAY(lseek(g, 0, SEEK_CUR));
    SAY(fcntl(f, F_GETFL) & (O_ACCMODE | O_NONBLOCK | O_APPEND));
    SAY(fcntl(f, F_SETFL, O_APPEND | O_NONBLOCK));
    SAY(fcntl(g, F_GETFL) & (O_ACCMODE | O_NONBLOCK | O_APPEND));
    int path = open("a", O_PATH);
    SAY(read(path, bytes, 1));
    SAY(fchmod(path, 0600));
    SAY(fstat(path, &s));
    SAY(ioctl(f, TCGETS, bytes));
    SAY(ioctl(f, 0x12345678, bytes));

    int p[2];
    SAY(pipe2(p, O_NONBLOCK));
    SAY(read(p[0], bytes, 1));
    SAY(fcntl(p[0], F_GETFL) & O_NONBLOCK);
    SAY(fcntl(p[0], F_SETFL, 0));
    SAY(fcntl(p[0], F_GETFL) & O_NONBLOCK);
    SAY(write(p[1], "hello", 5));
    int waiting = 0;
    SAY(ioctl(p[0], FIONREAD, &waiting));
    printf("waiting %d\n", waiting);
    SAY(read(p[0], bad + 4096, 5));
    SAY(read(p[0], bytes, 100));
    SAY(lseek(p[0], 0, SEEK_SET));
    SAY(fcntl(p[0], F_SETPIPE_SZ, 4096));
    SAY(fcntl(p[0], F_GETPIPE_SZ));
    SAY(write(p[1], bytes, 5000));
    SAY(write(p[1], bytes, 1));
    signal(SIGPIPE, on_pipe);
    close(p[0]);
    SAY(write(p[1], "x", 1));
    printf("broken %d\n", broken);
    SAY(pipe((int *) (bad + 4096)));
    SAY(pipe2(p, 12345));

    int q[2];
    pipe(q);
    if (fork() == 0) {
        close(q[0]);
        size_t done = 0;
        static char lots[300000];
        memset(lots, 'q', sizeof lots);
        done = write(q[1], lots, sizeof lots); /* waits several times */
        _exit(done == sizeof lots ? 3 : 4);
    }
    close(q[1]);
    long got = 0, r;
    while ((r = read(q[0], bytes, sizeof bytes)) > 0) got += r;
    int status;
    wait(&status);
    printf("through the pipe %ld, writer %d\n", got, WEXITSTATUS(status));

    int m = memfd_create("m", MFD_ALLOW_SEALING);
    SAY(write(m, "0123456789", 10));
    SAY(fcntl(m, F_ADD_SEALS, F_SEAL_WRITE));
    SAY(write(m, "x", 1));
    SAY(fcntl(m, F_GET_SEALS));
    fcntl(f, F_SETFL, 0);
    ftruncate(f, 0);
    off_t at = 2;
    lseek(f, 0, SEEK_SET);
    SAY(sendfile(f, m, &at, 5));
    printf("offset %ld\n", (long) at);
    loff_t from = 1;
    SAY(copy_file_range(m, &from, f, NULL, 3, 0) >= 0 || errno == EXDEV);
    pipe(p);
    from = 0;
    SAY(splice(m, &from, p[1], NULL, 4, 0));
    SAY(tee(p[0], q[0], 4, 0));
    SAY(read(p[0], bytes, 10));

    SAY(flock(f, LOCK_EX));
    int other = open("a", O_RDWR);
    SAY(flock(other, LOCK_EX | LOCK_NB));
    SAY(flock(f, LOCK_UN));
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 10};
    SAY(fcntl(f, F_SETLK, &lock));
    SAY(fcntl(other, F_SETLK, &lock));
    if (fork() == 0) {
        struct flock ask = lock;
        int mine = open("a", O_RDWR);
        SAY(fcntl(mine, F_GETLK, &ask));
        printf("held by the parent %d, type %d\n", ask.l_pid == getppid(), ask.l_type);
        SAY(fcntl(mine, F_SETLK, &lock));
        lock.l_start = 10;
        SAY(fcntl(mine, F_SETLK, &lock));
        _exit(0);
    }
    wait(&status);
    close(other); /* drops all of the process's locks on the file */
    if (fork() == 0) {
        int mine = open("a", O_RDWR);
        SAY(fcntl(mine, F_SETLK, &lock));
        _exit(0);
    }
    wait(&status);
    lock.l_pid = 0;
    SAY(fcntl(f, F_OFD_SETLK, &lock));
    other = open("a", O_RDWR);
    SAY(fcntl(other, F_OFD_SETLK, &lock));

    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/fd/0", self, sizeof self);
    SAY(length > 0);
    sprintf(self, "/proc/self/fd/%d", m);
    int again = open(self, O_RDONLY);
    SAY(read(again, bytes, 100));
    sprintf(self, "/proc/%d/comm", getpid());
    int comm = open(self, O_RDONLY);
    length = read(comm, bytes, 100);
    printf("comm %.*s", (int) length, bytes);
    SAY(open("/proc/self/mem", O_RDWR) >= 0 || errno == EACCES);
    int procdir = open("/proc/self", O_PATH | O_DIRECTORY);
    int maps = openat(procdir, "maps", O_RDONLY);
    length = read(maps, bytes, sizeof bytes - 1);
    bytes[length] = 0;
    printf("maps mention the stack or the program %d\n", strstr(bytes, "files") != NULL);
    symlink("/proc/self/maps", "sly");
    int sly = open("sly", O_RDONLY);
    length = read(sly, bytes, sizeof bytes - 1);
    bytes[length] = 0;
    printf("also through a link %d, no Java %d\n", strstr(bytes, "files") != NULL, strstr(bytes, "jvm") == NULL);
    length = read(open("/proc/self/cmdline", O_RDONLY), bytes, 100);
    printf("cmdline ends with files %d\n", length > 5 && strcmp(bytes + length - 6, "files") == 0);

    SAY(chroot("/") == 0 || errno == EPERM);
    SAY(mount("x", "y", "z", 0, NULL) < 0);
    SAY(getxattr("a", "user.none", bytes, 10) < 0);
    system("rm -rf \"$PWD\"");
    return 0;
}
