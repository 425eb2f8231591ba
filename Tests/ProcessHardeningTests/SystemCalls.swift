/// Every system call of x86-64 by its number (Linux 6.18, `arch/x86/entry/syscalls/syscall_64.tbl`), and the confinement's
/// verdict on it with zeros as arguments.
///
/// Calls of later kernels must be added here, in one of the groups, before they are considered refused.
enum SystemCalls {
    enum Verdict {
        case permitted
        /// `EPERM`.
        case refused
        /// `EACCES`.
        case noSocket
        /// `ENOSYS`, as if the kernel did not have it.
        case absent
        /// Permitted if any socket is permitted, else refused.
        case withSockets
    }

    struct Group {
        let subject: String
        let verdict: Verdict
        let calls: [(name: String, number: Int)]

        init(_ subject: String, _ verdict: Verdict, _ calls: String) {
            self.subject = subject
            self.verdict = verdict
            self.calls = calls.split(separator: ", ").map { call in
                let parts = call.split(separator: "=")
                return (String(parts[0]), Int(parts[1]) ?? -1)
            }
        }
    }

    static let groups = [
        Group(
            "its own memory", .permitted,
            """
            brk=12, mprotect=10, mremap=25, munmap=11, msync=26, madvise=28, mlock=149, mlock2=325, munlock=150, \
            mlockall=151, munlockall=152, membarrier=324
            """),
        Group(
            "its own threads and signals", .permitted,
            """
            futex=202, futex_waitv=449, futex_wake=454, futex_wait=455, futex_requeue=456, set_robust_list=273, \
            set_tid_address=218, rseq=334, rt_sigaction=13, rt_sigprocmask=14, rt_sigpending=127, rt_sigtimedwait=128, \
            rt_sigsuspend=130, rt_sigreturn=15, sigaltstack=131, restart_syscall=219, exit=60, exit_group=231, \
            gettid=186, sched_yield=24, sched_getaffinity=204, sched_getparam=143, sched_getscheduler=145, \
            sched_get_priority_max=146, sched_get_priority_min=147, getcpu=309
            """),
        Group(
            "facts", .permitted,
            """
            getpid=39, getppid=110, getpgrp=111, getuid=102, geteuid=107, getgid=104, getegid=108, getresuid=118, \
            getresgid=120, getgroups=115, capget=125, getrlimit=97, getrusage=98, times=100, sysinfo=99, uname=63, \
            getrandom=318
            """),
        Group(
            "clocks and its own timers", .permitted,
            """
            time=201, gettimeofday=96, clock_gettime=228, clock_getres=229, clock_nanosleep=230, nanosleep=35, \
            timer_create=222, timer_settime=223, timer_gettime=224, timer_getoverrun=225, timer_delete=226
            """),
        Group(
            "files to read, as the user may", .permitted,
            """
            read=0, readv=19, pread64=17, preadv=295, preadv2=327, close=3, close_range=436, stat=4, fstat=5, lstat=6, \
            newfstatat=262, statx=332, statfs=137, fstatfs=138, access=21, faccessat=269, faccessat2=439, readlink=89, \
            readlinkat=267, getdents=78, getdents64=217, getcwd=79, flock=73, fadvise64=221
            """),
        Group(
            "files to write, where Landlock permits it", .permitted,
            """
            write=1, writev=20, fsync=74, fdatasync=75, creat=85, unlink=87, unlinkat=263, rmdir=84, rename=82, \
            renameat=264, renameat2=316, mkdir=83, mkdirat=258, umask=95
            """),
        Group(
            "waiting", .permitted,
            """
            poll=7, ppoll=271, select=23, pselect6=270, epoll_create=213, epoll_create1=291, epoll_ctl=233, \
            epoll_wait=232, epoll_pwait=281, epoll_pwait2=441, eventfd=284, eventfd2=290, timerfd_create=283, \
            timerfd_settime=286, timerfd_gettime=287, pipe=22, pipe2=293
            """),
        Group(
            "the socket to the service", .permitted,
            """
            sendto=44, recvfrom=45, getsockopt=55, shutdown=48
            """),
        Group(
            "decided by an argument, and harmless with zeros", .permitted,
            """
            open=2, openat=257, prlimit64=302, setpriority=141, getpriority=140
            """),
        Group(
            "decided by an argument, and refused with zeros", .refused,
            """
            mmap=9, clone=56, kill=62, tgkill=234, fcntl=72, ioctl=16, prctl=157, ftruncate=77, fallocate=285, \
            pwrite64=18, pwritev=296, pwritev2=328, lseek=8, dup=32, dup2=33, dup3=292
            """),
        Group(
            "decided by an argument: a socket", .noSocket,
            """
            socket=41
            """),
        Group(
            "permitted with sockets only", .withSockets,
            """
            connect=42, bind=49, getsockname=51, getpeername=52, setsockopt=54, sendmsg=46, recvmsg=47, sendmmsg=307, \
            recvmmsg=299
            """),
        Group(
            "sockets for others", .refused,
            """
            listen=50, accept=43, accept4=288, socketpair=53
            """),
        Group(
            "calls that libraries try, with arguments that no filter sees", .absent,
            """
            clone3=435, openat2=437, io_uring_setup=425, io_uring_enter=426, io_uring_register=427
            """),
        Group(
            "processes, programs and namespaces", .refused,
            """
            fork=57, vfork=58, execve=59, execveat=322, wait4=61, waitid=247, unshare=272, setns=308, setsid=112, \
            setpgid=109, getpgid=121, getsid=124, vhangup=153
            """),
        Group(
            "other processes", .refused,
            """
            ptrace=101, process_vm_readv=310, process_vm_writev=311, kcmp=312, pidfd_open=434, pidfd_getfd=438, \
            pidfd_send_signal=424, process_madvise=440, process_mrelease=448, tkill=200, rt_sigqueueinfo=129, \
            rt_tgsigqueueinfo=297, get_robust_list=274, migrate_pages=256, move_pages=279
            """),
        Group(
            "identity and capabilities", .refused,
            """
            setuid=105, setgid=106, setreuid=113, setregid=114, setresuid=117, setresgid=119, setfsuid=122, \
            setfsgid=123, setgroups=116, capset=126
            """),
        Group(
            "attributes of files", .refused,
            """
            chmod=90, fchmod=91, fchmodat=268, fchmodat2=452, chown=92, fchown=93, lchown=94, fchownat=260, utime=132, \
            utimes=235, futimesat=261, utimensat=280, setxattr=188, lsetxattr=189, fsetxattr=190, setxattrat=463, \
            getxattr=191, lgetxattr=192, fgetxattr=193, getxattrat=464, listxattr=194, llistxattr=195, flistxattr=196, \
            listxattrat=465, removexattr=197, lremovexattr=198, fremovexattr=199, removexattrat=466, file_getattr=468, \
            file_setattr=469
            """),
        Group(
            "names that lead elsewhere, devices and handles", .refused,
            """
            link=86, linkat=265, symlink=88, symlinkat=266, mknod=133, mknodat=259, truncate=76, chdir=80, fchdir=81, \
            name_to_handle_at=303, open_by_handle_at=304
            """),
        Group(
            "mounts and roots", .refused,
            """
            mount=165, umount2=166, pivot_root=155, chroot=161, open_tree=428, open_tree_attr=467, move_mount=429, \
            fsopen=430, fsconfig=431, fsmount=432, fspick=433, mount_setattr=442, statmount=457, listmount=458, \
            ustat=136, sysfs=139, quotactl=179, quotactl_fd=443
            """),
        Group(
            "the kernel and the machine", .refused,
            """
            bpf=321, perf_event_open=298, userfaultfd=323, kexec_load=246, kexec_file_load=320, init_module=175, \
            finit_module=313, delete_module=176, create_module=174, get_kernel_syms=177, query_module=178, syslog=103, \
            acct=163, swapon=167, swapoff=168, reboot=169, sethostname=170, setdomainname=171, iopl=172, ioperm=173, \
            modify_ldt=154, personality=135, uselib=134, nfsservctl=180, _sysctl=156, lookup_dcookie=212, sync=162, \
            syncfs=306, lsm_get_self_attr=459, lsm_set_self_attr=460, lsm_list_modules=461
            """),
        Group(
            "clocks of the machine, alarms", .refused,
            """
            settimeofday=164, clock_settime=227, adjtimex=159, clock_adjtime=305, alarm=37, getitimer=36, setitimer=38, \
            pause=34
            """),
        Group(
            "keyrings", .refused,
            """
            add_key=248, request_key=249, keyctl=250
            """),
        Group(
            "memory, queues and semaphores of the machine", .refused,
            """
            shmget=29, shmat=30, shmctl=31, shmdt=67, semget=64, semop=65, semctl=66, semtimedop=220, msgget=68, \
            msgsnd=69, msgrcv=70, msgctl=71, mq_open=240, mq_unlink=241, mq_timedsend=242, mq_timedreceive=243, \
            mq_notify=244, mq_getsetattr=245, memfd_create=319, memfd_secret=447
            """),
        Group(
            "input and output of other kinds", .refused,
            """
            io_setup=206, io_destroy=207, io_getevents=208, io_submit=209, io_cancel=210, io_pgetevents=333, \
            sendfile=40, splice=275, tee=276, vmsplice=278, copy_file_range=326, sync_file_range=277, readahead=187, \
            remap_file_pages=216, cachestat=451
            """),
        Group(
            "notices of files and signals", .refused,
            """
            inotify_init=253, inotify_init1=294, inotify_add_watch=254, inotify_rm_watch=255, fanotify_init=300, \
            fanotify_mark=301, signalfd=282, signalfd4=289
            """),
        Group(
            "scheduling", .refused,
            """
            sched_setparam=142, sched_setscheduler=144, sched_setaffinity=203, sched_setattr=314, sched_getattr=315, \
            sched_rr_get_interval=148, ioprio_set=251, ioprio_get=252
            """),
        Group(
            "placement and protection of memory", .refused,
            """
            mincore=27, mbind=237, set_mempolicy=238, get_mempolicy=239, set_mempolicy_home_node=450, pkey_mprotect=329, \
            pkey_alloc=330, pkey_free=331, map_shadow_stack=453, mseal=462, arch_prctl=158, set_thread_area=205, \
            get_thread_area=211
            """),
        Group(
            "limits and filters", .refused,
            """
            setrlimit=160, seccomp=317, landlock_create_ruleset=444, landlock_add_rule=445, landlock_restrict_self=446
            """),
        Group(
            "calls that no kernel has any more", .refused,
            """
            getpmsg=181, putpmsg=182, afs_syscall=183, tuxcall=184, security=185, epoll_ctl_old=214, epoll_wait_old=215, \
            vserver=236
            """),
    ]
}
