"""`python -m coursekit` is `coursekit`, wherever the script itself was not put on the path."""

import sys

from coursekit.cli import main

if __name__ == "__main__":
    sys.exit(main())
