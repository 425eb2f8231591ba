// What a process gives up, so that less is lost with it: calls of the system that Swift does not see.
#ifndef PROCESS_HARDENING_H
#define PROCESS_HARDENING_H

#include <stdbool.h>
#include <stddef.h>

// Each returns 0, or the error number of what failed.

// No core dump shows what is in memory, and only root looks into it (RLIMIT_CORE, PR_SET_DUMPABLE).
int hardening_set_core_dumps(bool allowed);

// Raises how many descriptors may be open (RLIMIT_NOFILE) to what is wanted or, where the system allows less, to that; it is never
// lowered. Tells what it is then.
int hardening_raise_descriptor_limit(size_t wanted, size_t *limit);

// Keeps all pages that are touched out of the swap (mlockall with MCL_ONFAULT).
int hardening_lock_memory(void);

// Whether locking more pages can fail later: the limit is finite and the process has no CAP_IPC_LOCK.
bool hardening_lock_is_limited(void);

// Never more privileges than now, whatever is executed (PR_SET_NO_NEW_PRIVS).
int hardening_no_new_privileges(void);

// Empties the capability sets of the calling thread and its bounding set.
int hardening_drop_capabilities(void);

// The version of Landlock that the kernel has; 0 when it has none.
int hardening_landlock_version(void);

// From now on the calling thread writes, makes, removes and truncates files below these folders only and, with `network` false,
// neither binds nor connects TCP sockets (from version 4 on).
int hardening_landlock(const char *const *writable, size_t count, bool network);

// From now on the calling thread, and every thread that it starts, makes only the system calls that a PKCS#11 module and the runtime
// need. Every other call fails with EPERM, or with ENOSYS where that makes a library fall back on a call that is permitted. With
// `network`, Internet sockets are permitted; with `local_sockets`, Unix sockets.
int hardening_seccomp(bool network, bool local_sockets);

// How many threads the process has.
int hardening_thread_count(void);

// Whether memory is overwritten with zeros when it is freed. Only in programs that link the heap of this target.
void hardening_zero_freed_memory(bool on);

// Becomes the same program once more, with these arguments, so that glibc keeps more freed blocks at hand for each thread. Returns when
// it has been done, when it cannot be done, and when somebody has set glibc's tunables already. There is one thread, and nothing is open.
void hardening_keep_freed_blocks(char *const *arguments);

#endif
