"""Errors of Python and NumPy in plain words: what to look at."""

import re
from collections.abc import Sequence

# (type of the error, pattern of its message, what to say). The first that fits is said; {0} is the
# pattern's first group, {first} the name of the function's first parameter.
ERRORS: tuple[tuple[str, str, str], ...] = (
    (
        "OverflowError",
        "uint8",
        "Your {first} is still uint8, whose numbers end at 255. Turn it into int64 (or floats) "
        "before you compute with it.",
    ),
    (
        "IndexError",
        r"too many indices for array: array is (\d)-dimensional",
        "This array has {0} axis or axes, and more indices were given. Print its shape just "
        "before that line.",
    ),
    (
        "IndexError",
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)",
        "Index {0} was asked for along axis {1}, whose length is {2}: its last index is one less. "
        "Which loop gives this index, and where should it end? Are two indices swapped?",
    ),
    (
        "IndexError",
        "only integers|must be integers|arrays used as indices",
        "An index has to be a whole number; / gives a float, // a whole number.",
    ),
    (
        "IndexError",
        "tuple index out of range",
        "A tuple is shorter than that: x.shape has one number for each axis of x. Has every input "
        "as many axes as you think?",
    ),
    (
        "IndexError",
        "out of range",
        "With n values the last index is n - 1, and range(n) ends there. Print the index of the "
        "last turn beside the length.",
    ),
    (
        "AxisError",
        r"axis (-?\d+) is out of bounds for array of dimension (\d+)",
        "Axis {0} was asked for, and this array has {1} axis or axes, counted from 0. axis=-1 is "
        "the last axis of any array.",
    ),
    (
        "ValueError",
        "object of too small depth for desired array",
        "An array was expected here, and a single value or None came. Methods such as reverse() "
        "and sort() change their list and return nothing.",
    ),
    (
        "ValueError",
        r"not enough values to unpack \(expected (\d+), got (\d+)\)",
        "{0} names stand before the =, and there are {1} values: has the array as many axes as you "
        "think? Print its shape.",
    ),
    (
        "ValueError",
        r"too many values to unpack \(expected (\d+)",
        "There are more values than the {0} names before the =: has the array more axes than you "
        "think? Print its shape.",
    ),
    (
        "ValueError",
        "math domain error",
        "math.log and math.sqrt take no such number. np.log(0) is minus infinity.",
    ),
    (
        "ValueError",
        r"could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))"
        r"|could not broadcast input array from shape (\([\d,]*\)) into shape (\([\d,]*\))",
        "Two arrays that meet in that line differ in shape. Print both shapes just before it: "
        "does one of them end too early, or have two sizes changed places?",
    ),
    (
        "ValueError",
        "setting an array element with a sequence|inhomogeneous",
        "A whole array was put into a place for one number. Which step should have made one number "
        "of it? Python's sum() adds up rows; np.sum adds up everything.",
    ),
    (
        "TypeError",
        "only (length-1|size-1|0-dimensional) arrays can be converted",
        "A whole array stands where one number belongs. Which step should have made one number of "
        "it?",
    ),
    (
        "ValueError",
        "negative dimensions are not allowed",
        "The size of the result came out below 0: what is subtracted from what? Print both sizes.",
    ),
    (
        "ValueError",
        "truth value of an array",
        "A whole array stands where one yes or no is needed: in if, in while, or in Python's max "
        "and min. Is it to be decided for each cell, with np.where or np.maximum?",
    ),
    (
        "ValueError",
        "matmul: Input operand|shapes .* not aligned",
        "@ and np.dot multiply rows by columns. Is that meant, or cell by cell, with *?",
    ),
    (
        "ValueError",
        "cannot reshape array of size (\\d+) into shape",
        "{0} values do not fit into the new shape. How many rows and columns should there be?",
    ),
    (
        "ValueError",
        "window shape cannot be larger than input array shape",
        "The window is larger than the array that it slides over. Is a frame missing around it, or "
        "have two arguments changed places?",
    ),
    (
        "TypeError",
        "bitwise_xor",
        "^ is no power in Python: x ** 2 is x times x.",
    ),
    (
        "ValueError",
        "read-only",
        "It writes into an array that must not be changed. Write the result into a new array.",
    ),
    (
        "RecursionError",
        "",
        "The function calls itself and never ends. For which input should it give a result without "
        "another call? Or has it the same name as the function that you meant to call?",
    ),
    (
        "AttributeError",
        r"'numpy\.ndarray' object has no attribute '(reverse|append|insert|extend|pop|index)'",
        "{0} belongs to lists; an array has no such method. x[::-1] turns an array round, and "
        "np.zeros makes one of the size that is needed.",
    ),
    (
        "AttributeError",
        r"'list' object has no attribute '(shape|size|sum|mean|astype|copy|T|ndim|dtype|max|min)'",
        "A list has no {0}; np.array(...) turns it into an array.",
    ),
    (
        "AttributeError",
        r"'NoneType' object has no attribute '(\w+)'",
        "Something is None here: a function without return, or a method such as reverse() and "
        "sort(), which change their list and return nothing.",
    ),
    (
        "AttributeError",
        r"module '(\w+)' has no attribute '(\w+)'",
        "{0} has no {1}: is the name spelled as the library spells it?",
    ),
    (
        "AttributeError",
        r"'(\w+)' object has no attribute '(\w+)'",
        "{0} has no {1}. Print type(...) of what stands before the dot.",
    ),
    (
        "TypeError",
        r"'(reversed|range_iterator|generator|map|zip|filter|list_reverseiterator)'"
        r"|reversed|generator|map object",
        "reversed, map and zip give their values one after another, and are no arrays: x[::-1] "
        "turns an array round, list(...) makes a list.",
    ),
    (
        "TypeError",
        "'numpy.float64' object cannot be interpreted as an integer"
        "|'float' object cannot be interpreted as an integer"
        "|slice indices must be integers",
        "A size, an index or a range has to be a whole number; / gives a float, // a whole number.",
    ),
    (
        "TypeError",
        "'NoneType'",
        "Something is None here: an argument that was not given, a function without return, or a "
        "method such as reverse() and sort(), which change their list and return nothing.",
    ),
    (
        "TypeError|AttributeError",
        r"'(?:builtin_function_or_method|method|function)'",
        "A pair of brackets is missing behind a name: x.sum is the function, x.sum() its result.",
    ),
    (
        "TypeError",
        r"object is not callable",
        "Round brackets call a function; square brackets take a value out of an array. Has a "
        "variable the name of a function, such as sum or max?",
    ),
    (
        "TypeError",
        r"takes (\d+) positional arguments? but (\d+) (?:was|were) given"
        r"|missing (\d+) required positional argument",
        "Does the def line have the arguments that the exercise names, in its order?",
    ),
    (
        "UFuncTypeError|_UFuncOutputCastingError",
        "Cannot cast ufunc",
        "+=, -=, *= and /= keep the type of the array, and decimals do not fit into whole numbers. "
        "Turn it into floats first, or write x = x / n.",
    ),
    (
        "NameError|UnboundLocalError",
        r"name '(\w+)' is not defined",
        "{0} is not known here: is it spelled as above, and its cell run (import numpy as np)?",
    ),
    (
        "UnboundLocalError",
        r"variable '(\w+)'",
        "{0} has no value yet when it is read: which line gives it one, and is it always reached?",
    ),
    (
        "ZeroDivisionError",
        "",
        "Something is divided by 0 on this input. What should come out then?",
    ),
    (
        "SystemExit|KeyboardInterrupt",
        "",
        "A function gives its result back with return; it does not end the program.",
    ),
    ("MemoryError", "", "It asked for more memory than there is. What grows in your loop?"),
)


def in_plain_words(error: str, detail: str, first: str) -> str | None:
    """Return what to look at after an error; None where it is not known.

    Examples
    --------
    >>> in_plain_words("ZeroDivisionError", "division by zero", "kernel")
    'Something is divided by 0 on this input. What should come out then?'
    """
    for kinds, pattern, says in ERRORS:
        if re.fullmatch(kinds, error):
            found = re.search(pattern, detail)
            if found:
                return says.format(*(found.groups() or ("",)), first=first)
    return None


def explained(detail: str, errors: Sequence[tuple[str, str]]) -> str | None:
    """Return a library's error in a set's own words; None where it is not known.

    Examples
    --------
    >>> explained("mat1 is 3 x 4", [("mat1 is (.) x (.)", "{1} columns meet the next layer.")])
    '4 columns meet the next layer.'
    """
    for pattern, says in errors:
        found = re.search(pattern, detail)
        if found:
            return says.format(*found.groups())
    return None
