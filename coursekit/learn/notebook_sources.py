"""What a notebook says, apart from what it printed: the student's copy and its fingerprint.

A notebook that was only run says the same as before: outputs, execution counts, metadata and the
empty cell that JupyterLab adds at the end do not count.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from coursekit.errors import CourseError

HELD_BACK = {"reveal", "paper"}


def source_digest(content: bytes) -> str | None:
    """Return a fingerprint of the cell sources of a notebook, None where it cannot be read.

    Parameters
    ----------
    content
        The bytes of an `.ipynb` file.

    Returns
    -------
    str or None
        64 hexadecimal digits. Cells that hold only white space do not count.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "1 + 1", "outputs": []}
    >>> ran = cell | {"outputs": [{"output_type": "stream"}], "execution_count": 3}
    >>> empty = {"cell_type": "code", "source": []}
    >>> digest = [
    ...     source_digest(json.dumps({"cells": cells}).encode()) for cells in ([cell], [ran, empty])
    ... ]
    >>> digest[0] == digest[1]
    True
    >>> source_digest(b"not a notebook") is None
    True
    """
    try:
        cells = json.loads(content)["cells"]
        said = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    said = [pair for pair in said if pair[1].strip()]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def student_copy(path: Path) -> bytes:
    """Return what a student gets of one of the course's notebooks: the answers are not shown yet.

    Outputs of cells tagged `reveal` (the answer to a prediction) or `paper` (to be worked out on
    paper first) are dropped: they appear when the student runs the cell.

    Parameters
    ----------
    path
        A notebook of the course.

    Returns
    -------
    bytes
        The content of the copy.

    Raises
    ------
    CourseError
        When the notebook is missing or broken.
    """
    try:
        notebook: dict[str, Any] = json.loads(path.read_bytes())
        for cell in notebook["cells"]:
            if HELD_BACK & set(cell.get("metadata", {}).get("tags", ())):
                cell["outputs"] = []
                cell["execution_count"] = None
    except OSError as error:
        raise CourseError(
            f"{path} could not be read ({(error.strerror or str(error)).lower()}); "
            "fetch the course again"
        ) from error
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise CourseError(f"{path} is not a notebook; fetch the course again") from error
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
