"""Wrong ideas about the gradients of a convolution, each with an implementation that holds it."""

from collections.abc import Callable

import numpy as np

from coursekit.checks.engine.spec import Array, Misconception
from coursekit.checks.sets.sliding import framed, slide
from coursekit.scratch import conv2d_backward

Both = tuple[Array, Array]
Gradients = Callable[[Array, Array, Array], Both]
One = Callable[[Array, Array, Array], Array]


def _turned(array: Array) -> Array:
    return array[::-1, ::-1]


def _framed(w: Array, g: Array) -> Array:
    """Return grad_out with zeros around it, so that the kernel may hang over its edge."""
    m, n = w.shape
    return framed(g, ((m - 1, m - 1), (n - 1, n - 1)))


def _grad_x(x: Array, w: Array, g: Array) -> Array:
    return slide(_framed(w, g), _turned(w))


def _grad_w(x: Array, w: Array, g: Array) -> Array:
    return slide(x, g)


def _by_image(grad_x: One) -> Gradients:
    """Return an answer with another gradient by the image, the other one right."""
    return lambda x, w, g: (grad_x(x, w, g), _grad_w(x, w, g))


def _by_kernel(grad_w: One) -> Gradients:
    """Return an answer with another gradient by the kernel, the other one right."""
    return lambda x, w, g: (_grad_x(x, w, g), grad_w(x, w, g))


def _each(grad_x: One, grad_w: One) -> tuple[Gradients, ...]:
    """Return a slip in either gradient, and in both."""
    return (
        _by_image(grad_x),
        _by_kernel(grad_w),
        lambda x, w, g: (grad_x(x, w, g), grad_w(x, w, g)),
    )


def _looping(
    *,
    add_x: bool = True,
    add_w: bool = True,
    cells: Callable[[Array], list[tuple[int, ...]]] = lambda g: list(np.ndindex(g.shape)),
    in_x: bool = False,
    in_w: bool = False,
    whole: bool = False,
    weigh: Callable[[float], float] = lambda value: value,
) -> Gradients:
    """Return both gradients by loops; the options are the slips.

    `add_x`, `add_w`: whether patches are added to what is there; `cells`: the cells of grad_out
    that are visited; `in_x`, `in_w`: whether the sums are made in the arguments themselves;
    `whole`: whether they are stored in the arguments' own types.
    """

    def gradients(x: Array, w: Array, g: Array) -> Both:
        m, n = w.shape
        grad_x = x if in_x else np.zeros(x.shape, x.dtype if whole else np.float64)
        grad_w = w if in_w else np.zeros(w.shape, w.dtype if whole else np.float64)
        for i, j in cells(g):
            there = slice(i, i + m), slice(j, j + n)
            by_x, by_w = w * weigh(g[i, j]), x[there] * weigh(g[i, j])
            grad_x[there] = (grad_x[there] if add_x else 0) + by_x
            grad_w[...] = (grad_w if add_w else 0) + by_w
        return grad_x, grad_w

    return gradients


def _without_last(g: Array, rows: bool, columns: bool) -> Array:
    """Return grad_out with its last row, its last column or both at 0."""
    cut = g.copy()
    if rows:
        cut[-1] = 0
    if columns:
        cut[:, -1] = 0
    return cut


