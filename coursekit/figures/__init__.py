"""Pictures for lessons: matplotlib drawings that carry their own description.

Every function draws, displays and returns None. In a notebook the picture is HTML with an
``alt`` text, and the same text is the plain form; outside a notebook the text is printed.
matplotlib is loaded when the first picture is drawn, and pyplot never.

>>> from coursekit import figures
>>> figures.grid([[1, 2], [3, 4]])
Grid of 2 rows and 2 columns. Row 0: 1 2. Row 1: 3 4.
"""

from coursekit.figures.bars import bars
from coursekit.figures.confusion import confusion
from coursekit.figures.grids import grid, grids
from coursekit.figures.images import images
from coursekit.figures.lines import curves, signal
from coursekit.figures.show import show

__all__ = ["bars", "confusion", "curves", "grid", "grids", "images", "show", "signal"]
