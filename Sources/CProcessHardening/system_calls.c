// The system calls that a confined process may make: everything that is not listed here is refused.
//
// The list was measured: SoftHSM 2.6.1, the Swift runtime and libdispatch, traced over the token contract and under load. Calls of the same
// family that only concern the process itself, or that Landlock decides about, were added. NSS softokn 3.87 calls nothing else but fchown,
// as root only, and goes on when that is refused.
#define _GNU_SOURCE
#include "process_hardening.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef OWN_ARCHITECTURE

// Numbers that some headers lack. From 424 on they are the same on every architecture.
enum {
    CALL_IO_URING_SETUP = 425, CALL_IO_URING_ENTER = 426, CALL_IO_URING_REGISTER = 427, CALL_CLONE3 = 435, CALL_CLOSE_RANGE = 436,
    CALL_OPENAT2 = 437, CALL_FACCESSAT2 = 439, CALL_EPOLL_PWAIT2 = 441, CALL_FUTEX_WAITV = 449, CALL_FUTEX_WAKE = 454,
    CALL_FUTEX_WAIT = 455, CALL_FUTEX_REQUEUE = 456, LAST_KNOWN_CALL = 469
};

// Calls that are permitted whatever their arguments are.
static const int permitted[] = {
    // Memory of its own.
    SYS_brk, SYS_mprotect, SYS_mremap, SYS_munmap, SYS_msync, SYS_madvise, SYS_mlock, SYS_mlock2, SYS_munlock,
    SYS_mlockall, SYS_munlockall, SYS_membarrier,
    // Threads and signals of its own.
    SYS_futex, CALL_FUTEX_WAITV, CALL_FUTEX_WAKE, CALL_FUTEX_WAIT, CALL_FUTEX_REQUEUE, SYS_set_robust_list, SYS_set_tid_address,
    SYS_rseq, SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigpending, SYS_rt_sigtimedwait, SYS_rt_sigsuspend, SYS_rt_sigreturn,
    SYS_sigaltstack, SYS_restart_syscall, SYS_exit, SYS_exit_group, SYS_gettid, SYS_sched_yield, SYS_sched_getaffinity,
    SYS_sched_getparam, SYS_sched_getscheduler, SYS_sched_get_priority_max, SYS_sched_get_priority_min, SYS_getcpu,
    // Facts.
    SYS_getpid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getresuid, SYS_getresgid, SYS_getgroups,
    SYS_capget, SYS_getrusage, SYS_times, SYS_sysinfo, SYS_uname, SYS_getrandom,
    // Time.
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_timer_create, SYS_timer_settime,
    SYS_timer_gettime, SYS_timer_getoverrun, SYS_timer_delete,
    // Files to read: as the user may.
    SYS_read, SYS_readv, SYS_pread64, SYS_preadv, SYS_preadv2, SYS_close, CALL_CLOSE_RANGE, SYS_fstat, SYS_newfstatat, SYS_statx,
    SYS_statfs, SYS_fstatfs, SYS_faccessat, CALL_FACCESSAT2, SYS_readlinkat, SYS_getdents64, SYS_getcwd, SYS_flock, SYS_fadvise64,
    // Files to write: Landlock decides where.
    SYS_write, SYS_writev, SYS_fsync, SYS_fdatasync, SYS_unlinkat, SYS_renameat2, SYS_mkdirat, SYS_umask,
    // Waiting.
    SYS_ppoll, SYS_pselect6, SYS_epoll_create1, SYS_epoll_ctl, SYS_epoll_pwait, CALL_EPOLL_PWAIT2, SYS_eventfd2, SYS_timerfd_create,
    SYS_timerfd_settime, SYS_timerfd_gettime, SYS_pipe2,
    // The socket to the service.
    SYS_sendto, SYS_recvfrom, SYS_getsockopt, SYS_shutdown,
#ifdef SYS_renameat
    SYS_renameat,
#endif
#ifdef __x86_64__
    // What newer architectures do not have any more.
    SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_getdents, SYS_unlink, SYS_rmdir, SYS_rename, SYS_mkdir, SYS_creat, SYS_poll,
    SYS_select, SYS_epoll_create, SYS_epoll_wait, SYS_eventfd, SYS_pipe, SYS_time, SYS_getpgrp, SYS_getrlimit,
#endif
};

