# ---
# jupyter:
#   coursekit:
#     lesson: "04"
#     title: Kernels
#     topics: [T043, T044, T045, T046, T097, T098, T118, T119, T121, T122, T137, T138]
#     minutes: 50
#     datasets: []
# ---

# %% [markdown]
# # 04 · Kernels
#
# **What does each small kernel do to a photograph, and can one be learned from examples?**
#
# After this lesson you can
#
# - look at nine numbers and say what they will do to a picture,
# - blur, sharpen and find edges in a real photograph,
# - say which edges $S_x$ finds and which $S_y$ finds (most people get it wrong),
# - let the computer find a kernel by itself, from one example.
#
# **Time:** about 50 minutes. **Before this:** [03 Convolution in two
# dimensions](03_convolution_2d.ipynb). As there, and as in all libraries, kernels are **not**
# turned in this lesson unless we say so.

# %% [markdown]
# ## See it: one photograph, four small grids of numbers
#
# Here is a photograph and what is left of it after four different kernels have slid over it. Each
# kernel is a grid of 3 by 3 numbers, and nothing else has changed. Image editors on your phone do
# the same when you tap "sharpen".

# %%
import numpy as np
from sklearn.datasets import load_sample_image

from coursekit import figures, predict, quiz, reveal
from coursekit.scratch import KERNELS, conv2d, conv2d_vectorized, filter_image

temple = load_sample_image("china.jpg").mean(axis=2).astype("uint8")[40:360, 60:500]
figures.images(
    [
        ("original", temple),
        ("A", filter_image(temple, KERNELS["gaussian_5x5"])),
        ("B", filter_image(temple, KERNELS["sharpen"])),
        ("C", filter_image(temple, KERNELS["edge_8"])),
        ("D", filter_image(temple, KERNELS["sobel_y"])),
    ],
    columns=3,
    alt="A grey photograph of a Chinese temple and four filtered versions: A is blurred, B is "
    "crisper, C is black with thin bright outlines, D is black with bright bands along the "
    "tops of the roofs.",
)

# %% [markdown]
# What decides whether a kernel blurs, sharpens or finds edges? By the end of this lesson you will
# read it off the numbers.

# %% [markdown]
# ## Predict
#
# A piece of clear blue sky is **flat**: all its pixels have the same value, say 100. Here are three
# kernels:

