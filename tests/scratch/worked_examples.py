"""The worked examples of the lecture decks that the course grew from, each by its name.

`EXAMPLES` says of each of the 131 whether `coursekit.scratch` reproduces it, whether the deck's own
figure is wrong (and what is right), or why it is left out.
"""

from examples_faces_to_strides import DECK_002, DECK_003, DECK_004
from examples_loopy_to_vgg import DECK_000, DECK_001
from examples_of_kernels import OF_KERNELS

EXAMPLES = {**DECK_000, **DECK_001, **DECK_002, **DECK_003, **DECK_004, **OF_KERNELS}
