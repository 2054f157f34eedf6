# ---
# jupyter:
#   coursekit:
#     lesson: "04"
#     title: Kernels
#     topics: [T043, T044, T045, T046, T097, T098, T118, T119, T121, T122, T137, T138]
#     minutes: 60
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
# - say which kernel finds which edges,
# - let the computer find a kernel by itself, from one example.
#
# **Time:** about 60 minutes. **Before this:** [03 Convolution in two
# dimensions](03_convolution_2d.ipynb). As there, and as in PyTorch and Keras, kernels are **not**
# turned in this lesson unless we say so.

# %% [markdown]
# ## See it: one photograph, four small grids of numbers
#
# Here is a photograph and what becomes of it when four different kernels slide over it. (Answers
# below 0 are shown as black, above 255 as white.) Image editors on your phone do the same when you
# tap "sharpen".

# %% tags=["fold"]
import numpy as np
from sklearn.datasets import load_sample_image

from coursekit import figures, predict, quiz, reveal
from coursekit.scratch import KERNELS, conv2d, filter_image, gradient_magnitude

temple = load_sample_image("china.jpg").mean(axis=2).astype("uint8")[40:360, 60:500]
figures.images(
    [
        ("original", temple),
        ("A", filter_image(temple, KERNELS["box_5x5"])),
        ("B", filter_image(temple, KERNELS["sharpen"])),
        ("C", filter_image(temple, KERNELS["edge_8"])),
        ("D", filter_image(temple, KERNELS["sobel_y"])),
    ],
    columns=3,
    alt="A grey photograph of a Chinese temple and four filtered versions: A is blurred, B is "
    "crisper, C is black with thin bright outlines, D is black with broad bright bands.",
)

# %% tags=["fold"]
figures.grids(
    [
        ("1", KERNELS["edge_8"]),
        ("2 (times 1/25)", 25 * KERNELS["box_5x5"]),
        ("3", KERNELS["sobel_y"]),
        ("4", KERNELS["sharpen"]),
    ],
    operators=(" ", " ", " "),
    signed=True,
)

# %% [markdown]
# These are the four kernels, in another order. Which made which picture? Guess now; by the end of
# this lesson you will read it off the numbers.
#
# <details>
# <summary>Answer (best opened at the end of the lesson)</summary>
#
# A is 2 (all weights equal: an average), B is 4 (sum 1, a large middle), C is 1 (sum 0, the pixel
# against all its neighbours), D is 3 (sum 0, the row above against the row below).
#
# </details>

# %% [markdown]
# ## Predict
#
# A piece of clear blue sky is **flat**: all its pixels have the same value, say 100. Here are three
# kernels:

# %% tags=["fold"]
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
# - A positive sum other than 1: flat areas get brighter or darker by that factor. A negative sum:
#   they go below 0, which is shown as black.

# %% [markdown]
# ## By hand
#
# ### A real patch
#
# Here are nine pixels of a real photograph, and a kernel called *top Sobel*. Take a pencil: the
# middle row of the kernel is zero, so only six products are left. What is their sum?

# %%
patch = np.array([[180, 187, 186], [125, 108, 121], [126, 98, 123]])
top_sobel = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])
figures.grids([("patch", patch), ("top Sobel", top_sobel)], operators=("x",))

# %% tags=["paper", "fold"]
top = 1 * 180 + 2 * 187 + 1 * 186
bottom = 1 * 126 + 2 * 98 + 1 * 123
print("top row, weighted:   ", top)
print("bottom row, weighted:", bottom)
print("difference:          ", top - bottom)
assert top - bottom == (patch * top_sobel).sum() == 295

# %% [markdown]
# So this kernel computes *top minus bottom*, with the middle counting double. 295 is a strong
# answer: it is bright above and dark below.
#
# ### Counting on a picture of zeros and ones
#
# A kernel of nine ones on a picture of zeros and ones counts the ones in each 3 by 3 patch. The
# first row of the map has five numbers, and begins with 6 and 5. Write them down, all five, before
# you run the second cell.

# %% tags=["fold"]
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
# Such a kernel only counts. Put the ones in one place, and **direction** begins to matter. Here are
# one with its ones in the lower right corner, and one with 15 along a diagonal:

