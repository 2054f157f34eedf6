# ---
# jupyter:
#   coursekit:
#     lesson: "07"
#     title: Why convolution works
#     topics: [T014, T015, T021, T031, T033, T063, T064, T065, T066, T067, T113, T115, T116]
#     minutes: 60
#     datasets: []
# ---

# %% [markdown]
# # 07 · Why convolution works
#
# **Why do a few shared weights do the work of millions, and how much of the picture does one unit
# see?**
#
# After this lesson you can
#
# - count the weights of a dense, a locally connected and a convolutional layer,
# - show by shifting a picture what *equivariant* means, and why it is not *invariant*,
# - work out, and measure, how much of the picture one number of a deep map depends on,
# - say what a network does with a pattern in a place where it has never seen one.
#
# **Time:** about 60 minutes. **Before this:** [06 Volumes and
# channels](06_volumes_and_channels.ipynb). Kernels are not turned.

# %% [markdown]
# ## See it: two networks go to school
#
# Two tiny networks learn to tell a loop from a cross. Their pictures have 12 by 12 pixels, full of
# noise, and in each one there is either a loop or a cross of 3 by 3 pixels, **always in the upper
# left corner** (shifted by up to two pixels down and to the right).
#
# - The **dense** one has two weights for each of the 144 pixels, one for "loop" and one for
#   "cross", as in lesson 01, and two biases: 290 numbers.
# - The **convolutional** one has two kernels of 3 by 3, one for "loop" and one for "cross": 20
#   numbers with the biases. Its answer is the kernel whose map has the largest value *anywhere*.
#
# Both start with random numbers and improve them by gradient descent (lesson 04) on the same 600
# pictures. The cell that does it is folded; you can open it. (Its *Adam* is a kind of gradient
# descent; lesson 11 says more.)

# %%
import numpy as np

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.scratch import connection_counts, conv2d, conv2d_volume


def drawing(text):
    """Turn a drawing made of # (ink) and . (paper) into a grid of 1 and -1."""
    return np.array([[1 if mark == "#" else -1 for mark in row] for row in text.split()])


loop, cross = drawing("### #.# ###"), drawing("#.# .#. #.#")


