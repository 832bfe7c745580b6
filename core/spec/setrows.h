/* Named sets, in order of names (strcmp): a SET with its calls (IN) and the sets that belong to it
 * (WITH); ALL is every call. Names, and what is in which, as users know them from systemd.exec(5),
 * with the calls that came later. No include guard: it is expanded often. */
/* clang-format off */
/* Input and output that the caller does not wait for. */
SET(aio, "aio")
IN(io_cancel) IN(io_destroy) IN(io_getevents) IN(io_pgetevents) IN(io_pgetevents_time64)
IN(io_setup) IN(io_submit) IN(io_uring_enter) IN(io_uring_register) IN(io_uring_setup)
/* Reading, writing, seeking and closing what is open. */
SET(basic_io, "basic-io")
IN(_llseek) IN(close) IN(close_range) IN(dup) IN(dup2) IN(dup3) IN(lseek) IN(pread64) IN(preadv)
IN(preadv2) IN(pwrite64) IN(pwritev) IN(pwritev2) IN(read) IN(readv) IN(write) IN(writev)
/* Owners of files. */
SET(chown, "chown")
IN(chown) IN(chown32) IN(fchown) IN(fchown32) IN(fchownat) IN(lchown) IN(lchown32)
/* Setting the clock. */
SET(clock, "clock")
IN(adjtimex) IN(clock_adjtime) IN(clock_adjtime64) IN(clock_settime) IN(clock_settime64)
IN(settimeofday)
/* Modes of the processor that only emulators need. */
SET(cpu_emulation, "cpu-emulation")
IN(modify_ldt) IN(subpage_prot) IN(switch_endian) IN(vm86) IN(vm86old)
/* Looking into other processes. */
SET(debug, "debug")
IN(lookup_dcookie) IN(perf_event_open) IN(pidfd_getfd) IN(ptrace) IN(rtas) IN(s390_runtime_instr)
IN(sys_debug_setcontext)
/* What nearly every program needs to start, wait and end. */
SET(default, "default")
IN(arch_prctl) IN(brk) IN(cacheflush) IN(clock_getres) IN(clock_getres_time64) IN(clock_gettime)
IN(clock_gettime64) IN(clock_nanosleep) IN(clock_nanosleep_time64) IN(execve) IN(exit)
IN(exit_group) IN(futex) IN(futex_requeue) IN(futex_time64) IN(futex_wait) IN(futex_waitv)
IN(futex_wake) IN(get_robust_list) IN(get_thread_area) IN(getegid) IN(getegid32) IN(geteuid)
IN(geteuid32) IN(getgid) IN(getgid32) IN(getgroups) IN(getgroups32) IN(getpgid) IN(getpgrp)
IN(getpid) IN(getppid) IN(getrandom) IN(getresgid) IN(getresgid32) IN(getresuid) IN(getresuid32)
IN(getrlimit) IN(getsid) IN(gettid) IN(gettimeofday) IN(getuid) IN(getuid32) IN(map_shadow_stack)
IN(membarrier) IN(mmap) IN(mmap2) IN(mprotect) IN(munmap) IN(nanosleep) IN(pause) IN(prlimit64)
IN(restart_syscall) IN(riscv_flush_icache) IN(riscv_hwprobe) IN(rseq) IN(rt_sigreturn)
IN(sched_getaffinity) IN(sched_yield) IN(set_robust_list) IN(set_thread_area) IN(set_tid_address)
IN(set_tls) IN(sigreturn) IN(time) IN(ugetrlimit) IN(uprobe) IN(uretprobe)
/* Names, attributes and contents of files. */
SET(file_system, "file-system")
IN(access) IN(chdir) IN(chmod) IN(close) IN(creat) IN(faccessat) IN(faccessat2) IN(fallocate)
IN(fchdir) IN(fchmod) IN(fchmodat) IN(fchmodat2) IN(fcntl) IN(fcntl64) IN(fgetxattr)
IN(file_getattr) IN(file_setattr) IN(flistxattr) IN(fremovexattr) IN(fsetxattr) IN(fstat)
IN(fstat64) IN(fstatat64) IN(fstatfs) IN(fstatfs64) IN(ftruncate) IN(ftruncate64) IN(futimesat)
IN(getcwd) IN(getdents) IN(getdents64) IN(getxattr) IN(getxattrat) IN(inotify_add_watch)
IN(inotify_init) IN(inotify_init1) IN(inotify_rm_watch) IN(lgetxattr) IN(link) IN(linkat)
IN(listxattr) IN(listxattrat) IN(llistxattr) IN(lremovexattr) IN(lsetxattr) IN(lstat) IN(lstat64)
IN(mkdir) IN(mkdirat) IN(mknod) IN(mknodat) IN(newfstatat) IN(oldfstat) IN(oldlstat) IN(oldstat)
IN(open) IN(openat) IN(openat2) IN(readlink) IN(readlinkat) IN(removexattr) IN(removexattrat)
IN(rename) IN(renameat) IN(renameat2) IN(rmdir) IN(setxattr) IN(setxattrat) IN(stat) IN(stat64)
IN(statfs) IN(statfs64) IN(statx) IN(symlink) IN(symlinkat) IN(truncate) IN(truncate64) IN(unlink)
IN(unlinkat) IN(utime) IN(utimensat) IN(utimensat_time64) IN(utimes)
/* For short. */
SET(io, "io")
WITH(basic_io)
/* Waiting for descriptors. */
SET(io_event, "io-event")
IN(_newselect) IN(epoll_create) IN(epoll_create1) IN(epoll_ctl) IN(epoll_ctl_old) IN(epoll_pwait)
IN(epoll_pwait2) IN(epoll_wait) IN(epoll_wait_old) IN(eventfd) IN(eventfd2) IN(poll) IN(ppoll)
IN(ppoll_time64) IN(pselect6) IN(pselect6_time64) IN(select)
/* Messages, semaphores, shared memory and pipes. */
SET(ipc, "ipc")
IN(ipc) IN(memfd_create) IN(mq_getsetattr) IN(mq_notify) IN(mq_open) IN(mq_timedreceive)
IN(mq_timedreceive_time64) IN(mq_timedsend) IN(mq_timedsend_time64) IN(mq_unlink) IN(msgctl)
IN(msgget) IN(msgrcv) IN(msgsnd) IN(pipe) IN(pipe2) IN(process_madvise) IN(process_vm_readv)
IN(process_vm_writev) IN(semctl) IN(semget) IN(semop) IN(semtimedop) IN(semtimedop_time64)
IN(shmat) IN(shmctl) IN(shmdt) IN(shmget)
/* The kernel's keys. */
SET(keyring, "keyring")
IN(add_key) IN(keyctl) IN(request_key)
/* Every call of the table. */
SET(known, "known")
ALL
/* Memory that is not swapped out. */
SET(memlock, "memlock")
IN(mlock) IN(mlock2) IN(mlockall) IN(munlock) IN(munlockall)
/* Loading kernel modules. */
SET(module, "module")
IN(delete_module) IN(finit_module) IN(init_module)
/* Mounts and the root folder. */
SET(mount, "mount")
IN(chroot) IN(fsconfig) IN(fsmount) IN(fsopen) IN(fspick) IN(listmount) IN(mount) IN(mount_setattr)
IN(move_mount) IN(open_tree) IN(open_tree_attr) IN(pivot_root) IN(statmount) IN(umount) IN(umount2)
/* For short. */
SET(network, "network")
WITH(network_io)
/* Sockets. */
SET(network_io, "network-io")
IN(accept) IN(accept4) IN(bind) IN(connect) IN(getpeername) IN(getsockname) IN(getsockopt)
IN(listen) IN(recv) IN(recvfrom) IN(recvmmsg) IN(recvmmsg_time64) IN(recvmsg) IN(send) IN(sendmmsg)
IN(sendmsg) IN(sendto) IN(setsockopt) IN(shutdown) IN(socket) IN(socketcall) IN(socketpair)
/* What nobody needs any more, or what never did anything. */
SET(obsolete, "obsolete")
IN(_sysctl) IN(afs_syscall) IN(bdflush) IN(break) IN(create_module) IN(ftime) IN(get_kernel_syms)
IN(getpmsg) IN(gtty) IN(idle) IN(lock) IN(mpx) IN(prof) IN(profil) IN(putpmsg) IN(query_module)
IN(security) IN(sgetmask) IN(ssetmask) IN(stime) IN(stty) IN(sysfs) IN(tuxcall) IN(ulimit)
IN(uselib) IN(ustat) IN(vserver)
/* Protection keys of memory. */
SET(pkey, "pkey")
IN(pkey_alloc) IN(pkey_free) IN(pkey_mprotect)
/* What needs a capability. */
SET(privileged, "privileged")
WITH(chown) WITH(clock) WITH(module) WITH(raw_io) WITH(reboot) WITH(swap) IN(_sysctl) IN(acct)
IN(bpf) IN(capset) IN(chroot) IN(fanotify_init) IN(fanotify_mark) IN(nfsservctl)
IN(open_by_handle_at) IN(pivot_root) IN(quotactl) IN(quotactl_fd) IN(setdomainname) IN(setfsuid)
IN(setfsuid32) IN(setgroups) IN(setgroups32) IN(sethostname) IN(setresuid) IN(setresuid32)
IN(setreuid) IN(setreuid32) IN(setuid) IN(setuid32) IN(vhangup)
/* Making, signalling and awaiting processes, and namespaces. */
SET(process, "process")
IN(capget) IN(clone) IN(clone3) IN(execveat) IN(fork) IN(getrusage) IN(kill) IN(pidfd_open)
IN(pidfd_send_signal) IN(prctl) IN(rt_sigqueueinfo) IN(rt_tgsigqueueinfo) IN(setns) IN(swapcontext)
IN(tgkill) IN(times) IN(tkill) IN(unshare) IN(vfork) IN(wait4) IN(waitid) IN(waitpid)
/* Ports and buses. */
SET(raw_io, "raw-io")
IN(ioperm) IN(iopl) IN(pciconfig_iobase) IN(pciconfig_read) IN(pciconfig_write)
IN(s390_pci_mmio_read) IN(s390_pci_mmio_write)
/* Restarting the machine, or another kernel. */
SET(reboot, "reboot")
IN(kexec_file_load) IN(kexec_load) IN(reboot)
/* Priorities, limits and placement of memory. */
SET(resources, "resources")
IN(ioprio_set) IN(mbind) IN(migrate_pages) IN(move_pages) IN(nice) IN(sched_setaffinity)
IN(sched_setattr) IN(sched_setparam) IN(sched_setscheduler) IN(set_mempolicy)
IN(set_mempolicy_home_node) IN(setpriority) IN(setrlimit)
/* Giving up rights. */
SET(sandbox, "sandbox")
IN(landlock_add_rule) IN(landlock_create_ruleset) IN(landlock_restrict_self) IN(seccomp)
/* Changing users and groups. */
SET(setuid, "setuid")
IN(setgid) IN(setgid32) IN(setgroups) IN(setgroups32) IN(setregid) IN(setregid32) IN(setresgid)
IN(setresgid32) IN(setresuid) IN(setresuid32) IN(setreuid) IN(setreuid32) IN(setuid) IN(setuid32)
/* Handling signals. */
SET(signal, "signal")
IN(rt_sigaction) IN(rt_sigpending) IN(rt_sigprocmask) IN(rt_sigsuspend) IN(rt_sigtimedwait)
IN(rt_sigtimedwait_time64) IN(sigaction) IN(sigaltstack) IN(signal) IN(signalfd) IN(signalfd4)
IN(sigpending) IN(sigprocmask) IN(sigsuspend)
/* Swap space. */
SET(swap, "swap")
IN(swapoff) IN(swapon)
/* Writing out to disk. */
SET(sync, "sync")
IN(arm_sync_file_range) IN(fdatasync) IN(fsync) IN(msync) IN(sync) IN(sync_file_range)
IN(sync_file_range2) IN(syncfs)
/* What an ordinary service needs. */
SET(system_service, "system-service")
WITH(aio) WITH(basic_io) WITH(chown) WITH(default) WITH(file_system) WITH(io_event) WITH(ipc)
WITH(keyring) WITH(memlock) WITH(network_io) WITH(process) WITH(resources) WITH(setuid)
WITH(signal) WITH(sync) WITH(timer) IN(arm_fadvise64_64) IN(cachestat) IN(capget) IN(capset)
IN(copy_file_range) IN(fadvise64) IN(fadvise64_64) IN(flock) IN(get_mempolicy) IN(getcpu)
IN(getpriority) IN(ioctl) IN(ioprio_get) IN(kcmp) IN(madvise) IN(mremap) IN(mseal)
IN(name_to_handle_at) IN(oldolduname) IN(olduname) IN(personality) IN(readahead) IN(readdir)
IN(remap_file_pages) IN(sched_get_priority_max) IN(sched_get_priority_min) IN(sched_getattr)
IN(sched_getparam) IN(sched_getscheduler) IN(sched_rr_get_interval)
IN(sched_rr_get_interval_time64) IN(sched_yield) IN(sendfile) IN(sendfile64) IN(setfsgid)
IN(setfsgid32) IN(setfsuid) IN(setfsuid32) IN(setpgid) IN(setsid) IN(splice) IN(sysinfo) IN(tee)
IN(umask) IN(uname) IN(userfaultfd) IN(vmsplice)
/* Alarms. */
SET(timer, "timer")
IN(alarm) IN(getitimer) IN(setitimer) IN(timer_create) IN(timer_delete) IN(timer_getoverrun)
IN(timer_gettime) IN(timer_gettime64) IN(timer_settime) IN(timer_settime64) IN(timerfd_create)
IN(timerfd_gettime) IN(timerfd_gettime64) IN(timerfd_settime) IN(timerfd_settime64) IN(times)
