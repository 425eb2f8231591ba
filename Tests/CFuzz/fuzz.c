#include "fuzz.h"

#include <stdlib.h>

extern int LLVMFuzzerRunDriver(int *, char ***, int (*)(const uint8_t *, size_t)) __attribute__((weak));

int fuzz_is_available(void) { return LLVMFuzzerRunDriver != NULL; }

void fuzz_run(int argument_count, char **arguments, int (*body)(const uint8_t *bytes, size_t count)) {
    if (LLVMFuzzerRunDriver != NULL) exit(LLVMFuzzerRunDriver(&argument_count, &arguments, body));
}