# %%
for name in ["lower_right_ones", "anti_diagonal_15"]:
    answer = conv2d(picture, KERNELS[name]).astype(int)
    figures.grids(
        [(name.replace("_", " "), KERNELS[name]), ("feature map", answer)], operators=("->",)
    )
patch_of_ones = np.ones((3, 3), dtype=int)
print("the diagonal kernel on a patch of nine ones:", (patch_of_ones * KERNELS[name]).sum())

# %% [markdown]
# The second answers 45, three times 15, where three ones lie on a diagonal from lower left to upper
# right. So **each kernel prefers one type of pattern**, and one needs many kernels. But a patch
# full of ones scores 45 as well: without negative weights a kernel cannot tell its pattern from
# brightness, as you saw in lesson 03.

# %% [markdown]
# ### Find the slip
#
# Deck 002, *Blur*, prints this kernel, and deck 003, *Kernel Matrix examples*, prints K3 from above
# as "Gaussian". What would the first one, as it is printed, make of the photograph of the temple?

# %% tags=["fold"]
figures.grids([("blur, as printed", KERNELS["ones"])], operators=())

# %%
predict(
    "04-blur",
    "The kernel as printed, on the photograph, shown in 0 to 255: what do you see?",
    options=[
        "the temple, blurred",
        "the temple, blurred and darker",
        "white, but for the darkest parts",
        "white everywhere",
    ],
)

# %% tags=["reveal"]
printed, divided = filter_image(temple, KERNELS["ones"]), filter_image(temple, KERNELS["box"])
white = (printed == 255).mean()
assert 0.8 < white < 0.99
reveal(
    "04-blur",
    "white, but for the darkest parts",
    because=f"Nine pixels are added up, so a flat sky of 100 becomes "
    f"{conv2d(flat, KERNELS['ones'])[1, 1]:.0f}, and of the photograph {100 * white:.0f} percent "
    "is white. Only where nine pixels add up to less than 255 is anything left to see.",
)
figures.images(
    [("as printed", printed), ("divided by 9", divided)],
    alt="Left, the photograph filtered by nine ones: almost all white, with the darkest parts of "
    "the temple as grey specks. Right, the same kernel divided by 9: the temple, slightly blurred.",
)
for name in ["ones", "gauss_weighted"]:
    total = KERNELS[name].sum()
    by_sum = conv2d(flat, KERNELS[name] / total)[1, 1]
    print(f"{name}: the weights add up to {total:.0f}; divided by that, 100 becomes {by_sum:.0f}")
    assert np.isclose(by_sum, 100)

# %% [markdown]
# The **divisor** is missing on both slides: 1/9 and 1/8. It is lesson 02's mistake again: a
# weighted sum is not yet a weighted average.

# %% [markdown]
# ## From scratch
#
# To filter a photograph we need four things that a plain `conv2d` does not do. You will put them
# together in the exercise; here is each one by itself.
#
# **Same size, and a border.** The result should be as large as the picture. But the kernel's middle
# cannot lie on a border pixel without hanging over the edge. So the border pixels are *repeated*
# outwards first, which `np.pad` does:

# %%
corner = temple[100:103, 100:103].astype(int)
padded = np.pad(corner, 1, mode="edge")
figures.grids([("a corner", corner), ("its border repeated", padded)], operators=("->",))
window = padded[0:3, 0:3]  # what the kernel sees when its middle lies on the corner pixel
print("sharpen, at the corner pixel:", int((window * KERNELS["sharpen"]).sum()))

# %% [markdown]
# **Rounding and clipping.** A picture holds whole numbers from 0 to 255. So answers are rounded,
# and `np.clip` sets what is below 0 to 0, and what is above 255 to 255. Without it a `uint8` runs
# over, like a mileage counter:

# %%
answers = np.array([-3.0, 41.6, 255.0, 260.0])
print("rounded and clipped:", np.clip(answers.round(), 0, 255).astype("uint8"))
print("run over:           ", answers.round().astype("int64").astype("uint8"))

# %% [markdown]
# ### The gallery: blur and sharpen
#
# **Blur**, or smoothing, takes the average of the neighbours. A **Gaussian** blur trusts near
# neighbours more than far ones. **Sharpen** does the opposite of blur: it takes five times the
# pixel and subtracts its four neighbours, so every difference from the neighbours is exaggerated.
# The strong version takes nine times the pixel and subtracts all eight.

