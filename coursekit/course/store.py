"""Read and write notebook files in the one form in which the project stores them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

# What a kernel says of its language, without its version: tools that convert a notebook need it.
LANGUAGE_INFO = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


def from_dict(content: dict[str, Any]) -> Any:
    """Return the notebook that a dictionary describes.

    Parameters
    ----------
    content : dict
        A notebook in the format's version 4.5.

    Returns
    -------
    nbformat.NotebookNode
    """
    import nbformat

    return nbformat.from_dict(content)  # type: ignore[no-untyped-call]


def read(text: str) -> Any:
    """Return the notebook that a file's text holds.

    Parameters
    ----------
    text : str
        JSON.

    Returns
    -------
    nbformat.NotebookNode

    Examples
    --------
    >>> read(as_text(from_dict({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []})))
    {'cells': [], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}
    """
    import nbformat

    return nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]


def write(notebook: Any, target: Path) -> Path:
    """Write a notebook whole or not at all.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        A valid notebook.
    target : pathlib.Path
        Where it shall stand; its folder is made when it is missing.

    Returns
    -------
    pathlib.Path
        The target.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(as_text(notebook))
        part.chmod(0o644)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def as_text(notebook: Any) -> str:
    """Return the one form in which a notebook is stored.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        A valid notebook.

    Returns
    -------
    str
        JSON, indented by one, keys in order, non-ASCII letters as they are.

    Raises
    ------
    nbformat.ValidationError
        When the notebook is not valid.
    """
    import nbformat

    nbformat.validate(notebook)
    text: str = nbformat.writes(notebook)  # type: ignore[no-untyped-call]
    return text + "\n"
