"""What is written to disk when a student's notebook is saved.

JupyterLab stores the number of a live widget, which means nothing the next time the notebook is
opened: it would show an error. Without that number it shows the picture and the sentence.
"""

from typing import Any

from coursekit.widgets.mime import VIEW_MIME


def strip_widget_views(model: dict[str, Any], **kwargs: Any) -> None:
    """Take the live widgets out of a notebook that is about to be saved; their pictures stay.

    A ``pre_save_hook`` for Jupyter's contents manager: `model` is changed in place. Only outputs
    that also hold an HTML fallback are touched.

    Examples
    --------
    >>> output = {"data": {VIEW_MIME: {}, "text/html": "<p>picture</p>"}}
    >>> notebook = {"cells": [{"cell_type": "code", "outputs": [output]}]}
    >>> strip_widget_views({"type": "notebook", "content": notebook})
    >>> sorted(output["data"])
    ['text/html']
    """
    if model.get("type") != "notebook" or not isinstance(model.get("content"), dict):
        return
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data.pop(VIEW_MIME, None)
