#include "histogram.h"

#include <math.h>

static unsigned shift_for(uint64_t value) {
    return 64 - (unsigned)__builtin_clzll(value | (2 * BENCH_HALF - 1)) - 10;
}

void bench_histogram_record(bench_histogram *histogram, uint64_t value) {
    uint64_t longest = (1ULL << 40) - 1;
    if (value > longest) value = longest;
    unsigned shift = shift_for(value);
    histogram->counts[shift * BENCH_HALF + (value >> shift)]++;
    histogram->count++;
    if (value > histogram->highest) histogram->highest = value;
}

uint64_t bench_histogram_quantile(const bench_histogram *histogram, double share) {
    uint64_t wanted = (uint64_t)ceil(share * (double)histogram->count), seen = 0;
    if (wanted == 0) wanted = 1;
    for (uint64_t i = 0; i < BENCH_BUCKETS; i++) {
        seen += histogram->counts[i];
        if (seen < wanted) continue;
        uint64_t shift = i < 2 * BENCH_HALF ? 0 : i / BENCH_HALF - 1;
        uint64_t end = ((i - shift * BENCH_HALF + 1) << shift) - 1;
        return end < histogram->highest ? end : histogram->highest;
    }
    return histogram->highest;
}
