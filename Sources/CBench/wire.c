#define _GNU_SOURCE
#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

void answer_begin(struct answer *answer) {
    answer->head_length = 0;
    answer->status = 0;
    answer->missing = 0;
}

static int parse(struct answer *answer) {
    static const char name[] = "\r\ncontent-length:";
    if (strncmp(answer->head, "HTTP/1.1 ", 9) != 0) return -1;
    answer->status = atoi(answer->head + 9);
    const char *length = strcasestr(answer->head, name);
    if (length == NULL || answer->status < 200) return -1;
    answer->missing = strtoul(length + sizeof name - 1, NULL, 10);
    return 0;
}

long answer_take(struct answer *answer, const uint8_t *bytes, size_t count) {
    size_t of_head = 0;
    if (answer->status == 0) {
        size_t before = answer->head_length, room = WIRE_MOST_HEAD - 1 - before;
        size_t copied = count < room ? count : room;
        memcpy(answer->head + before, bytes, copied);
        answer->head_length += copied;
        answer->head[answer->head_length] = '\0';
        const char *end = strstr(answer->head, "\r\n\r\n");
        if (end == NULL) return answer->head_length == WIRE_MOST_HEAD - 1 ? -1 : (long)copied;
        answer->head_length = (size_t)(end + 4 - answer->head);
        answer->head[answer->head_length] = '\0';
        of_head = answer->head_length - before;
        if (parse(answer) != 0) return -1;
    }
    size_t of_body = count - of_head;
    if (of_body > answer->missing) return -1;
    answer->missing -= of_body;
    return (long)of_head;
}

int connect_to(uint16_t port) {
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int yes = 1;
    if (file >= 0 && connect(file, (struct sockaddr *)&address, sizeof address) == 0
        && setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0) return file;
    if (file >= 0) close(file);
    return -1;
}
