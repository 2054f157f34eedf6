"""Worked examples that are kernels: what the numbers of each say about it."""

from example_kinds import right

from coursekit import scratch as s

# name: sum, sum of absolute values, separable?, same after a half turn?, negated by a half turn?
KERNEL_FACTS = {
    "loopy": (7, 9, False, True, False),
    "google": (4, 4, False, False, False),
    "sharpen": (1, 9, False, True, False),
    "edge-8": (0, 16, False, True, False),
    "prewitt-x": (0, 6, True, False, True),
    "prewitt-y": (0, 6, True, False, True),
    "sobel-x": (0, 8, True, False, True),
    "sobel-y": (0, 8, True, False, True),
    "laplacian": (0, 8, False, True, False),
    "roberts-x": (0, 2, False, False, True),
    "roberts-y": (0, 2, False, False, True),
    "filter1": (-3, 9, False, True, False),
    "filter2": (-3, 9, True, True, False),
    "detector1": (4, 4, False, False, False),
    "detector2": (4, 4, False, False, False),
    "blur-5x5": (9, 9, True, True, False),
    "edge-enhance": (0, 2, True, False, False),
    "sobel-left": (0, 8, True, False, True),
    "box": (9, 9, True, True, False),
    "gauss-weighted": (8, 8, False, True, False),
    "sharpen-strong": (1, 17, False, True, False),
    "plus": (5, 5, False, True, False),
    "lower-right-ones": (6, 6, False, False, False),
    "upper-left-ones": (6, 6, False, False, False),
    "anti-diagonal-15": (45, 45, False, True, False),
    "plus-10": (50, 50, False, True, False),
    "ring": (7, 9, False, True, False),
    "line-1": (0, 6, True, False, False),
    "line-2": (0, 6, True, False, False),
    "line-3": (0, 6, True, False, False),
    "line-4": (0, 6, True, False, False),
    "strided": (16, 18, False, False, False),
}
# The decks' box has no divisor; here that one is called ones, and box adds up to 1.
NAME_HERE = {"box": "ones"}
SIDES = {"roberts-x": (2, 2), "roberts-y": (2, 2), "blur-5x5": (5, 5)}


def _of_kernel(name, facts):
    total, absolute, separable, same, negated = facts
    return right(
        lambda: s.kernel_properties(s.kernel(NAME_HERE.get(name, name))),
        {
            "shape": SIDES.get(name, (3, 3)),
            "sum": total,
            "abs_sum": absolute,
            "separable": separable,
            "same_after_180_turn": same,
            "negated_after_180_turn": negated,
        },
    )


OF_KERNELS = {f"kernel-{name}": _of_kernel(name, facts) for name, facts in KERNEL_FACTS.items()}
