// Tells ThreadSanitizer what it cannot see in Swift's libraries, which are not instrumented. These functions stand in front of theirs.
//
// The fast path of Synchronization's Mutex is inlined into our code and therefore seen. Its slow path, for a mutex that another thread holds, is
// in the library.
//
// The concurrency library announces that a continuation is resumed (release) and that a suspended task runs again (acquire). But a task that
// finds its continuation resumed already does not suspend, and goes on without the second announcement. It is made here before the library looks.
// A continuation that is resumed between the two, within nanoseconds, can still be reported as a race.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>

extern void __tsan_acquire(void *address);
extern void __tsan_release(void *address);

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFT void lock_function(uint32_t thread, SELF void *mutex);
typedef SWIFT bool try_lock_function(SELF void *mutex);
typedef SWIFT void unlock_function(SELF void *mutex);

SWIFT void mutex_lock(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT bool mutex_try_lock(SELF void *mutex) __asm__(TRY_LOCK);
SWIFT void mutex_unlock(SELF void *mutex) __asm__(UNLOCK);

SWIFT void mutex_lock(uint32_t thread, SELF void *mutex) {
    ((lock_function *)dlsym(RTLD_NEXT, LOCK))(thread, mutex);
    __tsan_acquire(mutex);
}

SWIFT bool mutex_try_lock(SELF void *mutex) {
    bool locked = ((try_lock_function *)dlsym(RTLD_NEXT, TRY_LOCK))(mutex);
    if (locked) __tsan_acquire(mutex);
    return locked;
}

SWIFT void mutex_unlock(SELF void *mutex) {
    __tsan_release(mutex);
    ((unlock_function *)dlsym(RTLD_NEXT, UNLOCK))(mutex);
}

extern SWIFT void *swift_task_getCurrent(void);
typedef __attribute__((swiftasynccall)) void await_function(void *continuation);

static await_function *library_await;

__attribute__((constructor)) static void find_library_await(void) {
    library_await = (await_function *)dlsym(RTLD_NEXT, "swift_continuation_await");
}

__attribute__((swiftasynccall)) void swift_continuation_await(void *continuation) {
    __tsan_acquire(swift_task_getCurrent());
    __attribute__((musttail)) return library_await(continuation);
}

#endif
#endif
