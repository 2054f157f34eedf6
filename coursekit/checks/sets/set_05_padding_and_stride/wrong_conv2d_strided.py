"""Wrong ideas about a kernel that hops, each with an implementation that holds it."""

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.sliding import framed, slide


def _map(image: Array, kernel: Array, padding: int = 0) -> Array:
    """Return the map of every place, by way of a frame of zeros."""
    return slide(framed(image, padding), kernel)


def _hops(
    image: Array, kernel: Array, stride: int, padding: int, first: tuple[int, int] = (0, 0)
) -> Array:
    return _map(image, kernel, padding)[first[0] :: stride, first[1] :: stride]


def _holes(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    every = _map(image, kernel, padding)
    out = np.zeros_like(every)
    out[::stride, ::stride] = every[::stride, ::stride]
    return out


def _hanging_over(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    ends = [
        (padding, padding + (f - n - 2 * padding) % stride)
        for n, f in zip(image.shape, kernel.shape, strict=True)
    ]
    return slide(framed(image, ends), kernel)[::stride, ::stride]


def _blocks(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return the map cut short: the first values, as many as there should be."""
    every = _map(image, kernel, padding)
    return every[: -(-every.shape[0] // stride), : -(-every.shape[1] // stride)]


def _same_frame(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    ends = [((f - 1) // 2, f // 2) for f in kernel.shape]
    return slide(framed(image, ends), kernel)[::stride, ::stride]


def _hops_down(image: Array, kernel: Array, stride: int, padding: int, axis: int) -> Array:
    """Return a map of the right size, in which the kernel hops along one axis only."""
    every = _map(image, kernel, padding)
    rows, columns = (-(-n // stride) for n in every.shape)
    return every[::stride, :columns] if axis == 0 else every[:rows, ::stride]


def _last_empty(image: Array, kernel: Array, stride: int, padding: int) -> Array:
    """Return the right map with 0 for the places at the very end."""
    every = _map(image, kernel, padding)
    every[-1], every[:, -1] = 0, 0
    return every[::stride, ::stride]


def _counted_unframed(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    """Return the map of the framed image for as many places as the image alone has."""
    rows, columns = (n - f + 1 for n, f in zip(image.shape, kernel.shape, strict=True))
    return _map(image, kernel, padding)[: max(rows, 0) : stride, : max(columns, 0) : stride]


def _steps_in_the_result(image: Array, kernel: Array, stride: int = 1, padding: int = 0) -> Array:
    every = _map(image, kernel, padding)
    out = np.zeros_like(every[::stride, ::stride])
    out[::stride, ::stride] = every[: out.shape[0] : stride, : out.shape[1] : stride]
    return out


WRONG_CONV2D_STRIDED = {
    "counted_before_the_frame": Misconception(
        "counts the places in the image without its frame",
        "When does your code read image.shape: before the frame is there, or after?",
        _counted_unframed,
    ),
    "framed_twice": Misconception(
        "frames the image, and then the map as well",
        "How many times does your code use the padding? What should be framed?",
        lambda image, kernel, s=1, p=0: framed(_map(image, kernel, p)[::s, ::s], p),
    ),
    "stride_and_padding_ignored": Misconception(
        "does the same whatever stride and padding are",
        "Two of the four arguments have not been used yet. Where does each of them belong?",
        lambda image, kernel, s=1, p=0: slide(image, kernel),
    ),
    "frame_in_one_direction": Misconception(
        "adds rows of zeros, or columns, but not both",
        "Look at the four sides of the framed image one after the other.",
        (
            lambda image, kernel, s=1, p=0: slide(framed(image, ((p, p), (0, 0))), kernel)[
                ::s, ::s
            ],
            lambda image, kernel, s=1, p=0: slide(framed(image, ((0, 0), (p, p))), kernel)[
                ::s, ::s
            ],
        ),
    ),
    "summed_apart": Misconception(
        "adds up patch and kernel on their own and multiplies the two sums",
        "Each cell of the patch meets its own weight. Which comes first, * or the sum?",
        lambda image, kernel, s=1, p=0: (
            _map(image, np.ones_like(kernel), p)[::s, ::s] * kernel.sum()
        ),
    ),
    "pixels_left_out": Misconception(
        "leaves out pixels of the picture in place of places of the kernel",
        "Under one place of the kernel, do the pixels lie side by side, or are there gaps?",
        (
            lambda image, kernel, s=1, p=0: slide(framed(image, p)[::s, ::s], kernel),
            lambda image, kernel, s=1, p=0: slide(framed(image[::s, ::s], p), kernel),
        ),
    ),
    "hops_in_one_direction": Misconception(
        "hops in one direction and walks in the other",
        "The kernel hops to the right, and at the end of a row also down.",
        (
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[::s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:, ::s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[::s][::s],
            lambda image, kernel, s=1, p=0: _hops_down(image, kernel, s, p, 0),
            lambda image, kernel, s=1, p=0: _hops_down(image, kernel, s, p, 1),
        ),
    ),
    "slice_without_a_step": Misconception(
        "cuts a piece out of the map in place of taking every stride-th row and column",
        "A slice is start:stop:step. At which of the three places does your stride stand?",
        (
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:s, :s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[s:, s:],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:-s, :-s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[s - 1 :, s - 1 :],
        ),
    ),
    "last_place_missed": Misconception(
        "misses the place at the very end, where the kernel just fits",
        "A side of 5, a kernel of 3: may the kernel begin at pixel 2? range(n) ends at n - 1.",
        (
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:-1:s, :-1:s],
            lambda image, kernel, s=1, p=0: _last_empty(image, kernel, s, p),
        ),
    ),
    "result_filled_in_steps": Misconception(
        "goes through its result in steps of the stride, so that places of it stay 0",
        "Index of the result, index of the picture: which of the two grows by the stride?",
        _steps_in_the_result,
    ),
    "one_long_row": Misconception(
        "takes every stride-th value of the map read as one long row",
        "Which rows are left, and which columns? The map has two axes, and each has its hops.",
        (
            lambda image, kernel, s=1, p=0: _map(image, kernel, p).ravel()[::s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p).ravel()[:: s * s],
        ),
    ),
    "kernel_left_out_in_parts": Misconception(
        "leaves out cells of the kernel in place of places",
        "At one place, does every cell of the kernel meet a pixel?",
        lambda image, kernel, s=1, p=0: _map(image, kernel[::s, ::s], p),
    ),
    "hopped_twice": Misconception(
        "hops twice: it leaves out pixels, and then places as well",
        "Where is the stride used in your code, and how often?",
        (
            lambda image, kernel, s=1, p=0: slide(framed(image, p)[::s, ::s], kernel)[::s, ::s],
            lambda image, kernel, s=1, p=0: _map(image, kernel, p)[:: s * s, :: s * s],
        ),
    ),
    "map_cut_short": Misconception(
        "makes a map of the right size and fills it with neighbouring places, as if the stride "
        "were 1",
        "Where does the kernel stand for the second value: at pixel 1, or at pixel stride?",
        _blocks,
    ),
    "holes": Misconception(
        "keeps the size of the map at stride 1, with zeros where the kernel does not stand",
        "Where the kernel does not stand there is no value. How large is the map?",
        _holes,
    ),
    "starts_late": Misconception(
        "makes its first hop before the first value",
        "Where does the kernel stand for the value in row 0 and column 0?",
        (
            lambda image, kernel, s=1, p=0: _hops(image, kernel, s, p, (s - 1, s - 1)),
            lambda image, kernel, s=1, p=0: _hops(image, kernel, s, p, (1, 1)),
            lambda image, kernel, s=1, p=0: _hops(image, kernel, s, p, (s, s)),
        ),
    ),
    "hangs_over": Misconception(
        "adds a last place that hangs over the end",
        "What is done with a last hop for which there is no room?",
        _hanging_over,
    ),
    "map_framed": Misconception(
        "puts the frame around the map in place of the picture",
        "What does the kernel meet at the border: the frame, or nothing?",
        (
            lambda image, kernel, s=1, p=0: framed(slide(image, kernel)[::s, ::s], p),
            lambda image, kernel, s=1, p=0: framed(slide(image, kernel), p)[::s, ::s],
        ),
    ),
    "border_repeated": Misconception(
        "fills the frame with the border of the picture in place of zeros",
        "Which numbers does your pad2d write into the frame?",
        lambda image, kernel, s=1, p=0: slide(np.pad(image, p, mode="edge"), kernel)[::s, ::s],
    ),
    "frame_at_one_end": Misconception(
        "frames the picture at one end only",
        "At how many ends of a row does the frame lie?",
        (
            lambda image, kernel, s=1, p=0: slide(framed(image, (0, p)), kernel)[::s, ::s],
            lambda image, kernel, s=1, p=0: slide(framed(image, (p, 0)), kernel)[::s, ::s],
        ),
    ),
    "frame_of_its_own": Misconception(
        "takes the frame that keeps the size, whatever the padding is",
        "How many rings of zeros are asked for? It may be none.",
        _same_frame,
    ),
    "kernel_flipped": Misconception(
        "turns the kernel by half a turn",
        "Here, as in PyTorch and Keras, the kernel is laid on the image as it is.",
        lambda image, kernel, s=1, p=0: _map(image, kernel[::-1, ::-1], p)[::s, ::s],
    ),
    "stride_of_the_kernel": Misconception(
        "hops by the size of the kernel in place of the stride",
        "How far apart do two neighbouring places begin?",
        lambda image, kernel, s=1, p=0: _map(image, kernel, p)[
            :: kernel.shape[0], :: kernel.shape[1]
        ],
    ),
}