# %% tags=["fold"]
roof = temple[95:175, 150:260]
names = ["box", "gaussian", "box_5x5", "sharpen", "sharpen_strong"]
shown = [
    ("box (times 1/9)", 9 * KERNELS["box"]),
    ("gaussian (times 1/16)", 16 * KERNELS["gaussian"]),
    ("sharpen", KERNELS["sharpen"]),
    ("sharpen strong", KERNELS["sharpen_strong"]),
]
figures.grids(shown, operators=("  ", "  ", "  "), signed=True)
figures.images(
    [("a part of the roof", roof)] + [(name, filter_image(roof, KERNELS[name])) for name in names],
    columns=3,
    alt="A part of the temple's roof, enlarged: blurred by box and gaussian, blurred more by the "
    "5 by 5 box, sharpened, and sharpened so strongly that it looks grainy.",
)
assert np.allclose([KERNELS[name].sum() for name in names], 1)
print("the weights of each add up to 1")

# %% [markdown]
# ### The gallery: edges
#
# An **edge** is a place where brightness changes. The simplest edge kernel is a difference of two
# neighbours, $-1\ 1$. **Prewitt** takes the difference of whole columns, or of whole rows, and
# **Sobel** lets the middle count double. There are two of each. One is called $S_x$:

# %% tags=["fold"]
figures.grids(
    [("Prewitt x", KERNELS["prewitt_x"]), ("Sobel x", KERNELS["sobel_x"])],
    operators=(" ",),
    signed=True,
)

# %%
predict(
    "04-ladder",
    "A photograph of a wooden ladder: two upright poles, many level rungs. What does Sobel x "
    "answer to?",
    options=[
        "to the rungs: x is the horizontal direction",
        "to the poles",
        "to both alike: an edge is an edge",
        "to neither: its weights add up to 0",
    ],
)

# %% tags=["reveal"]
ladder = np.zeros((9, 9), dtype=int)
ladder[:, [2, 6]] = 9  # poles
ladder[[2, 6], 2:7] = 9  # rungs
on_ladder = conv2d(ladder, KERNELS["sobel_x"])
reveal(
    "04-ladder",
    "to the poles",
    because="It takes right minus left, so it answers where brightness changes from left to right, "
    "at both sides of a pole. Along a rung nothing changes from left to right.",
)
figures.grids([("ladder", ladder), ("Sobel x", on_ladder)], operators=("->",))

# %% [markdown]
# **$S_x$ finds vertical edges, and $S_y$ (our *top Sobel*) horizontal ones.** The **Laplacian**
# compares a pixel with its four neighbours, and the kernel with -8 in its middle with all eight, so
# they answer to edges in every direction. **Roberts** takes differences along the diagonals. In
# these maps of the temple zero is white, positive answers are orange, negative ones blue. Each is
# scaled by itself, for some kernels answer much more loudly than others.

# %% tags=["fold"]
edges = ["prewitt_x", "sobel_x", "sobel_y", "laplacian", "edge_8", "roberts_x"]
others = ["prewitt_y", "laplacian", "edge_8", "roberts_x", "roberts_y"]
figures.grids(
    [(name, KERNELS[name]) for name in others], operators=(" ", " ", " ", " "), signed=True
)
# a smaller temple: each pixel the mean of 2 by 2, so that fine stripes do not flicker
small = temple.reshape(160, 2, 220, 2).mean(axis=(1, 3))
maps = [(name, conv2d(small, KERNELS[name])) for name in edges]
figures.images(
    [(name, answer / np.percentile(np.abs(answer), 99)) for name, answer in maps],
    columns=3,
    signed=True,
    alt="Six edge maps of the temple. The x kernels mark its columns and other upright edges, "
    "the y kernel marks its roofs and steps, the Laplacian and edge 8 outline everything, and "
    "Roberts draws thin lines.",
)
assert all(KERNELS[name].sum() == 0 for name in edges)
print("the weights of every edge kernel add up to 0")

# %% [markdown]
# How strong is an edge, whatever its direction? $S_x$ measures the change along x, $S_y$ the change
# along y. They are the two sides of a right triangle, and Pythagoras gives the third:
# $\sqrt{g_x^2 + g_y^2}$. The pair of changes is called the **gradient** of the picture, and this
# length the **gradient magnitude**. For your patch of nine pixels:

