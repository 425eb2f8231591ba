// The heap's `free` and `realloc`, in front of the C library's: what is given back is overwritten first. A data key, a PIN or a bearer
// token does not stay behind in memory that somebody else gets, or that a bug shows, whoever held it: a string, an array, a buffer of
// the network, a library. Defined in the program, they are used by all shared libraries, too.
#define _GNU_SOURCE
#include "process_hardening.h"

#include <stdlib.h>

static volatile bool zeroes;

void hardening_zero_freed_memory(bool on) { zeroes = on; }

// A sanitizer brings a heap of its own, which is called before it is ready and whose blocks glibc does not know.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER_HEAP 1
#endif
#endif

#if defined(__GLIBC__) && !defined(HAS_SANITIZER_HEAP)

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

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

// glibc reads its tunables before a program begins, and has no call for them. 7 blocks of a size are kept for a thread; 80 are more than a decrypt takes.
void hardening_keep_freed_blocks(char *const *arguments) {
    static const char variable[] = "GLIBC_TUNABLES";
    // A program with more rights than who starts it loses the variable again.
    if (getenv(variable) != NULL || getauxval(AT_SECURE) != 0) return;
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return;
    program[length] = '\0';
    if (setenv(variable, "glibc.malloc.tcache_count=80", 1) != 0) return;
    execv(program, arguments);
    unsetenv(variable);
}

#else

void hardening_keep_freed_blocks(char *const *arguments) { (void)arguments; }

#endif
