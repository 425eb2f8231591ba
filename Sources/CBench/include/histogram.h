// How often each value came: a log-linear histogram, as HdrHistogram has it.
//
// Values below 1,024 have a bucket each; above, every power of two is divided into 512 buckets of one width. So a value is known to one
// part in 512, from a nanosecond to nineteen minutes, in 132 kB, and recording one is a shift and an addition.
#ifndef BENCH_HISTOGRAM_H
#define BENCH_HISTOGRAM_H

#include <stdint.h>

enum { BENCH_HALF = 512, BENCH_BUCKETS = (40 - 10 + 2) * BENCH_HALF };

typedef struct {
    uint64_t count, highest;
    uint64_t counts[BENCH_BUCKETS];
} bench_histogram;

void bench_histogram_record(bench_histogram *histogram, uint64_t value);

// The value that this share of all values does not exceed, 0 to 1: the upper end of its bucket, never more than the highest.
uint64_t bench_histogram_quantile(const bench_histogram *histogram, double share);

#endif
