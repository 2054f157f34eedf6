"""Run courses of work as kernels do, and print what the opening of the test part says (JSON).

Read from standard input: a list of courses, each a list of sessions, each a list of cells [id,
source]. Printed: for each course the number of versions that the last opening names.
"""

import io
import json
import sys
from contextlib import redirect_stdout

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from coursekit._record import MIME


def last_versions(sessions):
    for cells in sessions:
        InteractiveShell.clear_instance()
        shell = InteractiveShell.instance()
        shell.history_manager.enabled = False
        for cell_id, source in cells:
            with capture_output() as seen:
                shell.run_cell(source, store_history=True, cell_id=cell_id)
            records = [one.data[MIME] for one in seen.outputs if MIME in one.data]
            for record in records:
                if record["kind"] == "opened":
                    versions = record["versions"]
    return versions


if __name__ == "__main__":
    courses = json.load(sys.stdin)
    with redirect_stdout(io.StringIO()):
        said = [last_versions(sessions) for sessions in courses]
    json.dump(said, sys.stdout)
