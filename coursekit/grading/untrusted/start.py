"""Where the sandbox's Python begins: `python start.py DESCRIPTOR FOLDER PACKAGES...`."""

import importlib
import sys


def main() -> None:
    """Find the modules that the sandbox has, then serve."""
    descriptor, folder, *packages = sys.argv[1:]
    own = [place for place in sys.path if place and not place.startswith(folder)]
    sys.path[:] = [*own, f"{folder}/own", f"{folder}/stand_in", *packages]
    sys.argv = [""]
    importlib.import_module("untrusted.warm").main(int(descriptor))


if __name__ == "__main__":
    main()
