/* Sockets: all kinds of messages and control data, and what refuses. Prints one line per check. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *what, long result) {
    if (result < 0) printf("%s: %s\n", what, strerrorname_np(errno));
    else printf("%s: %ld\n", what, result);
}
#define SAY(call) do { errno = 0; say(#call, (long) (call)); } while (0)

static char bytes[100000];
static void nothing(int s) { (void) s; }

static int from_loopback;
static void *serve(void *argument) {
    int listener = *(int *) argument;
    struct sockaddr_in peer;
    socklen_t length = sizeof peer;
    int c = accept(listener, (struct sockaddr *) &peer, &length);
    from_loopback = peer.sin_addr.s_addr == htonl(INADDR_LOOPBACK) && length == sizeof peer;
    char got[64];
    ssize_t n;
    while ((n = recv(c, got, sizeof got, 0)) > 0) {
        for (int i = 0; i < n; i++) got[i] ^= 0x20;
        send(c, got, n, 0);
    }
    close(c);
    return NULL;
}

static void tcp(void) {
    int l = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, value = 0;
    socklen_t length = sizeof value;
    SAY(setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
    SAY(getsockopt(l, SOL_SOCKET, SO_REUSEADDR, &value, &length));
    printf("reuse %d, length %d\n", value, (int) length);
    SAY(getsockopt(l, SOL_SOCKET, SO_TYPE, &value, &length));
    printf("stream %d\n", value == SOCK_STREAM);
    SAY(bind(l, (struct sockaddr *) &a, sizeof a));
    SAY(listen(l, 5));
    length = sizeof a;
    SAY(getsockname(l, (struct sockaddr *) &a, &length));
    SAY(fcntl(l, F_GETFD));
    pthread_t server;
    pthread_create(&server, NULL, serve, &l);
    int c = socket(AF_INET, SOCK_STREAM, 0);
    SAY(send(c, "x", 1, MSG_NOSIGNAL));
    SAY(connect(c, (struct sockaddr *) &a, sizeof a));
    SAY(setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
    SAY(send(c, "Hello", 5, 0));
    SAY(recv(c, bytes, 5, MSG_WAITALL));
    printf("%.5s\n", bytes);
    SAY(recv(c, bytes, 5, MSG_DONTWAIT));
    struct timeval limit = {0, 40000};
    SAY(setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit));
    SAY(recv(c, bytes, 5, 0));
    struct timeval same;
    length = sizeof same;
    SAY(getsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &same, &length));
    printf("limit %ld us\n", (long) same.tv_usec);
    SAY(shutdown(c, SHUT_WR));
    pthread_join(server, NULL);
    printf("accepted from 127.0.0.1 %d\n", from_loopback);
    SAY(recv(c, bytes, 5, 0));
    SAY(send(c, "x", 1, MSG_NOSIGNAL));
    close(c);
    c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    close(l);
    int r = connect(c, (struct sockaddr *) &a, sizeof a);
    if (r < 0 && errno == EINPROGRESS) {
        struct pollfd p = {c, POLLOUT, 0};
        poll(&p, 1, 5000);
        length = sizeof value;
        getsockopt(c, SOL_SOCKET, SO_ERROR, &value, &length);
    } else value = errno;
    printf("nobody listens: %s\n", strerrorname_np(value));
    SAY(accept(c, NULL, NULL));
    SAY(connect(c, (struct sockaddr *) 8, sizeof a));
    SAY(connect(c, (struct sockaddr *) &a, 1));
}

static void udp(void) {
    int s = socket(AF_INET6, SOCK_DGRAM, 0), t = socket(AF_INET6, SOCK_DGRAM, 0);
    struct sockaddr_in6 a = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT}, from;
    socklen_t length = sizeof a;
    if (bind(s, (struct sockaddr *) &a, sizeof a) < 0) {
        a = (struct sockaddr_in6) {.sin6_family = AF_INET6};
        bind(s, (struct sockaddr *) &a, sizeof a);
    }
    getsockname(s, (struct sockaddr *) &a, &length);
    SAY(length);
    SAY(sendto(t, "datagram", 8, 0, (struct sockaddr *) &a, sizeof a));
    SAY(sendto(t, "more", 4, 0, (struct sockaddr *) &a, sizeof a));
    length = sizeof from;
    SAY(recvfrom(s, bytes, 3, MSG_PEEK | MSG_TRUNC, (struct sockaddr *) &from, &length));
    SAY(recvfrom(s, bytes, 3, 0, (struct sockaddr *) &from, &length));
    printf("%.3s from inet6 %d\n", bytes, from.sin6_family == AF_INET6);
    int pending = 0;
    ioctl(s, FIONREAD, &pending);
    printf("pending %d\n", pending);
    struct mmsghdr many[3] = {0};
    struct iovec v[3];
    for (int i = 0; i < 3; i++) {
        v[i] = (struct iovec) {bytes + 100 * i, 100};
        many[i].msg_hdr.msg_iov = &v[i];
        many[i].msg_hdr.msg_iovlen = 1;
    }
    SAY(recvmmsg(s, many, 3, MSG_WAITFORONE, NULL));
    printf("lengths %u\n", many[0].msg_len);
    connect(t, (struct sockaddr *) &a, sizeof a);
    for (int i = 0; i < 3; i++) v[i].iov_len = i + 1;
    SAY(sendmmsg(t, many, 3, 0));
    struct timespec limit = {0, 50000000};
    for (int i = 0; i < 3; i++) v[i].iov_len = 100;
    SAY(recvmmsg(s, many, 3, 0, &limit));
    printf("lengths %u %u %u\n", many[0].msg_len, many[1].msg_len, many[2].msg_len);
    SAY(sendto(t, bytes, 80000, 0, NULL, 0));
    SAY(recvfrom(s, bytes, 3, MSG_DONTWAIT, NULL, NULL));
}

static void local(void) {
    int p[2];
    char dir[] = "/tmp/sockets-XXXXXX";
    if (!mkdtemp(dir) || chdir(dir)) exit(1);
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "here"}, b;
    int l = socket(AF_UNIX, SOCK_STREAM, 0);
    SAY(bind(l, (struct sockaddr *) &a, sizeof a));
    SAY(bind(l, (struct sockaddr *) &a, sizeof a));
    SAY(listen(l, 2));
    socklen_t length = sizeof b;
    SAY(getsockname(l, (struct sockaddr *) &b, &length));
    printf("%s\n", b.sun_path);
    SAY(access("here", F_OK));
    int c = socket(AF_UNIX, SOCK_STREAM, 0);
    SAY(connect(c, (struct sockaddr *) &a, sizeof a));
    int s = accept4(l, NULL, NULL, SOCK_NONBLOCK);
    SAY(fcntl(s, F_GETFL) & O_NONBLOCK);
    SAY(recv(s, bytes, 1, 0));
    struct ucred who;
    length = sizeof who;
    SAY(getsockopt(s, SOL_SOCKET, SO_PEERCRED, &who, &length));
    printf("peer's uid is mine %d\n", who.uid == getuid());
    SAY(getpeername(c, (struct sockaddr *) &b, &length));
    a.sun_path[0] = 'x';
    SAY(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *) &a, sizeof a));
    unlink("here");
    chdir("/");
    rmdir(dir);

    SAY(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, p));
    int one = 1;
    SAY(setsockopt(p[1], SOL_SOCKET, SO_PASSCRED, &one, sizeof one));
    int q[2];
    pipe(q);
    write(q[1], "travelled", 9);
    struct iovec v = {"abc", 3};
    union { char space[CMSG_SPACE(2 * sizeof(int))]; struct cmsghdr align; } u;
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = u.space, .msg_controllen = sizeof u.space};
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET, h->cmsg_type = SCM_RIGHTS, h->cmsg_len = CMSG_LEN(2 * sizeof(int));
    ((int *) CMSG_DATA(h))[0] = q[0], ((int *) CMSG_DATA(h))[1] = q[1];
    SAY(sendmsg(p[0], &m, 0));
    ((int *) CMSG_DATA(h))[1] = 999;
    SAY(sendmsg(p[0], &m, 0));
    close(q[0]), close(q[1]);
    char control[256];
    struct iovec w = {bytes, 100};
    struct msghdr n = {.msg_iov = &w, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    SAY(recvmsg(p[1], &n, MSG_CMSG_CLOEXEC));
    int rights = 0, credentials = 0;
    for (h = CMSG_FIRSTHDR(&n); h; h = CMSG_NXTHDR(&n, h)) {
        if (h->cmsg_type == SCM_RIGHTS) {
            rights = (h->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            int *fd = (int *) CMSG_DATA(h);
            memset(bytes, 0, 20);
            SAY(read(fd[0], bytes, 20));
            printf("%s, close on exec %d\n", bytes, fcntl(fd[1], F_GETFD));
        } else if (h->cmsg_type == SCM_CREDENTIALS) {
            struct ucred *c = (struct ucred *) CMSG_DATA(h);
            credentials = c->uid == getuid();
        }
    }
    printf("rights %d, credentials %d, flags %x\n", rights, credentials, n.msg_flags & MSG_CTRUNC);
    m.msg_control = NULL, m.msg_controllen = 0;
    sendmsg(p[0], &m, 0);
    n.msg_controllen = 4;
    SAY(recvmsg(p[1], &n, 0));
    printf("truncated %d\n", (n.msg_flags & MSG_CTRUNC) != 0);
    v.iov_len = -1;
    SAY(sendmsg(p[0], &m, 0));
    SAY(recvmsg(p[1], (struct msghdr *) 8, 0));

    int t[2];
    socketpair(AF_UNIX, SOCK_STREAM, 0, t);
    int small = 5000;
    setsockopt(t[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    if (fork() == 0) {
        close(t[1]);
        _exit(send(t[0], bytes, sizeof bytes, 0) == sizeof bytes ? 7 : 8); /* waits for room */
    }
    close(t[0]);
    long got = recv(t[1], bytes, 60000, MSG_WAITALL), r;
    printf("waited for all %ld\n", got);
    while ((r = read(t[1], bytes, sizeof bytes)) > 0) got += r;
    int status;
    wait(&status);
    printf("sum %ld, sender %d\n", got, WEXITSTATUS(status));
    socketpair(AF_UNIX, SOCK_STREAM, 0, t);
    close(t[1]);
    SAY(send(t[0], "x", 1, MSG_NOSIGNAL));
    if (fork() == 0) {
        send(t[0], "x", 1, 0);
        _exit(0);
    }
    wait(&status);
    printf("killed by %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    struct sigaction action = {.sa_handler = nothing};
    sigaction(SIGALRM, &action, NULL);
    socketpair(AF_UNIX, SOCK_STREAM, 0, t);
    struct itimerspec soon = {{0, 20000000}, {0, 20000000}};
    timer_t timer;
    timer_create(CLOCK_MONOTONIC, NULL, &timer);
    timer_settime(timer, 0, &soon, NULL);
    SAY(recv(t[0], bytes, 1, 0));
    SAY(sendto(t[0], bytes, 1, MSG_OOB | MSG_NOSIGNAL, NULL, 0) >= 0 || errno == EOPNOTSUPP);
}

int main(void) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    SAY(socket(AF_INET, 77, 0));
    SAY(socket(12345, SOCK_STREAM, 0));
    SAY(socketpair(AF_INET, SOCK_STREAM, 0, (int *) bytes));
    SAY(recv(0x7fff, bytes, 1, 0));
    int p[2];
    pipe(p);
    SAY(recv(p[0], bytes, 1, 0));
    tcp();
    udp();
    local();
    return 0;
}
