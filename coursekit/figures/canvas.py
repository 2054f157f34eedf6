"""From a matplotlib figure to bytes that are the same in every run.

An inch is 96 pixels of the page, as in CSS. A picture holds more pixels than that, so that it is
sharp on dense screens.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from PIL import Image

DPI, COARSE_DPI = 160, 116
PAGE_DPI = 96
WIDEST = 9.0
LARGEST = 60_000

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


def encode(fig: Figure, *, tight: bool = False, flat: bool = False) -> tuple[str, bytes, int]:
    """Return media type, bytes and width on the page in pixels.

    The first of these that takes at most 60 kB: PNG, then WebP (photographs need it), then both
    with fewer pixels. None carries a date or the name of a program. In a `flat` picture, which is
    made of numbers on plain greys, sixteen greys are kept.
    """
    tries = []
    width = 0
    for dpi in (DPI, COARSE_DPI):
        picture = _rendered(fig, dpi, tight)
        width = width or round(picture.width * PAGE_DPI / dpi)
        if flat:
            greys = np.round(np.asarray(picture.convert("L")) / 17) * 17
            picture = _from_greys(greys)
        for media, packed in (("image/png", _png), ("image/webp", _webp)):
            data = packed(picture)
            if len(data) <= LARGEST:
                return media, data, width
            tries.append((len(data), media, data))
    _, media, data = min(tries)
    return media, data, width


def _rendered(fig: Figure, dpi: int, tight: bool) -> Image.Image:
    from PIL import Image

    raw = io.BytesIO()
    fig.savefig(
        raw,
        format="png",
        dpi=dpi,
        facecolor="white",
        bbox_inches="tight" if tight else None,
        pil_kwargs={"compress_level": 1},
    )
    return Image.open(raw).convert("RGB")


def _png(picture: Image.Image) -> bytes:
    """Pack as PNG: greys exactly, colours nearly so where 256 of them are enough."""
    from PIL import Image

    pixels = np.asarray(picture)
    best = picture
    if (pixels == pixels[..., :1]).all():
        best = picture.convert("L")
    else:
        few = picture.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        # The palette holds means of near colours; white has to stay white and grey grey.
        entries = np.array(few.getpalette(), dtype=np.uint8).reshape(-1, 3)
        entries[entries.min(axis=1) >= 250] = 255
        greyish = np.ptp(entries, axis=1) <= 6
        entries[greyish] = entries[greyish][:, 1:2]
        few.putpalette(entries.tobytes())
        away = np.abs(np.asarray(few.convert("RGB"), dtype=np.int16) - pixels).max(axis=-1)
        if (away > 16).mean() < 0.001:
            best = few
    packed = io.BytesIO()
    best.save(packed, format="png", optimize=True)
    return packed.getvalue()


def _from_greys(greys: np.ndarray[Any, Any]) -> Image.Image:
    from PIL import Image

    return Image.fromarray(greys.astype(np.uint8)).convert("RGB")


def _webp(picture: Image.Image) -> bytes:
    lossless = len(picture.getcolors(1 << 20) or ()) in range(1, 17)
    packed = io.BytesIO()
    picture.save(packed, format="webp", quality=82, method=4, lossless=lossless)
    return packed.getvalue()