# %%
flat = np.full((5, 5), 100)
figures.grids(
    [
        ("K1", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
        ("K2", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
        ("K3", [[0, 1, 0], [1, 4, 1], [0, 1, 0]]),
    ],
    operators=("and", "and"),
    signed=True,
)

# %%
predict(
    "04-flat",
    "Which of them leaves the flat sky exactly as it is, at 100?",
    options=["K1 only", "K2 only", "K3 only", "all three", "none"],
)

# %% tags=["reveal"]
on_flat = {
    name: int(conv2d(flat, KERNELS[key])[1, 1])
    for name, key in [("K1", "sharpen"), ("K2", "laplacian"), ("K3", "gauss_weighted")]
}
reveal(
    "04-flat",
    "K1 only",
    because=f"On flat sky K1 gives {on_flat['K1']}, K2 gives {on_flat['K2']}, K3 gives "
    f"{on_flat['K3']}. On a flat area every product has the same 100 in it, so what comes "
    "out is 100 times the SUM of the weights: 1, 0 and 8.",
)

# %% [markdown]
# That is the first thing to look at in a kernel: **the sum of its weights** says what happens to
# flat areas.
#
# - Sum 1: flat areas stay as they are. The kernel changes only where something happens in the
#   picture.
# - Sum 0: flat areas become 0. Only changes are left: an edge detector.
# - Any other sum: the whole picture gets brighter or darker by that factor.

# %% [markdown]
# ## By hand
#
# ### A real patch: 295
#
# Deck 004, *Convolution*, takes nine pixel values from a photograph on the page
# setosa.io/ev/image-kernels and lays the kernel "top sobel" on them. The bright pixels are at the
# top, the darker ones below. Do it on paper: the middle row of the kernel is zero, so only six
# products are left.

# %%
patch = np.array([[180, 187, 186], [125, 108, 121], [126, 98, 123]])
figures.grids([("patch", patch), ("top sobel", KERNELS["sobel_y"])], operators=("*",))

# %% tags=["paper"]
top = 1 * 180 + 2 * 187 + 1 * 186
bottom = 1 * 126 + 2 * 98 + 1 * 123
print("top row, weighted:   ", top)
print("bottom row, weighted:", bottom)
print("difference:          ", top - bottom)
assert top - bottom == (patch * KERNELS["sobel_y"]).sum() == 295

# %% [markdown]
# So this kernel computes *top minus bottom*, with the middle counting double. 295 is a strong
# answer: there is an edge here, bright above and dark below.
#
# ### Counting on a picture of zeros and ones
#
# Deck 003, *Effective Convolution with Kernel Matrix*, slides a kernel of nine ones over a picture
# of zeros and ones. Then convolution is counting: how many ones are there in the 3 by 3 patch? The
# deck shows the first two answers, 6 and 5. Count the other three of the first row before you run
# the cell.

# %%
picture = np.array(
    [
        [1, 1, 1, 0, 0, 1, 1],
        [1, 1, 0, 1, 0, 1, 1],
        [1, 0, 0, 1, 1, 1, 0],
        [0, 0, 0, 0, 0, 1, 1],
        [1, 1, 0, 0, 0, 0, 1],
        [1, 0, 0, 1, 1, 1, 0],
        [1, 1, 1, 0, 0, 1, 1],
    ]
)
figures.grids([("picture", picture), ("ones", KERNELS["ones"])], operators=("*",))

# %% tags=["paper"]
print(conv2d(picture, KERNELS["ones"]).astype(int))

# %% [markdown]
# Further on, under *Many Filters in Convolution Layer*, the deck lists four more kernels, and shows
# a plus-shaped one, without results. Here they are, on the same picture. The first has its ones in
# the **lower right** corner, so now *direction* begins to matter: it asks how much lies below and
# to the right.

# %%
for name in ["lower_right_ones", "upper_left_ones", "anti_diagonal_15", "plus", "plus_10"]:
    figures.grids(
        [
            (name.replace("_", " "), KERNELS[name]),
            ("feature map", conv2d(picture, KERNELS[name]).astype(int)),
        ],
        operators=("->",),
    )

# %% [markdown]
# Look at the anti-diagonal one: it answers 45, three times 15, exactly where three ones lie on a
# diagonal from lower left to upper right. **Each kernel catches one type of pattern**, and its
# *feature map* (or *response map*) says where. Other patterns worth catching are curves, circles,
# sharp edges and straight lines; and one needs many kernels, one for each. And `plus 10` finds
# nothing that `plus` does not find: all its answers are ten times as large.

# %%
assert np.array_equal(conv2d(picture, KERNELS["plus_10"]), 10 * conv2d(picture, KERNELS["plus"]))
print("plus 10 = 10 times plus, in every cell")

# %% [markdown]
# ### Find the slip
#
# Deck 002, *Blur*, prints the smoothing kernel as nine ones, and deck 003, *Kernel Matrix
# examples*, adds a "Gaussian" one with the weights 0 1 0 / 1 4 1 / 0 1 0. Both are called smoothing
# kernels. Test them on the flat sky of 100. What is missing?

# %%
for name in ["ones", "gauss_weighted"]:
    total = KERNELS[name].sum()
    answer = conv2d(flat, KERNELS[name])[1, 1]
    repaired = conv2d(flat, KERNELS[name] / total)[1, 1]
    print(
        f"{name:15} sum {total:.0f}  sky becomes {answer:.0f}  divided by the sum: {repaired:.0f}"
    )
    assert np.isclose(repaired, 100)

# %% [markdown]
# The **divisor** is missing. As printed, the two kernels turn 100 into 900 and 800: white, and
# nothing else. Right are $\frac19$ and $\frac18$ of them, and then the sky stays at 100. Deck 001,
# *The Convolution Operation - 2D*, writes the $\frac19$. It is lesson 02's mistake again: a
# weighted sum is not yet a weighted average.
#
# Two smaller remarks. Deck 002 draws its edge kernels in a frame of 5 by 5 cells whose outer ring
# is empty: read the empty cells as zeros, they are 3 by 3 kernels. And deck 001 calls
# $\begin{smallmatrix}0&1\\-1&0\end{smallmatrix}$ the Roberts kernel $S_x$ and
# $\begin{smallmatrix}1&0\\0&-1\end{smallmatrix}$ $S_y$; most textbooks name them the other way
# round. Both measure differences along a diagonal, so "x" and "y" mean little here.

# %% [markdown]
# ## From scratch
#
# To filter a photograph we need four things that a plain `conv2d` does not do. The first: the
# result should have the **same size**. At the border a pixel lacks neighbours, so we **repeat the
# border pixels** outwards. In loops, for a 3 by 3 kernel:


# %%
def same_size_loops(image, kernel):
    height, width = image.shape
    result = np.zeros((height, width))
    for r in range(height):
        for c in range(width):
            for a in range(3):
                for b in range(3):
                    row = min(max(r + a - 1, 0), height - 1)  # outside? take the border's row
                    column = min(max(c + b - 1, 0), width - 1)
                    result[r, c] += image[row, column] * kernel[a, b]
    return result


# %% [markdown]
# The same without loops: `np.pad` writes the repeated border, and then the valid part has just the
# right size.

# %%
piece = temple[100:120, 100:130].astype(int)
padded = np.pad(piece, 1, mode="edge")
figures.grids([("a corner", piece[:3, :3]), ("padded", padded[:4, :4])], operators=("->",))
same_size = conv2d_vectorized(padded, KERNELS["sharpen"])
assert np.array_equal(same_size, same_size_loops(piece, KERNELS["sharpen"]))
print("loops and padding agree on", piece.size, "pixels")

# %% [markdown]
# The other two: results must be **rounded** to whole numbers, and **clipped** to 0 to 255, since
# there is nothing darker than black or brighter than white. What happens without clipping? A
# `uint8` runs over, like a mileage counter: 260 becomes 4, and -3 becomes 253.

# %%
sums = conv2d_vectorized(temple.astype(int), KERNELS["sharpen"])
figures.images(
    [
        ("clipped", np.clip(sums, 0, 255).astype("uint8")),
        ("run over", sums.astype(int).astype("uint8")),
    ],
    alt="Left: a crisp temple. Right: the same, with its dark roofs dissolved into grey noise and "
    "dark specks in the bright sky.",
)
print("pixels below 0 before clipping:  ", int((sums < 0).sum()))
print("pixels above 255 before clipping:", int((sums > 255).sum()))

# %% [markdown]
# ### The gallery: blur and sharpen
#
# **Blur** takes the average of the neighbours. A **Gaussian** blur trusts near neighbours more than
# far ones. **Sharpen** does the opposite of blur: it takes five times the pixel and subtracts its
# four neighbours, so every difference from the neighbours is exaggerated. (Deck 003's *intensified*
# version takes nine times the pixel and subtracts all eight.)

# %%
roof = temple[95:175, 150:260]
blurs = ["box", "gaussian", "box_5x5", "sharpen", "sharpen_strong"]
figures.grids(
    [("9 x box", 9 * KERNELS["box"]), ("16 x gaussian", 16 * KERNELS["gaussian"])]
    + [(name, KERNELS[name]) for name in blurs[3:]],
    operators=(" ", " ", " "),
    signed=True,
)
figures.images(
    [("a part of the roof", roof)] + [(name, filter_image(roof, KERNELS[name])) for name in blurs],
    columns=3,
    alt="A part of the temple's roof, enlarged: blurred by box and gaussian, blurred more by the "
    "5 by 5 box, sharpened, and sharpened so strongly that it looks grainy.",
)
for name in blurs:
    print(f"{name:15} sum of the weights {KERNELS[name].sum():.0f}")

# %% [markdown]
# ### The gallery: edges and lines
#
# An **edge** is a place where brightness changes. The simplest edge kernel is a difference of two
# neighbours: deck 002's *edge enhance*, $-1\ 1$. **Prewitt** takes the difference of whole columns,
# or of whole rows, and **Sobel** lets the middle count double. The **Laplacian** and the kernel
# with -8 in its middle compare a pixel with all its neighbours at once, so they answer to edges in
# every direction. **Roberts** takes differences along the diagonals.
#
# Here they are as numbers, and below what they make of the temple. Their answers can be negative:
# in these pictures zero is white, positive answers have one colour, negative ones the other. Each
# map is scaled by itself, for some kernels answer much more loudly than others.

# %%
edges = ["edge_enhance", "prewitt_x", "prewitt_y", "sobel_x", "sobel_y", "laplacian", "edge_8"]
edges = [*edges, "roberts_x", "roberts_y"]
for row in (edges[:3], edges[3:6], edges[6:]):
    figures.grids([(name, KERNELS[name]) for name in row], operators=(" ", " "), signed=True)

# %%
half = temple[::2, ::2].astype(int)
answers = [(name, conv2d_vectorized(half, KERNELS[name])) for name in edges]
figures.images(
    [(name, answer / np.percentile(np.abs(answer), 99)) for name, answer in answers],
    columns=3,
    signed=True,
    alt="Nine edge maps of the temple. The x kernels mark its columns and other upright edges, "
    "the y kernels mark its roofs and steps, the Laplacian and edge 8 outline everything, and "
    "Roberts and edge enhance draw thin lines.",
)
for name in edges:
    assert KERNELS[name].sum() == 0
print("the weights of every edge kernel add up to 0")

# %% [markdown]
# Deck 002 filters a photograph with $\begin{smallmatrix}1&0&-1\\2&0&-2\\1&0&-1\end{smallmatrix}$,
# the **left Sobel**: left minus right. It is deck 001's Sobel $S_x$ with every sign changed, so it
# gives the same edges with the other sign. And deck 004 lists four **line filters**, in which
# "bright is white": each likes a bright line with darkness on one side.

# %%
assert np.array_equal(KERNELS["sobel_left"], -KERNELS["sobel_x"])
figures.grids(
    [(f"line {k}", KERNELS[f"line_{k}"]) for k in (1, 2, 3, 4)],
    operators=(" ", " ", " "),
    signed=True,
)
bar = np.zeros((7, 7), dtype=int)
bar[3, :] = 1  # a bright horizontal line
upright = bar.T
for name in ["line_1", "line_2", "line_3", "line_4"]:
    on_bar = int(conv2d(bar, KERNELS[name]).max())
    on_upright = int(conv2d(upright, KERNELS[name]).max())
    print(f"{name}: best answer on a horizontal line {on_bar}, on an upright line {on_upright}")

# %% [markdown]
# Lines 1 and 3 answer to horizontal lines, lines 2 and 4 to upright ones. An upright line makes the
# first and third answer 0 everywhere: it crosses the row of ones and the row of minus ones alike.

# %% [markdown]
# ### How strong is the edge, whatever its direction?
#
# $S_x$ measures the change to the right, $S_y$ the change upwards. Together they are the two sides
# of a right triangle, and Pythagoras gives the length of the third:
#
# $$\text{strength} = \sqrt{g_x^2 + g_y^2}$$
#
# (The pair of changes $g_x, g_y$ is called the *gradient* of the picture, and this length the
# *gradient magnitude*.)

# %%
g_x = conv2d_vectorized(temple.astype(int), KERNELS["sobel_x"])
g_y = conv2d_vectorized(temple.astype(int), KERNELS["sobel_y"])
strength = np.sqrt(g_x**2 + g_y**2)
figures.images(
    [("photograph", temple), ("strength of the edges", np.clip(strength, 0, 255).astype("uint8"))],
    alt="The temple, and a drawing-like picture of it: bright lines on black wherever there is an "
    "edge.",
)
print("a patch with g_x = 3 and g_y = 4 has strength", np.sqrt(3**2 + 4**2))

# %% [markdown]
# ## In the framework
#
# PyTorch and Keras do the same: they do not turn the kernel, they leave out the border unless told
# otherwise, and they neither round nor clip. `scipy.ndimage` speaks of `correlate` and, with the
# turn, `convolve`.

# %%
import os

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras
import scipy.ndimage
import torch

kernel = KERNELS["sobel_y"]
image = piece.astype("float64")
ours = conv2d(image, kernel)
by_torch = torch.nn.functional.conv2d(
    torch.tensor(image)[None, None], torch.tensor(kernel)[None, None]
)[0, 0].numpy()
by_keras = keras.ops.convert_to_numpy(
    keras.ops.conv(image[None, :, :, None], kernel[:, :, None, None], padding="valid")
)[0, :, :, 0]
by_scipy = scipy.ndimage.correlate(image, kernel, mode="nearest")[1:-1, 1:-1]
turned = scipy.ndimage.convolve(image, kernel, mode="nearest")[1:-1, 1:-1]

for name, theirs in [("torch", by_torch), ("keras", by_keras), ("scipy correlate", by_scipy)]:
    assert np.abs(theirs - ours).max() < 1e-9
    print(f"{name:16} equals ours to 9 decimals")
assert np.abs(turned + ours).max() < 1e-9
print("scipy convolve   equals ours with the opposite sign: it turns the kernel")

# %% [markdown]
# The last line is worth a thought. Turn Sobel by half a turn and you get Sobel with all signs
# changed. So if your edges come out with the wrong sign, look whether your library turns the
# kernel.

# %% [markdown]
# ### Can a kernel be learned?
#
# So far people have chosen the nine numbers. Now the turn of the computer. We give it a noisy
# picture and the **answer** that Sobel gave to it, and do **not** tell it the kernel. It starts
# with nine zeros and improves them by a simple game:
#
# 1. Filter with the current nine numbers. How far off is the result, on average? (Square the
#    differences, so that plus and minus cannot cancel.) Call this the **error**.
# 2. Make *one* of the nine numbers a tiny bit larger. Does the error grow or shrink, and how fast?
#    Put the number back. Do this for all nine.
# 3. Change all nine at once, each a small step in the direction that shrinks the error.
# 4. Again.
#
# This game is called **gradient descent**; the nine "how fast does it grow" are the **gradient** of
# the error (the same word as above: how fast something changes, and in which direction). Every
# network in this course learns by it.

# %%
rng = np.random.default_rng(0)
noise = rng.choice([-1.0, 1.0], size=(14, 14))
wanted = conv2d_vectorized(noise, KERNELS["sobel_x"])  # the answer; the kernel stays secret


def error_of(kernel):
    return ((conv2d_vectorized(noise, kernel) - wanted) ** 2).mean()


learned = np.zeros((3, 3))
errors = [error_of(learned)]
for step in range(60):
    gradient = np.zeros((3, 3))
    for r in range(3):
        for c in range(3):
            nudged = learned.copy()
            nudged[r, c] += 0.001  # "a tiny bit"
            gradient[r, c] = (error_of(nudged) - error_of(learned)) / 0.001
    learned = learned - 0.2 * gradient  # 0.2 is the step size, called the learning rate
    errors.append(error_of(learned))

figures.signal(
    [("error", errors)],
    xlabel="steps",
    ylabel="error",
    alt="The error falls steeply at first and then settles close to zero.",
)

# %% tags=["banded"]
recovered = np.abs(learned - KERNELS["sobel_x"]).max()
print("every weight within a tenth of Sobel's:", "yes" if recovered < 0.1 else "no")
assert recovered < 0.1

# %%
figures.grids(
    [("learned, rounded", np.round(learned) + 0.0), ("Sobel, never shown", KERNELS["sobel_x"])],
    operators=("=",),
)

# %% [markdown]
# Nine zeros have become a Sobel kernel, from one picture and its answer. PyTorch computes the
# gradient in one go, without nudging, and then the game is five lines long:

# %%
weights = torch.zeros(1, 1, 3, 3, requires_grad=True)  # "keep an eye on how these matter"
inputs = torch.tensor(noise, dtype=torch.float32)[None, None]
target = torch.tensor(wanted, dtype=torch.float32)[None, None]
for step in range(60):
    error = ((torch.nn.functional.conv2d(inputs, weights) - target) ** 2).mean()
    error.backward()  # the gradient of all nine weights at once
    with torch.no_grad():  # the step itself need not be watched
        weights -= 0.2 * weights.grad
        weights.grad.zero_()  # forget this gradient before the next

assert np.abs(weights.detach().numpy()[0, 0] - learned).max() < 0.01
print("PyTorch's nine weights and ours agree to two decimals")

# %% [markdown]
# ## Play
#
# 1. Choose the preset kernels one after the other. Look at the inside of the bright square: which
#    kernels answer 0 there, which 9, and which something else?
# 2. Make a kernel whose answer is **positive** only at the lower edge of the square. What does it
#    say at the upper edge? Can you get rid of that?
# 3. Make a kernel that moves the picture one pixel to the left. How many of its weights are not
#    zero?

# %%
from coursekit.widgets import ConvolutionExplorer

square = np.zeros((8, 8), dtype=int)
square[2:6, 2:6] = 9
ConvolutionExplorer(input=square, kernel=KERNELS["sobel_y"])

# %% [markdown]
# ## A mistake people make
#
# > *"$S_x$ finds horizontal edges. x is horizontal, after all."*
#
# $S_x$ measures how brightness **changes along x**, from left to right. Along a horizontal edge
# nothing changes from left to right: $S_x$ cannot see it. It finds *vertical* edges. The patch of
# deck 004 is bright above and dark below: its edge is horizontal. Who answers?

# %%
answer_x = int((patch * KERNELS["sobel_x"]).sum())
answer_y = int((patch * KERNELS["sobel_y"]).sum())
print("S_x answers", answer_x)
print("S_y answers", answer_y)
assert abs(answer_y) > 50 * abs(answer_x)

# %% [markdown]
# Deck 001's pictures are captioned "horizontal" and "vertical" without saying which kernel made
# them, so the mix-up is easily made. Mind the sign, too: in this course, as in deck 001, $S_x$ is
# positive where it gets brighter to the right, and $S_y$ where it is brighter *above*. With the
# kernel turned, both change sign:

# %%
turned_patch_x = int((patch * KERNELS["sobel_x"][::-1, ::-1]).sum())
turned_patch_y = int((patch * KERNELS["sobel_y"][::-1, ::-1]).sum())
print("turned by half a turn: S_x answers", turned_patch_x, "and S_y answers", turned_patch_y)

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/04_kernels.ipynb) you write `normalize`, `filter_image` and
# `gradient_magnitude`, and turn a photograph into a drawing.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "04-q1",
    "A kernel's weights add up to 0. What does it make of a flat grey area?",
    [
        ("It stays as it is.", False, "That needs a sum of 1."),
        ("It becomes 0.", True, "Yes: the same grey times a sum of 0. Only changes survive."),
        ("It becomes white.", False, "That happens when the sum is much larger than 1."),
        (
            "That depends on where the zeros stand.",
            False,
            "On a flat area all pixels are equal, so the places of the weights do not matter, "
            "only their sum.",
        ),
    ],
)