# %%
g_x, g_y = (patch * KERNELS["sobel_x"]).sum(), (patch * KERNELS["sobel_y"]).sum()
print("g_x =", int(g_x), " g_y =", int(g_y), " strength:", round(np.hypot(g_x, g_y), 1))
strength = gradient_magnitude(temple)
figures.images(
    [("photograph", temple), ("strength of the edges", np.clip(strength, 0, 255).astype("uint8"))],
    alt="The temple, and a drawing-like picture of it: bright lines on black wherever there is an "
    "edge.",
)

# %% [markdown]
# ### Optional: four line filters
#
# Four kernels for bright lines: a row or a column of 1, with a row or column of -1 on one side.

# %%
figures.grids(
    [(f"line {k}", KERNELS[f"line_{k}"]) for k in (1, 2, 3, 4)],
    operators=(" ", " ", " "),
    signed=True,
)
line, step = np.zeros((7, 7), dtype=int), np.zeros((7, 7), dtype=int)
line[3, :] = 1  # a bright level line
step[4:, :] = 1  # dark above, bright below
for k in (1, 2, 3, 4):
    best = [int(conv2d(p, KERNELS[f"line_{k}"]).max()) for p in (line, line.T, step)]
    print(f"line {k}: level line {best[0]}, upright line {best[1]}, bright below {best[2]}")

# %% [markdown]
# Lines 1 and 3 answer to level lines, lines 2 and 4 to upright ones. On a line, 1 and 3 tie at 3. A
# step from dark to bright separates them: 1 wants darkness *above* the line, 3 wants it *below*.

# %% [markdown]
# ## In the framework
#
# PyTorch and Keras do the same: they do not turn the kernel, they leave out the border unless told
# otherwise, and they neither round nor clip. `scipy.ndimage` speaks of `correlate` and, with the
# turn, `convolve`.

# %%
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import scipy.ndimage
import torch

kernel = KERNELS["sobel_y"]
image = roof.astype("float64")
ours = conv2d(image, kernel)
by_torch = torch.nn.functional.conv2d(
    torch.tensor(image)[None, None], torch.tensor(kernel)[None, None]
)[0, 0].numpy()
by_keras = keras.ops.conv(image[None, :, :, None], kernel[:, :, None, None], padding="valid")
by_keras = by_keras[0, :, :, 0].numpy()
by_scipy = scipy.ndimage.correlate(image, kernel, mode="nearest")[1:-1, 1:-1]
turned = scipy.ndimage.convolve(image, kernel, mode="nearest")[1:-1, 1:-1]

for name, theirs in [("torch", by_torch), ("keras", by_keras), ("scipy correlate", by_scipy)]:
    assert np.abs(theirs - ours).max() < 1e-9
    print(f"{name:16} equals ours to 9 decimals")
assert np.abs(turned + ours).max() < 1e-9
print("scipy convolve   equals ours with the opposite sign: it turns the kernel")

# %% [markdown]
# The last line is worth a thought. Turn Sobel by half a turn and you get Sobel with all signs
# changed. So if your edges come out with the wrong sign, check whether your library turns the
# kernel.

# %% [markdown]
# ### Can a kernel be learned?
#
# So far people have chosen the nine numbers. Now it is the computer's turn. We give it a picture
# of pure noise and the **answer** that Sobel gave to it, and do **not** tell it the kernel. It
# starts with nine zeros and improves them by a simple game:
#
# 1. Filter with the current nine numbers. How far off is the result, on average? (Square the
#    differences, so that plus and minus cannot cancel.) Call this the **error**.
# 2. Make *one* of the nine numbers a tiny bit larger. Does the error grow or shrink, and how fast?
#    Put the number back. Do this for all nine.
# 3. Change all nine at once, each a step in the direction that shrinks the error: the "how fast"
#    times a number called the **learning rate**.
# 4. Again.
#
# This game is called **gradient descent**; the nine "how fast does it grow" are the gradient of the
# error (the same word as above: how fast something changes, and in which direction). Every network
# in this course learns by it.

# %%
rng = np.random.default_rng(0)
noise = rng.choice([-1.0, 1.0], size=(14, 14))
wanted = conv2d(noise, KERNELS["sobel_x"])  # the answer; the kernel stays secret
figures.grids(
    [("a part of the noise", noise[:6, :6]), ("of the answer", wanted[:6, :6])], operators=(" ",)
)


def error_of(kernel):
    return ((conv2d(noise, kernel) - wanted) ** 2).mean()


