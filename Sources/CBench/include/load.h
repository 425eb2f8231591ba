// A generator of HTTP load that leaves the machine to the service: one thread, keep-alive connections, requests that are made before, and
// of an answer the status and the length are all that is read.
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "histogram.h"

typedef struct {
    uint8_t *bytes;
    size_t length;
} bench_request;

// Changes a request before it is sent: to sign it.
typedef void (*bench_prepare)(void *context, size_t index, uint8_t *bytes);

// Is handed the body of each answer that is 2xx, with the request's index.
typedef void (*bench_collect)(void *context, size_t index, const uint8_t *body, size_t length);

typedef struct {
    uint16_t port;
    unsigned connections;
    // Requests a second, whatever comes back: an answer's time then counts from when its request was due, not from when a connection was
    // free for it, so that a service that stalls cannot hide what it keeps waiting (coordinated omission). 0: each connection asks again
    // when it is answered.
    double rate;
    double warmup_seconds, seconds;
    // How many requests at most; 0 for as many as the time allows.
    uint64_t limit;
    // Taken in turn.
    const bench_request *requests;
    size_t request_count;
    bench_prepare prepare;
    bench_collect collect;
    void *context;
    // Whose processor time is measured; 0 for nobody's.
    pid_t server;
} bench_load;

typedef struct {
    // Of what was answered in the measured time.
    uint64_t ok, busy, other;
    double seconds;
    // Seconds of processor time in the measured time.
    double server_cpu, own_cpu;
    // Nanoseconds: of 2xx, and of 503.
    bench_histogram latency, busy_latency;
    // Requests that were due and had not been sent at the end.
    uint64_t unsent;
    // The first answer that was neither 2xx nor 503, or what went wrong.
    char complaint[512];
} bench_result;

// Runs it. Answers 0, or -1 with a complaint when connections fail.
int bench_run(const bench_load *load, bench_result *result);

// One request, on a connection of its own. Answers the status, or -1; the body is malloc'ed.
int bench_exchange(uint16_t port, const uint8_t *request, size_t length, uint8_t **body, size_t *body_length);

// How long appending so many bytes to a new file takes until they are on disk, tried so often; nanoseconds. Answers -1 when it fails.
int bench_sync(const char *path, size_t bytes, unsigned count, bench_histogram *histogram);

// Seconds of processor time that a process has used so far.
double bench_cpu_seconds(pid_t process);

#endif