# %%
quiz(
    "04-q2",
    "You see a picture of a fence with upright posts. Which kernel answers most strongly to the "
    "posts?",
    [
        (
            "Sobel x: -1 0 1 / -2 0 2 / -1 0 1",
            True,
            "Yes. At the edge of a post brightness changes from left to right.",
        ),
        (
            "Sobel y: 1 2 1 / 0 0 0 / -1 -2 -1",
            False,
            "From top to bottom nothing changes along a post.",
        ),
        ("the box blur", False, "It averages, so it makes the posts weaker."),
    ],
)

# %%
quiz(
    "04-q3",
    "Why is sharpening an already noisy photograph a bad idea?",
    [
        (
            "Because sharpening makes it darker.",
            False,
            "Its weights add up to 1, so brightness stays the same on average.",
        ),
        (
            "Because it exaggerates every difference from the neighbours, and noise is just that.",
            True,
            "Yes. A kernel cannot know which differences you care about. Remove the noise first, "
            "and accept losing fine detail.",
        ),
        (
            "Because the kernel is too small.",
            False,
            "A larger kernel would exaggerate the noise as well.",
        ),
    ],
)

# %%
quiz(
    "04-q4",
    "In the learning game, what would happen if the picture were flat, all pixels equal?",
    [
        (
            "It would learn Sobel faster.",
            False,
            "On a flat picture Sobel's answer is 0 everywhere, like that of many other kernels.",
        ),
        (
            "It could not learn Sobel: nine zeros already give the right answer.",
            True,
            "Yes. One learns only from examples in which there is something to see.",
        ),
        ("It would learn a blur.", False, "A blur makes 100 of 100, but the wanted answer is 0."),
    ],
)

