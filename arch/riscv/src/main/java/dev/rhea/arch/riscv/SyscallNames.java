package dev.rhea.arch.riscv;

import org.jspecify.annotations.Nullable;

/**
 * Linux's system calls by number: the generic table, of which RV32 has the calls with 64-bit times and offsets only, and
 * RISC-V's own two.
 */
final class SyscallNames {
    private SyscallNames() {}

    /** Names that RV32 and RV64 share, from number 0 on; a number stands for so many that have none. */
    private static final String SHARED =
            "io_setup io_destroy io_submit io_cancel 1 setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr "
                    + "llistxattr flistxattr removexattr lremovexattr fremovexattr getcwd lookup_dcookie eventfd2 epoll_create1 "
                    + "epoll_ctl epoll_pwait dup dup3 1 inotify_init1 inotify_add_watch inotify_rm_watch ioctl ioprio_set ioprio_get "
                    + "flock mknodat mkdirat unlinkat symlinkat linkat 1 umount2 mount pivot_root nfsservctl 4 fallocate faccessat "
                    + "chdir fchdir chroot fchmod fchmodat fchownat fchown openat close vhangup pipe2 quotactl getdents64 1 read "
                    + "write readv writev pread64 pwrite64 preadv pwritev 3 signalfd4 vmsplice splice tee readlinkat 2 sync fsync "
                    + "fdatasync sync_file_range timerfd_create 3 acct capget capset personality exit exit_group waitid "
                    + "set_tid_address unshare 1 set_robust_list get_robust_list 1 getitimer setitimer kexec_load init_module "
                    + "delete_module timer_create 1 timer_getoverrun 1 timer_delete 4 syslog ptrace sched_setparam sched_setscheduler "
                    + "sched_getscheduler sched_getparam sched_setaffinity sched_getaffinity sched_yield sched_get_priority_max "
                    + "sched_get_priority_min 1 restart_syscall kill tkill tgkill sigaltstack rt_sigsuspend rt_sigaction "
                    + "rt_sigprocmask rt_sigpending 1 rt_sigqueueinfo rt_sigreturn setpriority getpriority reboot setregid setgid "
                    + "setreuid setuid setresuid getresuid setresgid getresgid setfsuid setfsgid times setpgid getpgid getsid setsid "
                    + "getgroups setgroups uname sethostname setdomainname 2 getrusage umask prctl getcpu 3 getpid getppid getuid "
                    + "geteuid getgid getegid gettid sysinfo mq_open mq_unlink 2 mq_notify mq_getsetattr msgget msgctl msgrcv msgsnd "
                    + "semget semctl 1 semop shmget shmctl shmat shmdt socket socketpair bind listen accept connect getsockname "
                    + "getpeername sendto recvfrom setsockopt getsockopt shutdown sendmsg recvmsg readahead brk munmap mremap add_key "
                    + "request_key keyctl clone execve 2 swapon swapoff mprotect msync mlock munlock mlockall munlockall mincore "
                    + "madvise remap_file_pages mbind get_mempolicy set_mempolicy migrate_pages move_pages rt_tgsigqueueinfo "
                    + "perf_event_open accept4 15 riscv_hwprobe riscv_flush_icache 1 prlimit64 fanotify_init fanotify_mark "
                    + "name_to_handle_at open_by_handle_at 1 syncfs setns sendmmsg process_vm_readv process_vm_writev kcmp "
                    + "finit_module sched_setattr sched_getattr renameat2 seccomp getrandom memfd_create bpf execveat userfaultfd "
                    + "membarrier mlock2 copy_file_range preadv2 pwritev2 pkey_mprotect pkey_alloc pkey_free statx 1 rseq "
                    + "kexec_file_load 129 pidfd_send_signal io_uring_setup io_uring_enter io_uring_register open_tree move_mount "
                    + "fsopen fsconfig fsmount fspick pidfd_open clone3 close_range openat2 pidfd_getfd faccessat2 process_madvise "
                    + "epoll_pwait2 mount_setattr quotactl_fd landlock_create_ruleset landlock_add_rule landlock_restrict_self "
                    + "memfd_secret process_mrelease futex_waitv set_mempolicy_home_node cachestat fchmodat2 map_shadow_stack "
                    + "futex_wake futex_wait futex_requeue statmount listmount lsm_get_self_attr lsm_set_self_attr lsm_list_modules "
                    + "mseal setxattrat getxattrat listxattrat removexattrat";

    /** Number and name. */
    private static final String RV64 =
            "4 io_getevents 25 fcntl 43 statfs 44 fstatfs 45 truncate 46 ftruncate 62 lseek 71 sendfile 72 pselect6 "
                    + "73 ppoll 79 newfstatat 80 fstat 86 timerfd_settime 87 timerfd_gettime 88 utimensat 98 futex 101 nanosleep "
                    + "108 timer_gettime 110 timer_settime 112 clock_settime 113 clock_gettime 114 clock_getres 115 clock_nanosleep "
                    + "127 sched_rr_get_interval 137 rt_sigtimedwait 163 getrlimit 164 setrlimit 169 gettimeofday 170 settimeofday "
                    + "171 adjtimex 182 mq_timedsend 183 mq_timedreceive 192 semtimedop 222 mmap 223 fadvise64 243 recvmmsg 260 wait4 "
                    + "266 clock_adjtime 292 io_pgetevents";

    private static final String RV32 =
            "25 fcntl64 43 statfs64 44 fstatfs64 45 truncate64 46 ftruncate64 62 llseek 71 sendfile64 222 mmap2 "
                    + "223 fadvise64_64 403 clock_gettime64 404 clock_settime64 405 clock_adjtime64 406 clock_getres_time64 "
                    + "407 clock_nanosleep_time64 408 timer_gettime64 409 timer_settime64 410 timerfd_gettime64 411 timerfd_settime64 "
                    + "412 utimensat_time64 413 pselect6_time64 414 ppoll_time64 416 io_pgetevents_time64 417 recvmmsg_time64 "
                    + "418 mq_timedsend_time64 419 mq_timedreceive_time64 420 semtimedop_time64 421 rt_sigtimedwait_time64 "
                    + "422 futex_time64 423 sched_rr_get_interval_time64";

    private static final int COUNT = 512;

    /** Names by number for XLEN 32 or 64. */
    static @Nullable String[] of(int xlen) {
        @Nullable String[] names = new String[COUNT];
        read(SHARED, names, false);
        read(xlen == 64 ? RV64 : RV32, names, true);
        return names;
    }

    private static void read(String text, @Nullable String[] names, boolean absolute) {
        int number = 0;
        for (int at = 0; at < text.length(); ) {
            int end = text.indexOf(' ', at);
            end = end < 0 ? text.length() : end;
            char first = text.charAt(at);
            if (first >= '0' && first <= '9') {
                int value = Integer.parseInt(text, at, end, 10);
                number = absolute ? value : number + value;
            } else {
                names[number++] = text.substring(at, end);
            }
            at = end + 1;
        }
    }
}
