// libFuzzer, in builds that have it.
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

// Returns whether this build has libFuzzer: only the one of scripts/fuzz has.
int fuzz_is_available(void);

// Runs libFuzzer with its own arguments. Ends the process when it is done, or at the first finding.
void fuzz_run(int argument_count, char **arguments, int (*body)(const uint8_t *bytes, size_t count));

#endif
