"""The two ways in which a command ends badly, and one-line sentences for what the system says."""

import errno
from pathlib import Path


class CourseError(RuntimeError):
    """The work could not be done; the message names the file and the mend (exit code 1).

    Examples
    --------
    >>> str(CourseError("lessons/02.ipynb is missing; run `git checkout lessons`"))
    'lessons/02.ipynb is missing; run `git checkout lessons`'
    """


class CallError(ValueError):
    """The command was called wrongly; the message names the argument and the mend (exit code 2).

    Examples
    --------
    >>> issubclass(CallError, ValueError)
    True
    """


def cannot_write(error: OSError, path: Path, mend: str) -> CourseError:
    """Turn the system's refusal to write into one sentence that names the file and the mend.

    Parameters
    ----------
    error
        What the system said.
    path
        The file or folder that was to be written.
    mend
        What to do when the place itself is not writable.

    Returns
    -------
    CourseError
        To be raised by the caller.

    Examples
    --------
    >>> full = OSError(errno.ENOSPC, "No space left on device")
    >>> print(cannot_write(full, Path("a.ipynb"), "choose another folder"))
    a.ipynb could not be written: the disk is full; free some space and run the command again
    """
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CourseError(
            f"{path} could not be written: the disk is full; "
            "free some space and run the command again"
        )
    reason = (error.strerror or str(error)).lower()
    return CourseError(f"{path} could not be written ({reason}); {mend}")
