#define _GNU_SOURCE
#include "load.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int send_all(int file, const uint8_t *bytes, size_t length) {
    while (length > 0) {
        ssize_t sent = send(file, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) return -1;
        bytes += sent;
        length -= (size_t)sent;
    }
    return 0;
}

int bench_exchange(uint16_t port, const uint8_t *request, size_t length, uint8_t **body, size_t *body_length) {
    struct answer answer;
    answer_begin(&answer);
    *body = NULL;
    *body_length = 0;
    int file = connect_to(port);
    if (file < 0) return -1;
    int status = -1;
    if (send_all(file, request, length) != 0) goto done;
    while (answer.status == 0 || answer.missing > 0) {
        uint8_t piece[65536];
        ssize_t count = recv(file, piece, sizeof piece, 0);
        if (count <= 0) goto done;
        long of_head = answer_take(&answer, piece, (size_t)count);
        if (of_head < 0) goto done;
        size_t of_body = (size_t)(count - of_head);
        uint8_t *larger = realloc(*body, *body_length + of_body + 1);
        if (larger == NULL) goto done;
        *body = larger;
        memcpy(*body + *body_length, piece + of_head, of_body);
        *body_length += of_body;
    }
    status = answer.status;
done:
    close(file);
    return status;
}

double bench_cpu_seconds(pid_t process) {
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    size_t count = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[count] = '\0';
    unsigned long user = 0, system = 0;
    // Behind the name, which may have anything in it: proc(5), fields 3 to 15.
    const char *rest = strrchr(line, ')');
    if (rest == NULL
        || sscanf(rest + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2) return 0;
    return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}
