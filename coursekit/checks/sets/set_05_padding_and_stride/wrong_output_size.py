"""Wrong ideas about the size of a map, each with an implementation that holds it."""

import math

from coursekit.checks.engine.spec import Misconception

_HALF_A_HOP = "A side of 6, a kernel of 3, a stride of 2: is the last half hop made?"


_BY_HAND = "Draw a side of 5 and a kernel of 3, and count the places one by one."


_BOTH_ENDS = "At how many ends of a side does a ring of zeros lie?"


WRONG_OUTPUT_SIZE = {
    "stride_and_padding_ignored": Misconception(
        "does the same whatever stride and padding are",
        "Two of the four arguments have not been used yet. Where does each of them belong?",
        lambda n, f, s=1, p=0: n - f + 1,
    ),
    "arguments_mixed_up": Misconception(
        "takes one of its arguments for another",
        "Which of the four numbers is doubled, and which is taken away?",
        (
            lambda n, f, s=1, p=0: (n + 2 * f - p) // s + 1,
            lambda n, f, s=1, p=0: (f + 2 * p - n) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * s - f) // (p or 1) + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - s) // f + 1,
        ),
    ),
    "kernel_taken_twice": Misconception(
        "takes the kernel away twice",
        "To which number does the 2 belong? Do the brackets end before the kernel, or behind it?",
        (
            lambda n, f, s=1, p=0: (n + 2 * (p - f)) // s + 1,
            lambda n, f, s=1, p=0: (n - 2 * (p + f)) // s + 1,
        ),
    ),
    "places_of_a_whole_map": Misconception(
        "counts the places in both directions",
        "Is the size of one side asked for, or how many values a map has?",
        lambda n, f, s=1, p=0: ((n + 2 * p - f) // s + 1) ** 2,
    ),
    "stride_ignored": Misconception(
        "does the same whatever stride is",
        "Where does your function use the stride? Is a number written out in its place?",
        (
            lambda n, f, s=1, p=0: n + 2 * p - f + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - f) // 2 + 1,
        ),
    ),
    "padding_ignored": Misconception(
        "does the same whatever padding is",
        "Where does your function use the padding? Is a number written out in its place?",
        (
            lambda n, f, s=1, p=0: (n - f) // s + 1,
            lambda n, f, s=1, p=0: int((n - f) / s) + 1,
            lambda n, f, s=1, p=0: (n + 2 - f) // s + 1,
        ),
    ),
    "kernel_size_ignored": Misconception(
        "does the same whatever kernel_size is",
        "Where does your function use kernel_size? Is a number written out in its place?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - 3) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - 2) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - 5) // s + 1,
        ),
    ),
    "last_place_missed": Misconception(
        "misses the place at the very end, where the last hop just fits",
        "A side of 5, a kernel of 3: may the kernel begin at pixel 2? range(n) ends at n - 1.",
        (
            lambda n, f, s=1, p=0: math.ceil((n + 2 * p - f) / s),
            lambda n, f, s=1, p=0: (n + 2 * p - f - 1) // s + 1,
        ),
    ),
    "not_rounded": Misconception(
        "does not round, so that there are half places",
        _HALF_A_HOP,
        lambda n, f, s=1, p=0: (n + 2 * p - f) / s + 1,
    ),
    "rounded_up": Misconception(
        "rounds up, which counts a place that hangs over the end",
        _HALF_A_HOP,
        lambda n, f, s=1, p=0: math.ceil((n + 2 * p - f) / s) + 1,
    ),
    "rounded_to_nearest": Misconception(
        "rounds to the nearest whole number",
        _HALF_A_HOP,
        (
            lambda n, f, s=1, p=0: round((n + 2 * p - f) / s) + 1,
            lambda n, f, s=1, p=0: round((n + 2 * p - f) / s + 1),
            lambda n, f, s=1, p=0: math.floor((n + 2 * p - f) / s + 0.5) + 1,
        ),
    ),
    "first_place_forgotten": Misconception(
        "counts the hops and forgets the place before the first hop",
        _BY_HAND,
        lambda n, f, s=1, p=0: (n + 2 * p - f) // s,
    ),
    "one_added_before_dividing": Misconception(
        "adds the 1 before it divides by the stride",
        "The first place needs no hop. Should it be divided by the length of one?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - f + 1) // s,
            lambda n, f, s=1, p=0: (n + 2 * p - f + 1) / s,
        ),
    ),
    "divided_too_late": Misconception(
        "divides only the kernel, or only the padding, by the stride",
        "Division comes before addition and subtraction. Which brackets are missing?",
        (
            lambda n, f, s=1, p=0: n + 2 * p - f // s + 1,
            lambda n, f, s=1, p=0: n + 2 * p - f / s + 1,
            lambda n, f, s=1, p=0: math.floor(n + 2 * p - f / s + 1),
            lambda n, f, s=1, p=0: n - f + 2 * p // s + 1,
            lambda n, f, s=1, p=0: n // s + 2 * p - f + 1,
            lambda n, f, s=1, p=0: (n + 2 * p) // s - f + 1,
        ),
    ),
    "remainder": Misconception(
        "takes the remainder of the division in place of its result",
        "What is 7 % 2, and what is 7 // 2?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - f) % s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - f) % s,
        ),
    ),
    "stride_multiplied": Misconception(
        "multiplies by the stride in place of dividing",
        "Do longer hops lead to more places, or to fewer?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - f) * s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - f + 1) * s,
        ),
    ),
    "stride_subtracted": Misconception(
        "subtracts the stride in place of dividing by it",
        "How many hops of 2 fit into 6 pixels? Which calculation is that?",
        (
            lambda n, f, s=1, p=0: n + 2 * p - f - s + 1,
            lambda n, f, s=1, p=0: n + 2 * p - f - s,
        ),
    ),
    "kernel_added": Misconception(
        "adds the kernel to the side in place of taking it away",
        "Has a larger kernel more places on a side, or fewer?",
        lambda n, f, s=1, p=0: (n + 2 * p + f) // s + 1,
    ),
    "padding_once": Misconception(
        "counts the padding once, or adds 2 in place of doubling it",
        _BOTH_ENDS,
        (
            lambda n, f, s=1, p=0: (n + p - f) // s + 1,
            lambda n, f, s=1, p=0: (n + p - f) / s + 1,
            lambda n, f, s=1, p=0: (n + 2 + p - f) // s + 1,
        ),
    ),
    "padding_added_to_the_places": Misconception(
        "adds the padding to the number of places, not to the side",
        "Do two zeros more at each end of the side make two places more, if the stride is 2?",
        (
            lambda n, f, s=1, p=0: (n - f) // s + 1 + 2 * p,
            lambda n, f, s=1, p=0: (n - f) // s + 1 + p,
            lambda n, f, s=1, p=0: (n - f + 2 * p) // s + p,
        ),
    ),
    "padding_of_its_own": Misconception(
        "takes the padding that keeps the size at stride 1, whatever the padding is",
        "How many zeros are asked for? It may be none.",
        (
            lambda n, f, s=1, p=0: (n + 2 * (f // 2) - f) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * ((f - 1) // 2) - f) // s + 1,
        ),
    ),
    "padding_four_times": Misconception(
        "adds the padding four times, as if all four sides counted for one direction",
        _BOTH_ENDS,
        lambda n, f, s=1, p=0: (n + 4 * p - f) // s + 1,
    ),
    "padding_subtracted": Misconception(
        "takes the padding away from the side",
        "Does a frame leave the kernel more places, or fewer?",
        lambda n, f, s=1, p=0: (n - 2 * p - f) // s + 1,
    ),
    "places_at_the_end_counted": Misconception(
        "counts every place that begins on the framed side, even where the kernel hangs over",
        "In a side of 3, can a kernel of 3 begin at the last pixel?",
        (
            lambda n, f, s=1, p=0: (n + 2 * p - 1) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p) // s,
            lambda n, f, s=1, p=0: (n + 2 * p) // s + 1,
        ),
    ),
    "same_rule": Misconception(
        "gives the size of same padding, whatever the padding and the kernel are",
        "That is a rule of one library for one kind of padding. Here the padding is given.",
        lambda n, f, s=1, p=0: math.ceil(n / s),
    ),
    "side_divided_only": Misconception(
        "divides the side by the stride and looks at neither the kernel nor the padding",
        "A kernel of 1 and a kernel as long as the side: have they equally many places?",
        (
            lambda n, f, s=1, p=0: n // s,
            lambda n, f, s=1, p=0: n / s,
            lambda n, f, s=1, p=0: n // s + 1,
        ),
    ),
    "hops_of_the_kernel": Misconception(
        "hops by the size of the kernel in place of the stride",
        "How far apart do two neighbouring places begin?",
        lambda n, f, s=1, p=0: (n + 2 * p) // f,
    ),
    "half_kernel_taken": Misconception(
        "takes only half the kernel away from the side, as if its middle had to fit and no more",
        _BY_HAND,
        (
            lambda n, f, s=1, p=0: (n + 2 * p - f // 2) // s + 1,
            lambda n, f, s=1, p=0: (n + 2 * p - 2 * (f // 2)) // s,
            lambda n, f, s=1, p=0: (n + 2 * p - 2 * (f // 2)) // s + 1,
        ),
    ),
}