// Calls that are permitted, too, when sockets are.
static const int permitted_with_sockets[] = {
    SYS_connect, SYS_bind, SYS_getsockname, SYS_getpeername, SYS_setsockopt, SYS_sendmsg, SYS_recvmsg, SYS_sendmmsg, SYS_recvmmsg,
};

// Calls that write, or change how something is written, by a descriptor. Not for the standard descriptors, which the service has, too: its
// log may be a file.
static const int permitted_beyond_standard_error[] = {
    SYS_ftruncate, SYS_fallocate, SYS_pwrite64, SYS_pwritev, SYS_pwritev2, SYS_lseek, SYS_dup, SYS_dup3,
#ifdef __x86_64__
    SYS_dup2,
#endif
};

// Calls that libraries try, to do without when the system does not have them. Their arguments cannot be looked at.
static const int unknown[] = {
    CALL_CLONE3, CALL_OPENAT2, CALL_IO_URING_SETUP, CALL_IO_URING_ENTER, CALL_IO_URING_REGISTER,
};

// fcntl: descriptors, flags and locks. No leases, no signals to others, no notifications.
static const uint32_t fcntl_commands[] = {
    F_GETFD, F_SETFD, F_GETFL, F_GETLK, F_SETLK, F_SETLKW, F_OFD_GETLK, F_OFD_SETLK, F_OFD_SETLKW,
};
static const uint32_t fcntl_commands_beyond_standard_error[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_SETFL};

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif
static const uint32_t prctl_options[] = {PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_SET_DUMPABLE, PR_SET_VMA};

// ioctl: facts, and flags of descriptors. Nothing that types into a terminal (TIOCSTI).
static const uint32_t ioctl_requests[] = {TCGETS, TIOCGWINSZ, FIONREAD, FIOCLEX, FIONCLEX};
static const uint32_t ioctl_requests_beyond_standard_error[] = {FIONBIO};

// MARK: Writing a filter

#define CAPACITY 1024

struct filter {
    struct sock_filter code[CAPACITY];
    unsigned short count;
};

#define LOW_WORD(argument) (offsetof(struct seccomp_data, args) + 8 * (argument))

static void put(struct filter *filter, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false) {
    if (filter->count < CAPACITY) filter->code[filter->count] = (struct sock_filter){code, if_true, if_false, k};
    filter->count++;
}

static void load(struct filter *filter, uint32_t offset) { put(filter, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0); }
static void answer(struct filter *filter, uint32_t what) { put(filter, BPF_RET | BPF_K, what, 0, 0); }
static void permit(struct filter *filter) { answer(filter, SECCOMP_RET_ALLOW); }
static void refuse(struct filter *filter, uint32_t error) { answer(filter, SECCOMP_RET_ERRNO | error); }

// The next instruction is for this value only.
static void when_equal(struct filter *filter, uint32_t value) { put(filter, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1); }

// The instructions up to `end` are for this call only, and the last of them is an answer.
static unsigned short begin(struct filter *filter, int call) {
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 0);
    return filter->count;
}

static void end(struct filter *filter, unsigned short start) {
    if (filter->count <= CAPACITY) filter->code[start - 1].jf = (uint8_t)(filter->count - start);
}

static void permit_values(struct filter *filter, int argument, const uint32_t *values, size_t count) {
    load(filter, LOW_WORD(argument));
    for (size_t i = 0; i < count; i++) {
        when_equal(filter, values[i]);
        permit(filter);
    }
}

static void permit_call_with(struct filter *filter, int call, int argument, const uint32_t *values, size_t count, uint32_t error) {
    unsigned short start = begin(filter, call);
    permit_values(filter, argument, values, count);
    refuse(filter, error);
    end(filter, start);
}

// Refuses unless an argument is a descriptor above standard error.
static void require_beyond_standard_error(struct filter *filter, int argument) {
    load(filter, LOW_WORD(argument));
    put(filter, BPF_JMP | BPF_JGT | BPF_K, STDERR_FILENO, 1, 0);
    refuse(filter, EPERM);
}

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

// MARK: Calls whose arguments decide

