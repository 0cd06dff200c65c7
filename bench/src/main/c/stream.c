/* stream send ADDRESS PORT MEGABYTES, stream receive ADDRESS PORT: one TCP connection to the host, which keeps the time. What is sent
 * ends when the other side has it all; what is received ends with a byte back. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char buffer[1 << 17];

int main(int argc, char **argv)
{
    if (argc < 4)
        return 2;
    int sends = strcmp(argv[1], "send") == 0;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[3]))};
    inet_pton(AF_INET, argv[2], &to.sin_addr);
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(s, (struct sockaddr *)&to, sizeof to) != 0) {
        perror("connect");
        return 1;
    }
    if (!sends) {
        while (read(s, buffer, sizeof buffer) > 0)
            ;
        return write(s, "", 1) != 1;
    }
    long left = argc > 4 ? atol(argv[4]) * 1000000 : 0;
    while (left > 0) {
        long n = left < (long)sizeof buffer ? left : (long)sizeof buffer;
        n = write(s, buffer, n);
        if (n <= 0) {
            perror("write");
            return 1;
        }
        left -= n;
    }
    shutdown(s, SHUT_WR);
    return read(s, buffer, 1) < 0;
}
