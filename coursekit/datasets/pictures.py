"""One picture of a student's own: read, turned upright, laid on white, cut and resized."""

import struct
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_PIXELS = 80_000_000  # more is a mistake, or a file made to fill the memory


class BadPicture(ValueError):
    """A file that is no picture which can be used; the message says why."""


def read_picture(path: Path, height: int, width: int, *, color: bool) -> NDArray[np.uint8]:
    """Return a picture as an array, cut around its middle to the shape that is asked for.

    A camera's note on how it was held (EXIF) is followed, transparent parts become white, 16-bit
    grey becomes 8-bit, and of an animation the first picture is taken.

    Parameters
    ----------
    path
        The file, in any format that Pillow reads.
    height, width
        In pixels.
    color
        True: (height, width, 3), red, green, blue. False: (height, width), grey.

    Raises
    ------
    BadPicture
        When the file is no picture, is damaged, or is far too large.

    Examples
    --------
    >>> read_picture(Path(__file__), 8, 8, color=True)
    Traceback (most recent call last):
    ...
    coursekit.datasets.pictures.BadPicture: is no picture
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of odd metadata; what is too large is refused below
        try:
            with Image.open(path) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    size = f"{opened.width:,} x {opened.height:,}"
                    raise BadPicture(f"has {size} pixels; make it smaller")
                plain = _on_white(ImageOps.exif_transpose(opened))
        except BadPicture:
            raise
        except UnidentifiedImageError:
            raise BadPicture("is no picture" if path.stat().st_size else "is empty") from None
        except Image.DecompressionBombError:
            raise BadPicture("has far too many pixels; make it smaller") from None
        except FileNotFoundError:
            raise BadPicture("is not there any more") from None
        except PermissionError:
            raise BadPicture("may not be read") from None
        except (OSError, ValueError, SyntaxError, LookupError, struct.error) as error:
            raise BadPicture(f"is damaged ({' '.join(str(error).split())[:80]})") from None
    cut = ImageOps.fit(plain, (width, height), Image.Resampling.BILINEAR)
    return np.asarray(cut if color else cut.convert("L"), dtype=np.uint8)


def _on_white(picture: "Picture") -> "Picture":
    """Return a picture of any mode as RGB."""
    from PIL import Image

    if picture.mode.startswith("I") or picture.mode == "F":  # Pillow would cut these at 255
        levels = np.asarray(picture, dtype=np.float64)
        deepest = 255 if levels.max(initial=0) <= 255 else 65535
        grey = np.clip(levels * (255 / deepest), 0, 255)
        return Image.fromarray(np.round(grey).astype(np.uint8)).convert("RGB")
    if picture.has_transparency_data:
        paint = picture.convert("RGBA")
        white = Image.new("RGBA", paint.size, "white")
        return Image.alpha_composite(white, paint).convert("RGB")
    return picture.convert("RGB")