// A thread of this process. Flags of namespaces, processes and descriptors of processes are refused.
static void add_clone(struct filter *filter) {
    const uint32_t thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
    // What glibc and Musl (0x400000: CLONE_DETACHED) set for one.
    const uint32_t all = thread | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID
        | CLONE_CHILD_SETTID | 0x400000;
    unsigned short start = begin(filter, SYS_clone);
    load(filter, LOW_WORD(0));
    put(filter, BPF_ALU | BPF_AND | BPF_K, thread, 0, 0);
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, thread, 1, 0);
    refuse(filter, EPERM);
    load(filter, LOW_WORD(0));
    put(filter, BPF_JMP | BPF_JSET | BPF_K, ~all, 0, 1);
    refuse(filter, EPERM);
    permit(filter);
    end(filter, start);
}

// Before version 3, Landlock lets a file be truncated by opening it to read.
static void add_open(struct filter *filter, int call, int argument) {
    unsigned short start = begin(filter, call);
    load(filter, LOW_WORD(argument));
    put(filter, BPF_ALU | BPF_AND | BPF_K, O_TRUNC | O_ACCMODE, 0, 0);
    when_equal(filter, O_TRUNC | O_RDONLY);
    refuse(filter, EPERM);
    permit(filter);
    end(filter, start);
}

static void add_fcntl(struct filter *filter) {
    unsigned short start = begin(filter, SYS_fcntl);
    permit_values(filter, 1, fcntl_commands, COUNT(fcntl_commands));
    require_beyond_standard_error(filter, 0);
    permit_values(filter, 1, fcntl_commands_beyond_standard_error, COUNT(fcntl_commands_beyond_standard_error));
    refuse(filter, EPERM);
    end(filter, start);
}

static void add_ioctl(struct filter *filter, bool network) {
    unsigned short start = begin(filter, SYS_ioctl);
    permit_values(filter, 1, ioctl_requests, COUNT(ioctl_requests));
    require_beyond_standard_error(filter, 0);
    permit_values(filter, 1, ioctl_requests_beyond_standard_error, COUNT(ioctl_requests_beyond_standard_error));
    put(filter, BPF_ALU | BPF_AND | BPF_K, 0xFF00, 0, 0);
    // Of USB (type U), on devices below the writable folders.
    when_equal(filter, 'U' << 8);
    permit(filter);
    if (network) {
        // Of sockets (0x89): which interfaces and addresses there are.
        when_equal(filter, 0x8900);
        permit(filter);
    }
    refuse(filter, EPERM);
    end(filter, start);
}

// Nothing is mapped from the standard descriptors.
static void add_mmap(struct filter *filter) {
    unsigned short start = begin(filter, SYS_mmap);
    load(filter, LOW_WORD(3));
    put(filter, BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1);
    permit(filter);
    require_beyond_standard_error(filter, 4);
    permit(filter);
    end(filter, start);
}

// The socket by which syslog() would send a line. It is tried again with each line, so its refusal is not logged: the filter that logs leaves
// it to the other one.
static void add_syslog(struct filter *filter, uint32_t verdict) {
    load(filter, LOW_WORD(0));
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 0, 4);
    load(filter, LOW_WORD(1));
    put(filter, BPF_ALU | BPF_AND | BPF_K, 0xF, 0, 0);
    when_equal(filter, SOCK_DGRAM);
    answer(filter, verdict);
}

static void add_sockets(struct filter *filter, bool network, bool local_sockets) {
    unsigned short start = begin(filter, SYS_socket);
    if (!local_sockets) add_syslog(filter, SECCOMP_RET_ALLOW);
    uint32_t families[4];
    size_t count = 0;
    if (local_sockets) families[count++] = AF_UNIX;
    if (network) {
        families[count++] = AF_INET;
        families[count++] = AF_INET6;
    }
    permit_values(filter, 0, families, count);
    if (network) {
        // By this the C library learns which addresses there are: NETLINK_ROUTE, which is 0.
        put(filter, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 3);
        load(filter, LOW_WORD(2));
        when_equal(filter, 0);
        permit(filter);
    }
    refuse(filter, EACCES);
    end(filter, start);
}

