// Tells ThreadSanitizer what it cannot see in Swift's libraries, which are not instrumented. These functions stand in front of theirs.
//
// The fast path of Synchronization's Mutex is inlined into our code and therefore seen. Its slow path, for a mutex that another thread holds, is
// in the library.
//
// The concurrency library announces that a continuation is resumed (release) and that a suspended task runs again (acquire). But a task that
// finds its continuation resumed already does not suspend, and continues without the second announcement. So each task resumes in a function that
// makes it.
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

#define ASYNC __attribute__((swiftasynccall))
// ThreadSanitizer must not see the table's lock: it would order all continuations.
#define UNSEEN __attribute__((disable_sanitizer_instrumentation))

extern SWIFT void *swift_task_getCurrent(void);

typedef ASYNC void await_function(void *continuation);
typedef ASYNC void resume_function(__attribute__((swift_async_context)) void *context);

// The beginning of every asynchronous context in Swift's ABI.
struct async_context {
    struct async_context *parent;
    resume_function *resume;
};

// The resume functions of waiting tasks. A task without room here resumes directly, and may be reported falsely.
static struct {
    struct async_context *context;
    resume_function *resume;
} waiting[4096];
static _Bool is_taken;
static await_function *library_await;

__attribute__((constructor)) static void find_library_await(void) {
    library_await = (await_function *)dlsym(RTLD_NEXT, "swift_continuation_await");
}

UNSEEN static _Bool keep(struct async_context *context) {
    _Bool is_kept = 0;
    while (__atomic_test_and_set(&is_taken, __ATOMIC_ACQUIRE)) {}
    for (unsigned i = 0; i < 4096 && !is_kept; i++) {
        if (waiting[i].context) continue;
        waiting[i].context = context;
        waiting[i].resume = context->resume;
        is_kept = 1;
    }
    __atomic_clear(&is_taken, __ATOMIC_RELEASE);
    return is_kept;
}

UNSEEN static resume_function *take(struct async_context *context) {
    resume_function *resume = 0;
    while (__atomic_test_and_set(&is_taken, __ATOMIC_ACQUIRE)) {}
    for (unsigned i = 0; i < 4096 && !resume; i++) {
        if (waiting[i].context != context) continue;
        resume = waiting[i].resume;
        waiting[i].context = 0;
    }
    __atomic_clear(&is_taken, __ATOMIC_RELEASE);
    return resume;
}

UNSEEN static ASYNC void go_on(__attribute__((swift_async_context)) void *context) {
    __tsan_acquire(swift_task_getCurrent());
    __attribute__((musttail)) return take(context)(context);
}

UNSEEN ASYNC void swift_continuation_await(void *continuation) {
    struct async_context *context = continuation;
    if (keep(context)) context->resume = go_on;
    __attribute__((musttail)) return library_await(continuation);
}

#endif
#endif
