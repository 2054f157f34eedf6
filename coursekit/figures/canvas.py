"""From a matplotlib figure to bytes that are the same in every run.

An inch is 96 pixels of the page, as in CSS. A picture holds more pixels than that, so that it is
sharp on dense screens.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 160
PAGE_DPI = 96
WIDEST = 9.0
LARGEST_PNG = 60_000
_PHOTO_QUALITY = 82

_STYLE: dict[Any, Any] = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.labelsize": 11,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "legend.fontsize": 11,
    "legend.frameon": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#767676",
    "axes.linewidth": 0.8,
    "axes.labelcolor": "#1A1A1A",
    "axes.formatter.useoffset": False,
    "text.color": "#1A1A1A",
    "xtick.color": "#1A1A1A",
    "ytick.color": "#1A1A1A",
    # Titles are plain words; a dollar sign in one is a dollar sign.
    "text.parse_math": False,
}


@contextmanager
def course_style() -> Iterator[None]:
    """Apply the fixed look of the course, whatever the reader's own matplotlib settings are."""
    import matplotlib

    # Choosing the backend is the reader's business, and touching it would load pyplot.
    defaults: dict[Any, Any] = {
        k: v for k, v in dict.items(matplotlib.rcParamsDefault) if not k.startswith("backend")
    }
    with matplotlib.rc_context():
        matplotlib.rcParams.update(defaults)
        matplotlib.rcParams.update(_STYLE)
        yield


def new_figure(
    width: float, height: float, *, layout: Literal["constrained"] | None = None
) -> Figure:
    """Make an empty white figure, in inches, that pyplot knows nothing of."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), dpi=DPI, facecolor="white", layout=layout)


def place(fig: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Add axes at a place measured in inches from the left and upper edges, without any frame."""
    w, h = (float(side) for side in fig.get_size_inches())
    axes = fig.add_axes((left / w, 1 - (top + height) / h, width / w, height / h))
    axes.set_axis_off()
    return axes


def write(fig: Figure, left: float, top: float, text: str, **style: Any) -> None:
    """Write text at a place measured in inches from the left and upper edges."""
    w, h = (float(side) for side in fig.get_size_inches())
    fig.text(left / w, 1 - top / h, text, **{"ha": "center", "va": "center", **style})


def encode(fig: Figure, *, tight: bool = False) -> tuple[str, bytes, int]:
    """Return media type, bytes and width on the page in pixels.

    PNG, as few colours as it has; a picture with photographs that would be larger than 60 kB
    becomes WebP, a tenth of the size. Neither carries a date or the name of a program.
    """
    from PIL import Image

    raw = io.BytesIO()
    fig.savefig(
        raw,
        format="png",
        dpi=DPI,
        facecolor="white",
        bbox_inches="tight" if tight else None,
        pil_kwargs={"compress_level": 1},
    )
    picture = Image.open(raw).convert("RGB")
    width = round(picture.width * PAGE_DPI / DPI)
    packed = io.BytesIO()
    picture.save(packed, format="png", optimize=True)
    if packed.tell() <= LARGEST_PNG:
        return "image/png", packed.getvalue(), width
    packed = io.BytesIO()
    picture.save(packed, format="webp", quality=_PHOTO_QUALITY, method=6)
    return "image/webp", packed.getvalue(), width