static void add_calls_by_argument(struct filter *filter, bool network, bool local_sockets) {
    const uint32_t self = (uint32_t)getpid();
    const uint32_t own_limits[] = {0, self};
    const uint32_t own_priority[] = {0};
    add_fcntl(filter);
#ifdef __x86_64__
    add_open(filter, SYS_open, 1);
#endif
    add_open(filter, SYS_openat, 2);
    add_mmap(filter);
    add_clone(filter);
    add_ioctl(filter, network);
    add_sockets(filter, network, local_sockets);
    permit_call_with(filter, SYS_prctl, 0, prctl_options, COUNT(prctl_options), EPERM);
    permit_call_with(filter, SYS_prlimit64, 0, own_limits, COUNT(own_limits), EPERM);
    // Of the calling thread: libdispatch sets it.
    permit_call_with(filter, SYS_setpriority, 1, own_priority, COUNT(own_priority), EPERM);
    permit_call_with(filter, SYS_getpriority, 1, own_priority, COUNT(own_priority), EPERM);
    // abort() and raise() send signals to the process itself.
    permit_call_with(filter, SYS_tgkill, 0, &self, 1, EPERM);
    permit_call_with(filter, SYS_kill, 0, &self, 1, EPERM);
}

// MARK: The two filters

static void begin_filter(struct filter *filter) {
    filter->count = 0;
    load(filter, offsetof(struct seccomp_data, arch));
    put(filter, BPF_JMP | BPF_JEQ | BPF_K, OWN_ARCHITECTURE, 1, 0);
    // Another ABI of the same machine has other numbers for the same calls.
    answer(filter, SECCOMP_RET_KILL_PROCESS);
    load(filter, offsetof(struct seccomp_data, nr));
}

// Calls that the system does not have, as far as the process is concerned, and syslog's. Nothing is logged: libraries try them all the time.
static void write_unknown(struct filter *filter, bool local_sockets) {
    begin_filter(filter);
    if (!local_sockets) {
        unsigned short start = begin(filter, SYS_socket);
        add_syslog(filter, SECCOMP_RET_ERRNO | EACCES);
        permit(filter);
        end(filter, start);
    }
    // Later kernels' calls, and those of x32, which are those of 64 bits with a bit set.
    put(filter, BPF_JMP | BPF_JGT | BPF_K, LAST_KNOWN_CALL, 0, 1);
    refuse(filter, ENOSYS);
    for (size_t i = 0; i < COUNT(unknown); i++) {
        when_equal(filter, (uint32_t)unknown[i]);
        refuse(filter, ENOSYS);
    }
    permit(filter);
}

static void permit_calls(struct filter *filter, const int *calls, size_t count) {
    for (size_t i = 0; i < count; i++) {
        when_equal(filter, (uint32_t)calls[i]);
        permit(filter);
    }
}

static void write_permitted(struct filter *filter, bool network, bool local_sockets) {
    begin_filter(filter);
    add_calls_by_argument(filter, network, local_sockets);
    for (size_t i = 0; i < COUNT(permitted_beyond_standard_error); i++) {
        unsigned short start = begin(filter, permitted_beyond_standard_error[i]);
        require_beyond_standard_error(filter, 0);
        permit(filter);
        end(filter, start);
    }
    permit_calls(filter, permitted, COUNT(permitted));
    // The other filter answers these.
    permit_calls(filter, unknown, COUNT(unknown));
    put(filter, BPF_JMP | BPF_JGT | BPF_K, LAST_KNOWN_CALL, 0, 1);
    permit(filter);
    if (network || local_sockets) permit_calls(filter, permitted_with_sockets, COUNT(permitted_with_sockets));
    refuse(filter, EPERM);
}

static int install(const struct filter *filter, unsigned int flags) {
    if (filter->count > CAPACITY) return E2BIG;
    struct sock_fprog program = {filter->count, (struct sock_filter *)filter->code};
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) == 0 ? 0 : errno;
}

#ifndef SECCOMP_FILTER_FLAG_LOG
#define SECCOMP_FILTER_FLAG_LOG (1UL << 1)
#endif

int hardening_seccomp(bool network, bool local_sockets) {
    struct filter filter;
    write_unknown(&filter, local_sockets);
    int error = install(&filter, 0);
    if (error != 0) return error;
    write_permitted(&filter, network, local_sockets);
    // Each refusal goes to the kernel's log. Kernels before 4.14 cannot.
    error = install(&filter, SECCOMP_FILTER_FLAG_LOG);
    return error == EINVAL ? install(&filter, 0) : error;
}

#else

int hardening_seccomp(bool network, bool local_sockets) {
    (void)network;
    (void)local_sockets;
    return ENOSYS;
}

#endif