def learn(rate, steps=12):
    learned = np.zeros((3, 3))
    errors = [error_of(learned)]
    for _ in range(steps):
        gradient = np.zeros((3, 3))
        for r in range(3):
            for c in range(3):
                nudged = learned.copy()
                nudged[r, c] += 0.001  # "a tiny bit"
                gradient[r, c] = (error_of(nudged) - errors[-1]) / 0.001
        learned = learned - rate * gradient
        errors.append(error_of(learned))
    return learned, errors


# %%
predict(
    "04-rate",
    "With a learning rate of 0.2 the error falls to nearly 0 in 12 steps. What happens with 1.0, "
    "five times as much?",
    options=[
        "It falls faster, and is nearly 0 after two or three steps.",
        "It falls at first, then swings up and down around a small value.",
        "It grows with each step.",
        "It falls just as fast, since the best kernel is the same.",
    ],
)

# %% tags=["reveal"]
learned, errors = learn(0.2)
_, too_fast = learn(1.0)
_, at_08 = learn(0.8)
assert errors[-1] < 0.01 and (np.diff(too_fast) > 0).all()
assert at_08[1] < at_08[0] and (np.diff(at_08[1:]) > 0).all()
reveal(
    "04-rate",
    "It grows with each step.",
    because=f"From {too_fast[0]:.1f} at the start it is at {too_fast[1]:.1f} after one step and at "
    f"{too_fast[2]:.0f} after two. Each step jumps over the best place and lands further away on "
    "the other side, where the slope is steeper, so the next jump is larger still. The picture "
    "shows 0.8, so that it fits in: there the error falls a little in the first step, and grows "
    "in all the later ones.",
)
figures.signal(
    [("rate 0.02", learn(0.02)[1]), ("rate 0.2", errors), ("rate 0.8", at_08)],
    xlabel="steps",
    ylabel="error",
    alt="Three curves from the same start. With rate 0.02 the error falls slowly. With 0.2 it is "
    "near zero after five steps. With 0.8 it dips a little, then climbs more and more steeply.",
)
figures.grids(
    [("learned, rounded", np.round(learned) + 0.0), ("Sobel, never shown", KERNELS["sobel_x"])],
    operators=("=",),
)

# %% [markdown]
# Nine zeros have become a Sobel kernel, from one picture and its answer.
#
# ### Optional: the same in PyTorch
#
# PyTorch computes the gradient in one go, without nudging. `requires_grad` asks it to keep an eye
# on how the weights matter, `backward` computes the gradient and puts it into `weights.grad`, and
# `no_grad` says that the step itself need not be watched. Lesson 11 is about this.

# %%
weights = torch.zeros(1, 1, 3, 3, requires_grad=True)
inputs = torch.tensor(noise, dtype=torch.float32)[None, None]
target = torch.tensor(wanted, dtype=torch.float32)[None, None]
for _ in range(12):
    error = ((torch.nn.functional.conv2d(inputs, weights) - target) ** 2).mean()
    error.backward()
    with torch.no_grad():
        weights -= 0.2 * weights.grad
        weights.grad.zero_()  # forget this gradient before the next

assert np.abs(weights.detach().numpy()[0, 0] - learned).max() < 0.01
print("PyTorch's nine weights and ours agree to two decimals")

# %% [markdown]
# ## Play
#
# First a photograph, then nine numbers to think with. In the playground choose a kernel or type
# weights of your own. (You can also choose a picture of yours: it stays in your browser.)
#
# 1. Take *Sobel, left to right* and switch *Shown* from *Clipped* to *Grey is 0*. What was missing
#    before?
# 2. Go back to *Clipped*. Find three weights in the middle row, with zeros above and below, that
#    move the picture one pixel to the left. What happens at the right border?
# 3. Set all nine weights to 1. Why is the result almost white, and which button repairs it?

# %%
from coursekit.widgets import KernelPlayground

KernelPlayground(kernel=KERNELS["identity"])

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. Edges from bright to dark. Their sums are negative, and clipped they are black, as if there
#    were none: clipping keeps only the edges from dark to bright.
# 2. 0 0 1: every pixel takes its right neighbour's value. The last column appears twice, since
#    border pixels are repeated.
# 3. They add up to 9, so even areas become nine times as bright and are clipped at 255. *Divide by
#    the sum* makes it a mean: a blur.
#
# </details>
#
# In the explorer you see the numbers themselves, on a bright square:
#
# 4. Make a kernel that answers 0 inside the square and outside, and is **positive** at its lower
#    edge. What does it say at the upper edge? Can you get rid of that?