# %%
quiz(
    "04-q5",
    "The kernel 0 0 0 / 0 2 0 / 0 0 0: what does it do?",
    [
        (
            "It sharpens.",
            False,
            "It never looks at the neighbours, so it cannot exaggerate differences from them.",
        ),
        (
            "It makes the picture twice as bright.",
            True,
            "Yes: its sum is 2, and only the pixel itself counts.",
        ),
        ("It blurs.", False, "Blurring mixes neighbours. Here their weights are 0."),
        (
            "It finds bright spots.",
            False,
            "A spot detector has a sum of 0, so that flat areas give 0.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. The sum of the weights tells what happens to flat areas: 1 keeps them, 0 makes them 0.
# 2. Equal or bell-shaped positive weights blur; a large middle and negative neighbours sharpen.
# 3. Differences find edges. $S_x$ finds vertical edges, $S_y$ horizontal ones.
# 4. Filtering a photograph also means: repeat the border, round, clip.
# 5. A kernel can be learned from examples by gradient descent. That is what a convolutional network
#    does, with many kernels at once.

# %% [markdown]
# ## Words
#
# - **Blur**, **smoothing**: replacing a pixel by an average of its neighbourhood.
# - **Edge**: a place where brightness changes quickly.
# - **Prewitt**, **Sobel**: differences of whole columns or rows, in Sobel's with double weight in
#   the middle. **Roberts**: differences along diagonals. **Laplacian**: a pixel against all its
#   neighbours.
# - **Gradient magnitude**: how strong an edge is, whatever its direction.
# - **Clipping**: setting what is below 0 to 0 and what is above 255 to 255.
# - **Feature map**, **response map**: what a kernel answers, in every place.
# - **Gradient descent**: changing numbers step by step in the direction that shrinks the error.

# %% [markdown]
# ## Further reading
#
# - J. M. S. Prewitt, *Object enhancement and extraction*, in Picture Processing and
#   Psychopictorics, Academic Press, 1970.
# - I. Sobel and G. Feldman, *A 3x3 isotropic gradient operator for image processing*, talk at the
#   Stanford Artificial Intelligence Project, 1968.
# - J. Canny, *A computational approach to edge detection*, IEEE Transactions on Pattern Analysis
#   and Machine Intelligence, 1986.
# - A. Krizhevsky, I. Sutskever and G. Hinton, *ImageNet classification with deep convolutional
#   neural networks*, NeurIPS, 2012: Figure 3 shows learned kernels, and many look like edge
#   detectors.
#
# Kernels and examples come from decks 001 to 004, which quote setosa.io/ev/image-kernels. The
# photographs come with scikit-learn. **Next:** 05 Padding and stride.