def pictures(count, first, last, seed):
    """Noise with a loop (0) or a cross (1) whose corner lies in rows and columns first to last."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(0, 0.5, size=(count, 12, 12)), rng.integers(0, 2, size=count)
    for picture, kind in zip(x, y):
        row, column = rng.integers(first, last + 1, size=2)
        picture[row : row + 3, column : column + 3] += (loop, cross)[kind]
    return x, y


lessons, lesson_answers = pictures(600, 0, 2, seed=0)
figures.images(
    [("loop or cross?", picture) for picture in lessons[:5]],
    signed=True,
    alt="Five pictures of 12 by 12 noisy pixels; in the upper left of each one a loop or a cross "
    "can be made out.",
)
print("the first five are:", ["loop" if kind == 0 else "cross" for kind in lesson_answers[:5]])

# %% tags=["fold"]
import torch

torch.manual_seed(0)
torch.set_num_threads(1)


class Largest(torch.nn.Module):
    """The largest value of each map."""

    def forward(self, maps):
        return maps.amax(dim=(2, 3))


dense = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(144, 2))
convolutional = torch.nn.Sequential(torch.nn.Conv2d(1, 2, kernel_size=3), Largest())


def as_batch(x):
    return torch.tensor(x[:, None], dtype=torch.float32)


for network in (dense, convolutional):
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    for step in range(200):
        loss = torch.nn.functional.cross_entropy(
            network(as_batch(lessons)), torch.tensor(lesson_answers)
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def share_right(network, x, y):
    with torch.no_grad():
        return float((network(as_batch(x)).argmax(dim=1).numpy() == y).mean())


# %% [markdown]
# ## Predict
#
# School is over. Now both get 600 **new** pictures of the same kind. And then 600 in which the loop
# or the cross lies in the **lower right** corner, where neither of them has ever seen one. Somebody
# who only guesses is right on half of the pictures.

# %%
predict(
    "07-corner",
    "How will they do in the lower right corner?",
    options=[
        "both well: a loop is a loop",
        "both guess: neither has seen anything there",
        "dense: a little worse than before; convolutional: well",
        "dense: guesses; convolutional: well",
    ],
)

# %% tags=["reveal", "banded"]
same_corner, other_corner = pictures(600, 0, 2, seed=10), pictures(600, 7, 9, seed=20)
reveal(
    "07-corner",
    "dense: guesses; convolutional: well",
    because="The dense network's weights for the lower right were only ever shown noise. The "
    "kernels have no place of their own: they ask the same in every corner.",
)

for name, network in [("dense", dense), ("convolutional", convolutional)]:
    here, there = share_right(network, *same_corner), share_right(network, *other_corner)
    low, high = (0.72, 0.93) if name == "dense" else (0.93, None)
    measured(f"{name}, new pictures, upper left: share right", here, at_least=low, at_most=high)
    low, high = (0.4, 0.62) if name == "dense" else (0.9, None)
    measured(f"{name}, lower right: share right", there, at_least=low, at_most=high)

# %% [markdown]
# In the new corner the dense network is right on 40 to 62 of 100 pictures, little better than a
# coin at most; the convolutional one on at least 90. Even in the corner that it knows, the dense
# network is clearly worse, with at most 93 against at least 93: with a weight for each pixel it
# needs many more pictures to learn from. And the kernel that the other one found for "loop"?

# %% tags=["reveal"]
learned = convolutional[0].weight.detach().numpy()[0, 0]
figures.images(
    [("lesson 03's loop filter", loop * 1.0), ("the kernel it learned", learned)],
    columns=3,
    signed=True,
    alt="Left the loop filter: orange all around, blue in the middle. Right the learned kernel: "
    "orange of slightly different strength all around, blue in the middle.",
)

# %% [markdown]
# With this start it is nearly lesson 03's filter. From another start it may be a different kernel
# that does the job, too.
#
# **20 numbers, learned in one corner, valid everywhere.** The rest of the lesson takes this
# sentence apart: where do the savings come from, what exactly happens when the object moves, and
# how something that sees 3 by 3 pixels can ever understand a large picture.

# %% [markdown]
# ## By hand
#
# ### Three ways to wire a picture to a map
#
# A picture of 6 by 6, a map of 4 by 4. Think of each number of the map as a small machine, a
# **unit**, that is wired to some pixels, with a weight on each wire. Three ways to wire them:
#
# 1. **Dense**: every unit is wired to every pixel.
# 2. **Locally connected**: every unit is wired only to the 3 by 3 pixels below it, its *local
#    receptive field*. This is called **sparse connectivity**. Each wire has a weight of its own.
# 3. **Convolutional**: the wires of 2, but all units use the same weights: **shared weights**.
#
# How many different weights has each of the three? No biases.

# %% tags=["paper"]
counts = connection_counts(6, 3)
print("dense:             36 pixels times 16 units =", counts["dense_weights"])
print("locally connected:  9 pixels times 16 units =", counts["sparse_connections"])
print("convolutional:                                ", counts["shared_weights"])
assert list(counts.values()) == [576, 144, 9]

# %% [markdown]
# The first saving needs the idea that **near pixels belong together**; the second that **what is
# worth finding here is worth finding there**. A dense layer learns *global* patterns, those of the
# whole picture at once; a convolution *local* ones. On larger pictures the savings explode. (Each
# line is for a single map, as large as the kernel allows. Nobody builds the dense layer of the last
# line; that is the point.)

# %%
print("picture      dense            locally connected   convolutional")
for n in (6, 28, 224):
    dense_n, local_n, shared_n = connection_counts(n, 3).values()
    print(f"{n:3} by {n:3} {dense_n:15,} {local_n:15,} {shared_n:15}")

# %% [markdown]
# Which pixels is a unit wired to? With lesson 05's $f$ and $s$, the unit in row $i$ and column $j$
# has the rows $i \cdot s$ to $i \cdot s + f - 1$ and the columns $j \cdot s$ to $j \cdot s + f -
# 1$.
#
# Try it: which rows and columns is unit [1, 2] wired to with stride 1, and which unit [1, 1] with
# stride 2?
#
# <details><summary>Answer</summary>
#
# With stride 1, unit [1, 2]: rows 1 to 3 and columns 2 to 4. With stride 2, unit [1, 1]: rows 2 to
# 4 and columns 2 to 4.
#
# </details>

# %% [markdown]
# ### The 9 moves
#
# Lesson 01 moved the 9 by one column to the left, and 16 of its 35 cells changed. Now we look at
# the map of the loop filter, the mean of nine products, as in lesson 03. That map has 5
# rows and 3 columns.

# %%
nine = drawing(".###. .#.#. .###. ...#. ...#. ..#.. .#...")
moved = drawing("###.. #.#.. ###.. ..#.. ..#.. .#... #....")
figures.grids([("the 9", nine), ("the 9, moved", moved)], operators=("->",))

# %%
predict(
    "07-stay",
    "How many of the 15 numbers of the map stay as they are when the 9 moves?",
    options=["15: convolution does not care where the 9 is", "10", "5", "1"],
)

# %% tags=["reveal"]
map_before, map_after = conv2d(nine, loop, mean=True), conv2d(moved, loop, mean=True)
stay = int((map_before == map_after).sum())
assert stay == 1
by_chance = np.argwhere(map_before == map_after)[0].tolist()
reveal(
    "07-stay",
    "1",
    because="The map moves with the 9. So in every cell there is now what was in its neighbour "
    f"before, and only in {by_chance} that is, by chance, the same number.",
)

# %% [markdown]
# ### Find the slip
#
# Deck 000, *Shifted 9 at different position*, prints the map of the moved 9. Two of the 15 numbers
# are wrong. (It cuts after two decimals: -5/9 is printed as -0.55.) Beside it stands the map of the
# 9 where it was, right in all cells.
#
# You need not recount all 15. If the map moves with the 9, most cells of the printed map can be
# **checked against the other map**. Which ones? The few that are left you can count: how many of
# the nine pixels agree with the filter?

# %%
printed = np.array(
    [
        [1, -0.11, -0.11],
        [0.11, -0.33, 0.33],
        [0.33, -0.33, -0.33],
        [-0.11, -0.55, -0.33],
        [-0.55, -0.33, -0.55],
    ]
)
figures.grids(
    [("moved, as printed", printed), ("not moved (correct)", np.trunc(map_before * 100) / 100)],
    operators=("",),
)

# %%
predict(
    "07-slip",
    "Which two cells of the printed map are wrong?",
    options=["[0, 2] and [3, 2]", "[1, 2] and [2, 2]", "[1, 1] and [2, 2]", "[2, 2] and [4, 2]"],
)

# %% tags=["reveal"]
cut = np.trunc(map_after * 100) / 100
wrong = [(int(i), int(j)) for i, j in np.argwhere(np.abs(cut - printed) > 0.001)]
assert wrong == [(1, 2), (2, 2)]
reveal(
    "07-slip",
    "[1, 2] and [2, 2]",
    because="Columns 0 and 1 of the moved map must be columns 1 and 2 of the other one, and they "
    "are. Only column 2, which has come in from outside, has to be counted: in both cells 4 pixels "
    "agree and 5 do not, so both are -1/9, or -0.11.",
)

figures.grids(
    [("moved (correct)", cut), ("not moved", np.trunc(map_before * 100) / 100)],
    operators=("",),
    highlight=[
        [(r, c) for r in range(5) for c in (0, 1)],
        [(r, c) for r in range(5) for c in (1, 2)],
    ],
)
print(
    "columns 0-1 of the moved map that equal columns 1-2 of the other:",
    int((map_after[:, :2] == map_before[:, 1:]).sum()),
    "of 10",
)
for i, j in wrong:
    agree = int((moved[i : i + 3, j : j + 3] == loop).sum())
    print(
        f"[{i}, {j}]: {agree} agree, {9 - agree} do not; printed {printed[i, j]}, right {cut[i, j]}"
    )

# %% [markdown]
# What you have used is a law. Call the convolution $f$, and the shift by one column $g$. First
# shifting the picture and then convolving gives the same as first convolving and then shifting the
# map:
#
# $$f(g(x)) = g(f(x))$$
#
# (At the border it cannot hold: the column that comes in from outside is new.)
#
# An operation with this property is called **equivariant** to $g$: its result changes *as the input
# does*. It follows from the shared weights: the same nine numbers are asked in every place. That is
# why an eye detector marks two eyes in one picture, five in another, and each of them where it is.

# %% [markdown]
# ### How far does a unit see?
#
# A unit of the first layer sees 3 by 3 pixels. Is it good to see so little? A unit of the *second*
# layer sees 3 by 3 units of the first. Its **receptive field** is all the pixels that can change
# it: not only the patch that it is wired to, its *local* receptive field, but all that is behind.

# %%
predict(
    "07-field",
    "Three layers of 3 by 3, stride 1. How many pixels across is the receptive field of a unit of "
    "the third layer?",
    options=["3", "7", "9", "27"],
)

# %% tags=["reveal"]
reveal(
    "07-field",
    "7",
    because="A unit of the first layer sees 3, of the second 5, of the third 7. Neighbouring units "
    "share most of what they see, so each layer adds just one pixel on either side: "
    "1 + 2 + 2 + 2.",
)

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

figure = Figure(figsize=(7, 2.9))
axes = figure.add_axes((0, 0, 1, 1))
axes.axis("off")
axes.set_xlim(-3.1, 9.2)
axes.set_ylim(-0.3, 4.0)
for level, (name, seen) in enumerate(
    [("picture", range(1, 8)), ("layer 1", range(2, 7)), ("layer 2", range(3, 6)), ("layer 3", [4])]
):
    axes.text(-0.4, level + 0.3, name, ha="right", va="center", fontsize=12)
    for place in range(level, 9 - level):
        colour = "#E69F00" if place in seen else "#FFFFFF"
        axes.add_patch(Rectangle((place, level), 0.9, 0.6, facecolor=colour, edgecolor="#333333"))
    if level < 3:
        for place in range(level + 1, 8 - level):
            for below in (place - 1, place, place + 1):
                both = place in range(level + 2, 7 - level) and below in seen
                axes.plot(
                    [place + 0.45, below + 0.45],
                    [level + 1, level + 0.6],
                    color="#D55E00" if both else "#CCCCCC",
                    linewidth=1.6 if both else 0.8,
                )
figures.show(
    figure,
    "Four rows of boxes seen from the side, joined by lines from each box to three boxes of the "
    "row below. From one coloured box in layer 3 the coloured lines spread to 3 boxes in layer 2, "
    "5 in layer 1 and 7 in the picture.",
)

# %% [markdown]
# Seen from the side, one direction only: one unit of layer 3, 3 of layer 2, 5 of layer 1, 7 pixels.
# Each layer adds $f - 1$. **Stride makes it grow faster.** If layer 1 has stride 2, its
# neighbouring units lie two pixels apart, and so each step in layer 2 counts double: 3 pixels for
# the first layer, and $2 \cdot 2$ more for the second, makes 7 with two layers. In general, each
# layer adds $(f - 1)$ times the strides of all layers *before* it, multiplied together. For
# three layers of 3 by 3, of which the first has stride 2:

# %%
field = 1
for layer, product in [(1, 1), (2, 2), (3, 2 * 1)]:  # the strides of the layers before it
    field = field + (3 - 1) * product
    print(f"layer {layer}: strides before it {product}, adds {(3 - 1) * product}, field {field}")

# %% [markdown]
# So it does no harm that units see little at first: deeper ones see as much as they need. The same
# was found in animals. Hubel and Wiesel showed in cats, around 1960, that a neuron at the beginning
# of the visual cortex answers to a small part of the visual field only; that these parts overlap
# and cover the whole field together; that some neurons answer to lines of one direction; and that
# others, with larger fields, answer to combinations of such simple patterns. A convolutional
# network is built in the same way, from convolution layers and (lesson 08) pooling layers: edges
# and curves first, then parts, then things.

# %% [markdown]
# ### Optional: from parts to a whole
#
# Lesson 03 split the tall 9 into a loop, an upright line and a diagonal line, and found each of
# them with a filter. These three maps are a volume of depth 3. So let a *second* layer look at
# them: a filter of depth 3 with just three weights that are 1, "a loop here, an upright line below
# it to the right, a diagonal line at the bottom". The sheet holds two 9s. Each of the three maps
# says 1 where its part is met exactly: which value will stand where all three are, and how often?

# %% tags=["paper"]
tall_nine = drawing(".###. .#.#. .###. ...#. ...#. ...#. ..#.. .#...")
upright, diagonal = drawing(".#. .#. .#."), drawing("..# .#. #..")
sheet = -np.ones((12, 16), dtype=int)
sheet[1:9, 1:6], sheet[3:11, 9:14] = tall_nine, tall_nine

parts = conv2d_volume(sheet[None], np.stack([loop, upright, diagonal])[:, None], [0, 0, 0]) / 9
whole = np.zeros((1, 3, 6, 3))
whole[0, 0, 0, 1] = whole[0, 1, 3, 2] = whole[0, 2, 5, 1] = 1
nines = conv2d_volume(parts, whole, [0])[0]

figures.images(
    [
        ("sheet", sheet),
        ("loops", parts[0]),
        ("upright", parts[1]),
        ("diagonal", parts[2]),
        ("9s", nines),
    ],
    columns=5,
    signed=True,
    alt="A sheet with two nines, three maps of its parts, and a last map in which two cells stand "
    "out in strong orange.",
)
best = np.sort(nines.ravel())[::-1]
print(
    "places with 3.00, all three parts:",
    int(np.isclose(nines, 3).sum()),
    " next best:",
    best[2].round(2),
)

# %% [markdown]
# Two 9s, two hits, and nothing else comes near. In the same way the maps of an eye, a nose and an
# ear detector can be the input of a detector of heads. Nobody designs these layers: a network finds
# its own parts.

# %% [markdown]
# ## From scratch
#
# ### A convolution is a dense layer with a habit
#
# We write the convolution of a 6 by 6 picture as a dense layer: a matrix with a row for each of the
# 16 units and a column for each of the 36 pixels. First with loops: unit (i, j) puts its nine
# weights where its nine pixels are. The kernel is 1 to 9, so that you can follow each weight.

# %%
kernel = np.arange(1, 10).reshape(3, 3)
matrix = np.zeros((16, 36), dtype=int)
for i in range(4):
    for j in range(4):
        for a in range(3):
            for b in range(3):
                matrix[4 * i + j, 6 * (i + a) + (j + b)] = kernel[a, b]

figures.images(
    [("16 units, 36 pixels", matrix / 9)],
    alt="A matrix of 16 rows and 36 columns, mostly black. Each row has three short groups of "
    "three grey cells; from row to row they move to the right, like stairs.",
)
print(
    "entries:",
    matrix.size,
    " zeros:",
    int((matrix == 0).sum()),
    " others:",
    int((matrix != 0).sum()),
)
print("different weights:", len(np.unique(matrix)) - 1)

# %% [markdown]
# There are the three numbers again: 576 entries, of which 144 are not zero, and these are 9
# weights, each of them 16 times. Does the matrix do the same as the sliding kernel? Without loops:
# flatten the picture (lesson 01), multiply with `@` (lesson 02: a sum of products for each row of
# the matrix), and fold the result into a map again.

# %%
rng = np.random.default_rng(7)
for _ in range(20):
    some_picture = rng.integers(-9, 10, size=(6, 6))
    by_matrix = (matrix @ some_picture.flatten()).reshape(4, 4)
    assert np.array_equal(by_matrix, conv2d(some_picture, kernel))
print("matrix and sliding kernel agree on 20 random pictures")

# %% [markdown]
# So a dense layer *could* do all that a convolution does. It would have to find out by itself, from
# examples, that 432 weights are zero and that the others repeat; a convolution knows it beforehand.

# %% [markdown]
# ## In the framework
#
# The layers of PyTorch count the same weights. (A locally connected layer is missing there, and
# Keras gave up its own: shared weights win nearly everywhere.)

# %%
dense_layer = torch.nn.Linear(36, 16, bias=False)
conv_layer = torch.nn.Conv2d(1, 1, kernel_size=3, bias=False)
print("dense:        ", sum(p.numel() for p in dense_layer.parameters()))
print("convolutional:", sum(p.numel() for p in conv_layer.parameters()))

with torch.no_grad():  # give both our weights, and compare
    dense_layer.weight.copy_(torch.tensor(matrix))
    conv_layer.weight.copy_(torch.tensor(kernel)[None, None])
    x = torch.tensor(some_picture, dtype=torch.float32)
    gap = (dense_layer(x.flatten()).reshape(4, 4) - conv_layer(x[None, None])[0, 0]).abs().max()
assert float(gap) < 1e-3
print("largest difference between the two at most 0.001: yes")

# %% [markdown]
# ### Measure a receptive field
#
# No formula, no drawing: ask the network. The gradient (lesson 04) of a unit says how much it
# changes when a pixel changes. Where it is not 0, the pixel is in the receptive field. We take
# three layers of 3 by 3 whose weights are all 1, and look at a unit in the middle.


# %%
def field_of(layers, side=11):
    """The gradient of the middle unit by the pixels; layers: (kernel, stride) of each one."""
    picture = torch.zeros(1, 1, side, side, requires_grad=True)
    x = picture
    for f, stride in layers:
        x = torch.nn.functional.conv2d(x, torch.ones(1, 1, f, f), stride=stride)
    middle = x.shape[-1] // 2
    x[0, 0, middle, middle].backward()
    return picture.grad[0, 0].numpy().astype(int)


three_layers = field_of([(3, 1), (3, 1), (3, 1)])
figures.grid(three_layers, title="in how many ways a pixel reaches the unit")
print("rows that matter:", int(three_layers.any(axis=1).sum()))
assert three_layers.any(axis=1).sum() == 7

# %% [markdown]
# 7 by 7, as calculated. And the numbers say more: with weights of 1, the gradient counts the
# **ways** from a pixel through the layers to the unit. The pixel in the middle has 49 of them, a
# corner pixel just one. So a unit sees its whole field, but most of all the middle.
#
# Two layers of 3 by 3, one with stride 2 and one with stride 1. Does it matter which comes first?

# %%
predict(
    "07-strides",
    "How many pixels across does a unit of the second layer see?",
    options=[
        "7 in either order",
        "7 if stride 2 comes first, 5 if it comes last",
        "5 if stride 2 comes first, 7 if it comes last",
        "5 in either order",
    ],
)

# %% tags=["reveal"]
rows = [int(field_of(layers).any(axis=1).sum()) for layers in ([(3, 2), (3, 1)], [(3, 1), (3, 2)])]
assert rows == [7, 5]
reveal(
    "07-strides",
    "7 if stride 2 comes first, 5 if it comes last",
    because="The second layer steps over units of the first. With stride 2 in the first these lie "
    "two pixels apart, so it adds 4 to the 3; without, it adds 2.",
)

print("measured, strides 2, 1:", rows[0], " strides 1, 2:", rows[1])

# %% [markdown]
# The stride of the *last* layer does nothing for its own units; it makes the layers after it see
# more.

# %% [markdown]
# ## Play
#
# The calculator puts layers in a row and draws on the picture what one unit of the last layer sees.
#
# 1. It begins with three layers of 3 by 3. Give the first one a stride of 2. What happens to the
#    receptive field, and what to the size of the maps?
# 2. Set the strides back to 1. How many layers of 3 by 3 does it take until one unit sees 15 pixels
#    across? And how many with a stride of 2 in the first layer? Calculate first, by 1 + 2 + 2 + ...
#
# <details><summary>Answers</summary>
#
# 1. The field grows from 7 to 11: 3 for the first layer, and 4 for each of the other two. The maps
#    become half as wide or less: 11, 9 and 7 instead of 22, 20 and 18.
# 2. Seven layers: 1 + 7 times 2 is 15. With stride 2 in the first layer each further one adds 4:
#    3 + 3 times 4 is 15, so four layers are enough.
#
# </details>

# %%
from coursekit.widgets import SizeCalculator

SizeCalculator(size=24, layers=[(3, 1), (3, 1), (3, 1)])

# %% [markdown]
# ## A mistake people make
#
# > *"Convolution is translation invariant: the answer stays the same wherever the object is."*
#
# **Invariant** would mean $f(g(x)) = f(x)$: nothing changes. **Equivariant** means
# $f(g(x)) = g(f(x))$: the map moves along. Both words are used for convolution, in books and in the
# slides behind this course, so let us settle it by counting. A random picture, and the same moved
# by one row and two columns:

# %%
big = rng.integers(0, 10, size=(30, 30))
x, shifted = big[1:29, 2:30], big[0:28, 0:28]  # what was at [r, c] is now at [r + 1, c + 2]
before, after = conv2d(x, kernel), conv2d(shifted, kernel)

same_place = int((after == before).sum())
moved_along = int((after[1:, 2:] == before[:-1, :-2]).sum())
print("cells that stay the same (invariant):  ", same_place, "of", before.size)
print("cells that move along (equivariant):   ", moved_along, "of", before[:-1, :-2].size)
assert moved_along == before[:-1, :-2].size

# %% [markdown]
# Hardly a cell stays, and all of them move along. (For the 9 it was 14 of 15 cells that changed,
# and 10 of 10 that moved along.) And the network at the beginning, which found the loop in any
# corner? Its *map* moved with the loop; the answer stayed because it took the **largest value of
# the whole map**, and that does not ask where. Invariance comes afterwards, if it comes: lesson 08.
#
# Equivariance has its limits as well. A stride breaks it: the kernel stands on every second pixel
# only. We move the picture by one pixel, for which the map would have to move by half a cell; and
# by two, a whole cell of the map. For the first we count the cells that stay, for the second those
# that move along.

# %%
for shift in (1, 2):
    x, shifted = big[:, shift:][:, :28], big[:, :28]
    before, after = conv2d(x, kernel, stride=2), conv2d(shifted, kernel, stride=2)
    if shift == 2:
        before, after = before[:, :-1], after[:, 1:]  # moved by 2 pixels, so by 1 in the map
    print(
        f"stride 2, shift by {shift}: {int((after == before).sum())} of {before.size} cells equal"
    )

# %% [markdown]
# With a shift of 2, a whole hop, the map moves along; with a shift of 1 it is another map. And
# nothing of this holds for *turning* or *enlarging* a picture: no law says what the map of a turned
# 9 looks like.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/07_why_convolution_works.ipynb) you write `dense_parameters` and
# `receptive_field`, find out how far a network of your own sees, and build one that just sees a
# whole picture.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "07-q1",
    "A picture of 10 by 10, a kernel of 3 by 3, stride 1, no padding, one map. How many weights "
    "has a locally connected layer, in which no weights are shared?",
    [
        ("9", False, "That is the convolution, in which all units share their weights."),
        ("576", True, "Yes: 8 times 8 units with 9 weights each."),
        ("900", False, "There are not 100 units: the kernel has 8 by 8 places."),
        ("6400", False, "That is dense: 100 pixels times 64 units."),
    ],
)

# %%
quiz(
    "07-q2",
    "You move a picture by 3 pixels to the right. What happens to the feature map of a convolution "
    "with stride 1, borders apart?",
    [
        (
            "It stays exactly as it was.",
            False,
            "That is invariance. The map moves with the object.",
        ),
        ("It moves by 3 to the right.", True, "Yes: equivariance. The same values, elsewhere."),
        ("It moves by 3 to the left.", False, "The kernel meets the object where it is now."),
        ("Its values become others.", False, "The same patches are met by the same weights."),
    ],
)

# %%
quiz(
    "07-q3",
    "Four layers of 3 by 3 with stride 1. How many pixels across does a unit of the last one see?",
    [
        ("9", True, "Yes: 1 + 4 times 2."),
        ("12", False, "Neighbouring units share pixels: each layer adds 2, not 3."),
        ("8", False, "You forgot the 1: a unit without any layer sees one pixel."),
        ("81", False, "That is how many pixels there are in the field of 9 by 9."),
    ],
)

# %%
quiz(
    "07-q4",
    "All faces in your photographs have been moved to the middle. You want a layer that may learn "
    "something else at the top (hair) than at the bottom (chin), from few weights. Which one?",
    [
        ("A convolution of stride 1", False, "It has the same weights in every place."),
        (
            "A locally connected layer",
            True,
            "Yes. You give up sharing, and pay with more weights than a convolution has.",
        ),
        (
            "A dense layer to all units",
            False,
            "It may, but hair and chin are local patterns: most of its weights are wasted.",
        ),
        (
            "A convolution of stride 2",
            False,
            "The stride says where units stand, not what they learn.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Sparse connections (each unit sees only its patch) and shared weights (all units ask the same)
#    save nearly everything: 576, 144 and 9 weights on a 6 by 6 picture.
# 2. A convolution is a dense layer most of whose weights are 0 and whose others repeat.
# 3. Convolution is **equivariant** to shifts: $f(g(x)) = g(f(x))$, its map moves along. It is not
#    invariant, and a stride breaks the law for shifts that are no whole hop.
# 4. The receptive field grows with each layer by $f - 1$, times all strides before it.
# 5. So small kernels in many layers see far: edges first, then parts, then things.

# %% [markdown]
# ## Words
#
# - **Unit**: one number of a map, seen as a small machine with wires to its input.
# - **Dense**, **locally connected**, **convolutional**: wired to all; to a patch; to a patch with
#   shared weights.
# - **Sparse connectivity**: each unit is wired to a few inputs only. **Shared weights**: all units
#   of a map have the same.
# - **Equivariant**: the result changes as the input does. **Invariant**: the result does not
#   change.
# - **Receptive field**: all pixels that can change a unit. **Local receptive field**: the patch
#   that a unit is wired to.

# %% [markdown]
# ## Further reading
#
# - D. H. Hubel and T. N. Wiesel, *Receptive fields of single neurones in the cat's striate cortex*,
#   Journal of Physiology, 1959.
# - I. Goodfellow, Y. Bengio and A. Courville, *Deep Learning*, MIT Press, 2016, section 9.2: the
#   three properties.
# - W. Luo, Y. Li, R. Urtasun and R. Zemel, *Understanding the effective receptive field in deep
#   convolutional neural networks*, NeurIPS, 2016: the middle counts most.
# - A. Azulay and Y. Weiss, *Why do deep convolutional networks generalize so poorly to small image
#   transformations?*, Journal of Machine Learning Research, 2019: what strides do to equivariance.
#
# The moved 9 comes from deck 000, *Shifted 9 at different position*; the three properties, the
# connections and the receptive fields from deck 001, *Important properties of CNN* and *Connections
# between layers in a CNN*; three layers that see 7 by 7 from deck 001, *VGGNet Architecture*; local
# and global patterns from deck 003, *Convolutional Layer*. The experiment with the two corners is
# ours. **Next:** [08 ReLU and pooling](08_relu_and_pooling.ipynb).