# %%
from coursekit.widgets import ConvolutionExplorer

square = np.zeros((8, 8), dtype=int)
square[2:6, 2:6] = 9
ConvolutionExplorer(input=square, kernel=KERNELS["identity"])

# %% [markdown]
# <details>
# <summary>Answer (after you have tried)</summary>
#
# 4. Top minus bottom, such as top Sobel: inside minus outside at the lower edge. At the upper edge
#    it says the same with a minus sign, and no kernel whose weights add up to 0 can avoid that:
#    swapping bright and dark only changes the sign. Set negative answers to 0 *afterwards*: that
#    is ReLU, lesson 08.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"$S_x$ finds horizontal edges. x is horizontal, after all."*
#
# You predicted it with the ladder. Here it is with real pixels: your patch of nine is bright above
# and dark below, so its edge is horizontal.

# %%
print("S_x answers", int(g_x), " and S_y answers", int(g_y))
turned = KERNELS["sobel_y"][::-1, ::-1]
print("S_y turned by half a turn:", int((patch * turned).sum()))
assert abs(g_y) > 50 * abs(g_x)

# %% [markdown]
# $S_x$ can hardly see this edge. Mind the sign, too: here $S_x$ is positive where it gets brighter
# to the right, and $S_y$ where it is brighter *above*; other books have one of them the other way
# round, and a library that turns the kernel changes both.

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
    "A sunset over the sea: the sky is bright, the water dark. Which kernel is 0 on even sky and "
    "even water, and answers strongly along the horizon?",
    [
        (
            "-1 0 1 / -2 0 2 / -1 0 1",
            False,
            "That is right minus left: along the horizon nothing changes from left to right.",
        ),
        (
            "1 2 1 / 0 0 0 / -1 -2 -1",
            True,
            "Yes: top minus bottom, and the weights add up to 0.",
        ),
        (
            "1 1 1 / 0 0 0 / 0 0 0",
            False,
            "It adds up the row above: the brighter the sky, the larger its answer, horizon or "
            "not.",
        ),
        (
            "0 0 0 / 0 1 0 / 0 0 0",
            False,
            "That is the picture itself, with its even areas as bright as before.",
        ),
    ],
)

# %%
quiz(
    "04-q3",
    "Why is sharpening an already noisy photograph a bad idea?",
    [
        (
            "Because sharpening makes it darker, and noise shows up best in the dark.",
            False,
            "Its weights add up to 1, so brightness stays the same on average.",
        ),
        (
            "Because noise is made of differences from the neighbours, too.",
            True,
            "Yes, and sharpening exaggerates every difference. "
            "A kernel cannot know which differences you care about. Remove the noise first, "
            "and accept losing fine detail.",
        ),
        (
            "Because the kernel of 3 by 3 is too small for noise.",
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
            "It would learn Sobel faster, with nothing to distract it.",
            False,
            "On a flat picture Sobel's answer is 0 everywhere, like that of many other kernels.",
        ),
        (
            "It could not: nine zeros already give the right answer.",
            True,
            "Yes. One learns only from examples in which there is something to see.",
        ),
        (
            "It would learn a blur, since a blur keeps flat areas as they are.",
            False,
            "A blur makes 100 of 100, but the wanted answer is 0.",
        ),
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
            "It doubles the brightness.",
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
#   the middle. **Roberts**: differences along diagonals. **Laplacian**: a pixel against its
#   four neighbours.
# - **Gradient magnitude**: how strong an edge is, whatever its direction.
# - **Clipping**: setting what is below 0 to 0 and what is above 255 to 255.
# - **Feature map**: what a kernel answers, in every place.
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
# Kernels and examples come from deck 001, *Various filters*, deck 002, *Step 1 - Convolution*, deck
# 003, *Effective Convolution with Kernel Matrix* and *Kernel Matrix examples*, and deck 004,
# *Convolution* (the patch, from setosa.io/ev/image-kernels). Other slips in these slides stand in
# the appendix. The photographs come with scikit-learn. **Next:** [05 Padding and
# stride](05_padding_and_stride.ipynb).