def _same_size(turn: bool, late: bool) -> One:
    """Return a gradient by the image that is as large as grad_out."""

    def grad_x(x: Array, w: Array, g: Array) -> Array:
        before = [s // 2 if late else (s - 1) // 2 for s in w.shape]
        width = [(b, s - 1 - b) for b, s in zip(before, w.shape, strict=True)]
        return slide(framed(g, width), _turned(w) if turn else w)

    return grad_x


def _stretched(turn: bool, late: bool = False) -> One:
    """Return a gradient by the image made at valid places, with zeros around up to its size."""

    def grad_x(x: Array, w: Array, g: Array) -> Array:
        inner = slide(g, _turned(w) if turn else w)
        out = np.zeros(x.shape)
        at = [(a - b) // 2 if late else 0 for a, b in zip(x.shape, inner.shape, strict=True)]
        out[at[0] : at[0] + inner.shape[0], at[1] : at[1] + inner.shape[1]] = inner
        return out

    return grad_x


def _padded_by(frame: Callable[[int, int], tuple[int, int]]) -> Gradients:
    """Return an answer with so many rows and columns of zeros on each side of grad_out."""

    def grad_x(x: Array, w: Array, g: Array) -> Array:
        rows, columns = frame(*w.shape)
        return slide(framed(g, ((rows, rows), (columns, columns))), _turned(w))

    return _by_image(grad_x)


def _stepped(rate: float) -> Gradients:
    """Return the step of learning that was taken with both gradients."""
    return lambda x, w, g: (x - rate * _grad_x(x, w, g), w - rate * _grad_w(x, w, g))


_PLACES = "Which pixels does the weight w[0, 0] meet, and which does the last weight meet?"
_ADD = (
    "A pixel lies under several output cells, and every weight counts in all of them. What becomes "
    "of the first cell's share?"
)

WRONG_CONV2D_BACKWARD = {
    "kernel_not_turned": Misconception(
        "slides the kernel over the padded grad_out as it is, without turning it",
        "A pixel meets w[0, 0] in the output cell at its own place, and w[1, 1] in the cell one up "
        "and one to the left. In which direction do the weights run, seen from the pixel?",
        _by_image(lambda x, w, g: slide(_framed(w, g), w)),
        hint="Work out one number by hand: which output cells does the pixel in the middle of x "
        "count in, and with which weight each?",
    ),
    "kernel_half_turned": Misconception(
        "turns only the rows or only the columns of the kernel round for grad_x",
        _PLACES,
        (
            _by_image(lambda x, w, g: slide(_framed(w, g), w[::-1])),
            _by_image(lambda x, w, g: slide(_framed(w, g), w[:, ::-1])),
        ),
    ),
    "kernel_transposed": Misconception(
        "swaps the rows and columns of the kernel for grad_x in place of turning it",
        "Half a turn and a transpose are two things: where does each of them put w[0, 1]?",
        (
            _by_image(lambda x, w, g: slide(framed(g, _swapped(w)), w.T)),
            _by_image(lambda x, w, g: slide(_framed(w, g), w.T)),
            _by_image(lambda x, w, g: slide(_framed(w, g), _turned(w).T)),
        ),
    ),
    "valid_not_full": Misconception(
        "makes grad_x only where the whole kernel lies on grad_out, so that it is too small",
        "How large must grad_x be? Every pixel of x counts in some output cell, those at the edge "
        "in fewer.",
        (
            _by_image(lambda x, w, g: slide(g, _turned(w))),
            _by_image(lambda x, w, g: slide(g, w)),
            _by_image(
                lambda x, w, g: slide(*((g, _turned(w)) if _holds(g, w) else (w, _turned(g))))
            ),
            _by_image(
                lambda x, w, g: slide(*((g, w) if _holds(g, w) else (_turned(w), _turned(g))))
            ),
            *(
                _by_image(_stretched(turn, late))
                for turn in (True, False)
                for late in (True, False)
            ),
        ),
        hint="Put m - 1 rows of zeros above and below grad_out, and n - 1 columns left and right.",
    ),
    "same_size": Misconception(
        "pads grad_out by half a kernel, so that grad_x is as large as grad_out and not as x",
        "How large must grad_x be, and how much has to be put around grad_out for that?",
        tuple(
            _by_image(_same_size(turn, late)) for turn in (True, False) for late in (True, False)
        ),
    ),
    "grad_out_turned": Misconception(
        "takes grad_out the wrong way round, by half a turn",
        "For the output cell (i, j) the weight w[0, 0] meets x[i, j]. Which cell of grad_out goes "
        "with that product in yours?",
        (
            _by_image(lambda x, w, g: slide(_framed(w, _turned(g)), _turned(w))),
            _by_kernel(lambda x, w, g: slide(x, _turned(g))),
            lambda x, w, g: (slide(_framed(w, g), w), slide(x, _turned(g))),
        ),
    ),
    "grad_w_turned": Misconception(
        "gives grad_w turned by half a turn",
        "Which gradient belongs to w[0, 0]: that of the pixels at the top left, or another?",
        (
            _by_kernel(lambda x, w, g: _turned(slide(x, g))),
            lambda x, w, g: (slide(_framed(w, g), w), _turned(slide(x, g))),
        ),
    ),
    "grad_x_turned": Misconception(
        "gives grad_x turned by half a turn",
        "Which gradient belongs to x[0, 0]?",
        _by_image(lambda x, w, g: _turned(_grad_x(x, w, g))),
    ),
    "outputs_swapped": Misconception(
        "gives grad_w first and grad_x second",
        "In which order are the two asked for?",
        lambda x, w, g: (_grad_w(x, w, g), _grad_x(x, w, g)),
    ),
    "one_for_both": Misconception(
        "gives the same gradient twice",
        "x and w have a gradient each, as large as they are.",
        (
            lambda x, w, g: (_grad_w(x, w, g), _grad_w(x, w, g)),
            lambda x, w, g: (_grad_x(x, w, g), _grad_x(x, w, g)),
        ),
    ),
    "assigned_not_added": Misconception(
        "writes each output cell's share over what was there before, where it has to be added",
        _ADD,
        (
            _looping(add_x=False),
            _looping(add_w=False),
            _looping(add_x=False, add_w=False),
        ),
        hint="grad_x[...] = ... forgets what stood there; grad_x[...] += ... adds to it.",
    ),
    "starts_from_argument": Misconception(
        "adds its sums to x or to w themselves and does not begin with zeros",
        "What should the gradient be if grad_out is all zeros? What is yours?",
        (
            lambda x, w, g: (_grad_x(x, w, g) + x, _grad_w(x, w, g)),
            lambda x, w, g: (_grad_x(x, w, g), _grad_w(x, w, g) + w),
            lambda x, w, g: (_grad_x(x, w, g) + x, _grad_w(x, w, g) + w),
            _looping(in_x=True),
            _looping(in_w=True),
            _looping(in_x=True, in_w=True),
        ),
        hint="np.zeros(x.shape) makes an array of its own; grad_x = x only gives x a second name.",
    ),
    "decimals_lost": Misconception(
        "cuts its sums to whole numbers where x or w hold whole numbers",
        "Which type has the array that you add to? What becomes of 0.25 in it?",
        (
            _looping(whole=True),
            lambda x, w, g: tuple(
                gradient.astype(like.dtype)
                for gradient, like in zip(conv2d_backward(x, w, g), (x, w), strict=True)
            ),
            lambda x, w, g: tuple(gradient.astype(int) for gradient in conv2d_backward(x, w, g)),
        ),
        hint="np.zeros(x.shape) holds floats; np.zeros_like(x) has the type of x.",
    ),
    "grad_out_ignored": Misconception(
        "does not use the values of grad_out",
        "A cell that the loss does not care about has the gradient 0. What is its share?",
        _each(
            lambda x, w, g: _grad_x(x, w, np.ones_like(g)),
            lambda x, w, g: _grad_w(x, w, np.ones_like(g)),
        ),
    ),
    "last_places_missing": Misconception(
        "leaves out the last row or the last column of grad_out",
        "range(n) gives 0 to n - 1. How many rows has grad_out, and how far do your loops go?",
        tuple(
            lambda x, w, g, r=rows, c=columns: conv2d_backward(x, w, _without_last(g, r, c))
            for rows, columns in ((True, True), (True, False), (False, True))
        ),
    ),
    "stops_after_first": Misconception(
        "gives back its result after the first output cell or the first row of them",
        "What does Python do with the rest of a loop when it meets a return inside it?",
        (
            _looping(cells=lambda g: [(0, 0)]),
            _looping(cells=lambda g: [(0, j) for j in range(g.shape[1])]),
        ),
        hint="The return stands below both loops, as far left as the first for.",
    ),
    "averaged": Misconception(
        "divides by the number of output cells or of weights",
        "Which mean did you take? The shares of all output cells are added up.",
        (
            *_each(
                lambda x, w, g: _grad_x(x, w, g) / g.size,
                lambda x, w, g: _grad_w(x, w, g) / g.size,
            ),
            *_each(
                lambda x, w, g: _grad_x(x, w, g) / w.size,
                lambda x, w, g: _grad_w(x, w, g) / w.size,
            ),
        ),
    ),
    "grad_out_squared": Misconception(
        "multiplies by grad_out twice",
        "How often does grad_out[i, j] belong into the share of one output cell?",
        _each(
            lambda x, w, g: _grad_x(x, w, g * g),
            lambda x, w, g: _grad_w(x, w, g * g),
        ),
    ),
    "sign_turned": Misconception(
        "gives a gradient with the other sign, as if the step were already taken",
        "The gradient says where the loss grows. Who subtracts it, and when?",
        _each(lambda x, w, g: -_grad_x(x, w, g), lambda x, w, g: -_grad_w(x, w, g)),
    ),
    "step_taken": Misconception(
        "subtracts the gradients from x and w and gives the results of that",
        "The gradients themselves are asked for, not what becomes of x and w.",
        (
            *_each(lambda x, w, g: x - _grad_x(x, w, g), lambda x, w, g: w - _grad_w(x, w, g)),
            *map(_stepped, (0.1, 0.01)),
        ),
    ),
    "times_itself": Misconception(
        "multiplies a gradient by what it is the gradient of",
        "The share of a weight is the pixel it meets times grad_out; of a pixel, the weight times "
        "grad_out. What does yours multiply besides?",
        _each(lambda x, w, g: x * _grad_x(x, w, g), lambda x, w, g: w * _grad_w(x, w, g)),
    ),
    "frame_of_other_width": Misconception(
        "lays a frame of another width around grad_out",
        "How far may the kernel hang over the edge of grad_out, up and down, and left and right? "
        "Must the two be equal?",
        (
            _padded_by(lambda m, n: (2, 2)),
            _padded_by(lambda m, n: (1, 1)),
            _padded_by(lambda m, n: (m - 1, m - 1)),
            _padded_by(lambda m, n: (n - 1, n - 1)),
            _padded_by(lambda m, n: (n - 1, m - 1)),
            _padded_by(lambda m, n: (m, n)),
        ),
        hint="A kernel of m by n needs m - 1 rows above and below, n - 1 columns left and right: "
        "padding=(m - 1, n - 1).",
    ),
    "image_slid": Misconception(
        "slides the kernel over the picture for grad_x, as on the way forwards",
        "What comes back is the gradient of the output. Where does it go into your grad_x?",
        (
            _by_image(lambda x, w, g: slide(_framed(w, x), _turned(w))),
            _by_image(lambda x, w, g: slide(_framed(w, x), w)),
            _by_image(lambda x, w, g: slide(x, w)),
        ),
    ),
    "gradient_transposed": Misconception(
        "swaps the rows and columns of grad_x or of grad_w",
        "Each gradient has the shape of what it belongs to. Which index counts rows?",
        _each(lambda x, w, g: _grad_x(x, w, g).T, lambda x, w, g: _grad_w(x, w, g).T),
    ),
    "left_at_zero": Misconception(
        "leaves one of the two gradients at 0",
        "Two gradients are asked for. Where is something added to each?",
        (
            _by_image(lambda x, w, g: np.zeros(x.shape)),
            _by_kernel(lambda x, w, g: np.zeros(w.shape)),
        ),
    ),
    "x_not_slid": Misconception(
        "takes for grad_w the same patch of x, at the top left, for every output cell",
        "Which pixels does the output cell (i, j) look at?",
        _by_kernel(lambda x, w, g: x[: w.shape[0], : w.shape[1]] * g.sum()),
    ),
    "one_share_for_all": Misconception(
        "adds every output cell's share of grad_x at the top left",
        "Which pixels does the output cell (i, j) look at?",
        _by_image(lambda x, w, g: framed(w * g.sum(), [(0, s - 1) for s in g.shape])),
    ),
}


def _holds(g: Array, w: Array) -> bool:
    """Say whether grad_out is as large as the kernel, as SciPy's "valid" asks."""
    return bool(np.all(np.array(g.shape) >= w.shape))


def _swapped(w: Array) -> list[tuple[int, int]]:
    """Return how much of a frame a transposed kernel needs."""
    return [(n - 1, n - 1) for n in w.T.shape]
