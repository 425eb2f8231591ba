// The heap's `free` and `realloc`, in front of the C library's: what is given back is overwritten first. A data key, a PIN or a bearer
// token does not stay behind in memory that somebody else gets, or that a bug shows, whoever held it: a string, an array, a buffer of
// the network, a library. Defined in the program, they are used by all shared libraries, too.
#include "process_hardening.h"

#include <stdlib.h>

static volatile bool zeroes;

void hardening_zero_freed_memory(bool on) { zeroes = on; }

#if defined(__GLIBC__)

#include <errno.h>
#include <malloc.h>
#include <string.h>

extern void __libc_free(void *memory);
extern void *__libc_realloc(void *memory, size_t size);

// The compiler must not see that nobody reads it afterwards.
static void erase(void *memory, size_t size) {
    memset(memory, 0, size);
    __asm__ __volatile__("" : : "r"(memory) : "memory");
}

void free(void *memory) {
    if (memory == NULL) return;
    if (zeroes) erase(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

void *realloc(void *memory, size_t size) {
    if (!zeroes || memory == NULL || size == 0) {
        if (zeroes && memory != NULL) erase(memory, malloc_usable_size(memory));
        return __libc_realloc(memory, size);
    }
    size_t usable = malloc_usable_size(memory);
    if (size <= usable) {
        erase((char *)memory + size, usable - size);
        return __libc_realloc(memory, size);
    }
    // Somewhere else, so that the old place can be erased.
    void *larger = malloc(size);
    if (larger == NULL) return NULL;
    memcpy(larger, memory, usable);
    free(memory);
    return larger;
}

#endif
