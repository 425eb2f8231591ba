#define _GNU_SOURCE
#include "load.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000ULL + (uint64_t)time.tv_nsec;
}

int bench_sync(const char *path, size_t bytes, unsigned count, bench_histogram *histogram) {
    memset(histogram, 0, sizeof *histogram);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600), status = file < 0 ? -1 : 0;
    uint8_t *piece = calloc(1, bytes);
    for (unsigned i = 0; status == 0 && piece != NULL && i < count; i++) {
        uint64_t start = now();
        if (write(file, piece, bytes) != (ssize_t)bytes || fdatasync(file) != 0) status = -1;
        bench_histogram_record(histogram, now() - start);
    }
    free(piece);
    if (file >= 0) close(file);
    unlink(path);
    return status;
}
