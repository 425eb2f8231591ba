// What of HTTP/1.1 the generator reads.
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum { WIRE_MOST_HEAD = 4096 };

struct answer {
    char head[WIRE_MOST_HEAD];
    size_t head_length;
    int status;      // 0 until the head is whole
    size_t missing;  // bytes of the body that have not come
};

void answer_begin(struct answer *answer);

// Takes bytes that came. Answers how many of them belong to the head, or -1 when this is no answer with a length.
long answer_take(struct answer *answer, const uint8_t *bytes, size_t count);

int connect_to(uint16_t port);

#endif
