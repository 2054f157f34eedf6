"""The system-call filter that a submission runs under, as a program for the kernel."""

import errno
import tempfile
from functools import cache

# No exercise needs these; they reach other processes, the kernel or memory that no limit counts,
# or count for all students together (descriptors on their way, watches of files).
_REFUSED = """
    ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise
    keyctl add_key request_key bpf perf_event_open userfaultfd memfd_create memfd_secret
    mount umount2 pivot_root chroot move_mount open_tree fsopen fsconfig fsmount fspick
    mount_setattr unshare setns swapon swapoff quotactl quotactl_fd acct
    init_module finit_module delete_module kexec_load kexec_file_load reboot
    settimeofday clock_settime clock_adjtime adjtimex syslog sethostname setdomainname
    open_by_handle_at name_to_handle_at mknod mknodat iopl ioperm modify_ldt personality
    lookup_dcookie nfsservctl vhangup fanotify_init fanotify_mark migrate_pages move_pages
    set_mempolicy mbind io_uring_setup io_uring_enter io_uring_register
    shmget shmat shmctl shmdt semget semop semctl msgget msgsnd msgrcv msgctl mq_open
    inotify_init inotify_init1 flock sendmsg sendmmsg
"""
_NAMESPACES = (
    0x00000080, 0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
_TERMINAL_INPUT = (0x5412, 0x541C)  # ioctls that type into a terminal
# Locks, leases and notices on files: all sandboxes see the same files of the system, and two
# students who run at the same time could talk through them.
_LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1025, 1026)
_LOW = 0xFFFFFFFF  # of an argument the kernel looks at no more than this


def available() -> str:
    """Return why there can be no filter here; nothing where there can.

    >>> available()
    ''
    """
    try:
        filter_program()
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@cache
def filter_program() -> bytes:
    """Return the filter as the instructions that the kernel takes.

    Raises
    ------
    ImportError, OSError, RuntimeError
        When libseccomp is not there.
    """
    import pyseccomp  # type: ignore[import-untyped]

    refuse = pyseccomp.ERRNO(errno.EPERM)
    program = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in _REFUSED.split():
        try:
            program.add_rule(refuse, name)
        except (OSError, ValueError):  # a call that this kind of machine does not have
            continue
    for flag in _NAMESPACES:
        program.add_rule(refuse, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag))
    program.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")  # the C library then takes `clone`
    family = pyseccomp.Arg(0, pyseccomp.NE, 1)  # sockets within this sandbox only
    program.add_rule(pyseccomp.ERRNO(errno.EAFNOSUPPORT), "socket", family)
    for request in _TERMINAL_INPUT:
        asked = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _LOW, request)
        program.add_rule(refuse, "ioctl", asked)
    for command in _LOCKS:
        program.add_rule(refuse, "fcntl", pyseccomp.Arg(1, pyseccomp.MASKED_EQ, _LOW, command))
    with tempfile.TemporaryFile() as file:
        program.export_bpf(file)
        file.seek(0)
        return file.read()
