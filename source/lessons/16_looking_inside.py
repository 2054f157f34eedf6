# ---
# jupyter:
#   coursekit:
#     lesson: "16"
#     title: Looking inside
#     topics: [T075, T136]
#     minutes: 60
#     datasets: [mnist, cifar10_jpeg_subset]
# ---

# %% [markdown]
# # 16 · Looking inside
#
# **What has a trained network learned to look for, and what made it decide?**
#
# After this lesson you can
#
# - show the filters and maps of a layer, and the pictures that make a map answer most,
# - project a cell of a map back to the pixels, as ZFNet's makers did,
# - compute occlusion, a gradient and Grad-CAM on small examples, and say which question each of
#   them answers,
# - put such a method to a test: does it draw the same picture for a network that knows nothing?
#
# **Time:** about 60 minutes. **Before this:** [07 Why convolution
# works](07_why_convolution_works.ipynb) (receptive fields), [11 The training
# loop](11_training_loop.ipynb) (gradients) and [15 ResNet](15_resnet.ipynb).

# %% [markdown]
# ## See it: a 7, and four answers
#
# The course comes with two trained networks. One reads handwritten digits and has two layers of
# convolutions. The other, `backbone` (later lessons build on it), tells six classes of small
# photographs apart: the residual network of 8 layers of lesson 15. Four methods say why the first
# one calls this picture a 7:

# %%
import numpy as np
import torch
from torch.nn import functional as F

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.attribution import deconvnet, grad_cam, layer_outputs, occlusion, saliency
from coursekit.datasets import DatasetError, load
from coursekit.models import load_pretrained

try:
    digits, photos = load("mnist"), load("cifar10_jpeg_subset")
except DatasetError as problem:
    print(problem)
    print("This notebook goes on with drawn pictures; its claims are about digits and photographs.")
    digits, photos = load("strokes"), load("shapes")

digit_net = load_pretrained("digit_cnn")
images = torch.from_numpy(digits.test[0])[:1000, None] / 255  # (1000, 1, 28, 28), from 0 to 1
with torch.no_grad():
    answers = digit_net(images).argmax(dim=1)
print("layers:", *[name for name, _ in digit_net.named_children()])

# %% tags=["fold"]
seven, target = images[0], int(answers[0])


def to_one(found):
    """A map as an array whose largest size is 1."""
    return (found / found.abs().max().clamp(min=1e-12)).numpy()


maps = {
    "occlusion": F.interpolate(
        occlusion(digit_net, seven, target, size=5, fill=0.0)[None, None], (28, 28)
    )[0, 0],
    "saliency": saliency(digit_net, seven, target),
    "deconvnet": deconvnet(digit_net, seven, "fc", target)[0],
    "Grad-CAM": grad_cam(digit_net, seven, target, "relu2"),
}
figures.images(
    [("picture", (255 * seven[0]).byte().numpy())] + [(k, to_one(m)) for k, m in maps.items()],
    signed=True,
    columns=5,
    alt="A handwritten digit, white on black, and four coloured maps of it that differ: broad "
    "spots on the strokes (occlusion), grainy patterns around them (saliency, deconvnet), and "
    "broad spots on the strokes and on empty paper (Grad-CAM).",
)

# %% [markdown]
# - **Occlusion** covers a square of 5 by 5 pixels with black: by how much does the score fall?
# - **Saliency** asks of each pixel: how strongly would the score answer to a small change of it?
#   (It is the size of the gradient, without its sign.)
# - **Deconvnet** sends the score back through the layers until it arrives at the pixels.
# - **Grad-CAM** asks which places of the last maps speak for the class.
#
# Orange is above 0, blue below; each map has a scale of its own. Saliency and Grad-CAM have no
# blue: one is a size, the other keeps what is above 0. Four questions, four pictures. None of them
# is *the* reason; this lesson is about what each can tell, and how to find out if it tells anything
# at all. (Grad-CAM lights a stripe of empty paper right of the slanted stroke. Why, you see below.)

# %% [markdown]
# ## Predict
#
# Begin with the plainest method.

# %%
predict(
    "16-cover",
    "We cover the 7 once with black squares and once with white ones. How do the two maps compare?",
    options=[
        "they are alike: what is covered is gone, whatever covers it",
        "black: only squares that touch the strokes count; white: empty places count as well",
        "white: only squares that touch the strokes count; black: empty places count as well",
        "one is the negative of the other",
    ],
)

# %% tags=["reveal", "fold"]
black = occlusion(digit_net, seven, target, size=5, fill=0.0)
white = occlusion(digit_net, seven, target, size=5, fill=1.0)
still = [int((found.abs() < 1e-4).sum()) for found in (black, white)]
assert still[0] > 100 > 20 > still[1]
reveal(
    "16-cover",
    "black: only squares that touch the strokes count; white: empty places count as well",
    because="A black square on black changes nothing. A white one on black is a new stroke.",
)
figures.images(
    [("covered with black", black.numpy()), ("covered with white", white.numpy())],
    signed=True,
    alt="Two maps of 24 by 24 squares. Covered with black, all is 0 but for a band along the "
    "strokes of the digit. Covered with white, places far from the strokes count, too.",
)
rows, columns = black.shape  # 28 - 5 + 1 places for a square, down and across (lesson 05)
print(f"{rows} by {columns} squares: {still[0]} change nothing with black, {still[1]} with white")

# %% [markdown]
# A cover is itself a picture that the network looks at, and it has an opinion on it. Grey (0.5)
# is no way out: on a digit it is a grey stroke.

# %% [markdown]
# ## By hand
#
# ### A loop, covered
#
# The detector of lesson 03 looks for a loop: ink is 1, paper is -1, and its answer is the mean of
# the nine products. On a perfect loop it answers 1. Cover the cell in the corner at the top left
# with grey (0), then, instead, with the opposite ink (-1). What is the answer each time?

# %%
from coursekit.scratch import match_score

loop = np.array([[1, 1, 1], [1, -1, 1], [1, 1, 1]])
figures.grid(loop, title="the loop, and its detector", highlight=[(0, 0)])

# %% tags=["paper"]
for name, cover in (("grey", 0), ("the opposite ink", -1)):
    covered = loop.copy()
    covered[0, 0] = cover
    print(f"covered with {name}: {round(9 * match_score(covered, loop))}/9")

# %% [markdown]
# With grey one product is missing; with the opposite ink it counts against as well.
#
# ### Find the slip
#
# A report on this detector says: *"With a grey card over a corner the answer fell from 1 to 8/9.
# With a card of the opposite ink over the middle it fell to 7/9. So the middle is worth twice as
# much as a corner."* What did the report do wrong? Find a number with which the two can be
# compared.

# %% tags=["paper"]
covered = loop.copy()
covered[1, 1] = 0
print(f"the middle, covered with grey: {round(9 * match_score(covered, loop))}/9, as the corner")

# %% [markdown]
# (Or the corner with the opposite ink: 7/9, as the middle.) All nine cells are worth the same; the
# two cards were not. A report of an occlusion has to say what it covers with.
#
# ### A gradient with a pencil
#
# Here is the first patch of the 9 of lesson 03. One cell grows by a little: how many times that
# little does the mean of the nine products change? Answer for each cell. (That is the gradient by
# each cell.)

# %%
patch = np.array([[-1, 1, 1], [-1, 1, -1], [-1, 1, 1]])
figures.grids([("patch", patch), ("detector", loop)], operators=("*",))
print(f"mean of the nine products: {round(9 * match_score(patch, loop))}/9")

# %% tags=["paper"]
cells = torch.tensor(patch, dtype=torch.float64, requires_grad=True)
(cells * torch.tensor(loop)).mean().backward()
assert np.allclose(cells.grad.numpy(), loop / 9)
figures.grid((9 * cells.grad).round().int().numpy(), title="nine times the gradient")

# %% [markdown]
# The gradient is the detector divided by 9, *whatever the patch*. For a detector without a ReLU,
# the gradient shows what it looks for, and nothing of the picture.

# %% [markdown]
# ## From scratch: the deconvnet
#
# In 2013 Matthew Zeiler and Rob Fergus asked what in a picture makes a cell of a map answer, and
# found their way back to the pixels layer by layer. Take one cell of a map and set all others to 0.
# A convolution computed this cell from a patch, weighted by its kernel; on the way back the cell
# *stamps its kernel* onto the same patch. Stamps that overlap add up. PyTorch calls this
# `F.conv_transpose2d`: a **transposed convolution**.
#
# ### Optional: stamping with loops


# %%
def stamp(cells, kernel):
    """Put the kernel down at every cell, times the cell: (H, W), (m, n) -> (H+m-1, W+n-1)."""
    m, n = kernel.shape
    result = np.zeros((cells.shape[0] + m - 1, cells.shape[1] + n - 1))
    for i in range(cells.shape[0]):
        for j in range(cells.shape[1]):
            result[i : i + m, j : j + n] += cells[i, j] * kernel
    return result


one = np.zeros((3, 2))
one[1, 0] = 1
kernel = np.array([[1, 2], [3, 4]])
figures.grids([("a cell", one), ("kernel", kernel), ("stamped", stamp(one, kernel))])

# %% [markdown]
# The same by PyTorch; and it is just what a gradient does on its way back through a convolution:

# %%
by_torch = F.conv_transpose2d(torch.tensor(one)[None, None], torch.tensor(kernel * 1.0)[None, None])
pixels = torch.zeros(1, 1, 4, 3, dtype=torch.float64, requires_grad=True)
F.conv2d(pixels, torch.tensor(kernel * 1.0)[None, None])[0, 0, 1, 0].backward()
assert np.array_equal(by_torch[0, 0].numpy(), stamp(one, kernel))
assert torch.equal(pixels.grad, by_torch)
print("stamped, transposed convolution and gradient agree: yes")

# %% [markdown]
# ### The whole way back
#
# Max pooling kept one of four cells and forgot which. So the forward way must write down the places
# of the maxima, the **switches** (`return_indices=True`); `F.max_unpool2d` puts each value back to
# its place and 0 around it. And the maps were made by a ReLU, so on the way back a ReLU sets
# negative numbers to 0 as well. Biases are left out: they do not come from the picture. (On the way
# back `padding=2` takes a border away: 14 by 14 cells that stamp 5 by 5 numbers make 18 by 18, and
# the outer 2 on each side were padding on the way in.) From the strongest cell in all 16 maps of
# `conv2`, back to the pixels of the 7:

# %%
with torch.no_grad():
    x = seven[None]  # a batch of one
    maps1 = torch.relu(digit_net.conv1(x))  # (1, 8, 28, 28)
    pooled, switches = F.max_pool2d(maps1, 2, return_indices=True)  # (1, 8, 14, 14)
    maps2 = digit_net.conv2(pooled)  # (1, 16, 14, 14)
    number = int(maps2.amax(dim=(2, 3)).argmax())  # the map with the strongest cell

    row, column = divmod(int(maps2[0, number].argmax()), 14)  # argmax counts row by row
    signal = torch.zeros_like(maps2)
    signal[0, number, row, column] = 1.0  # one cell, all others 0
    signal = F.conv_transpose2d(signal, digit_net.conv2.weight, padding=2)  # (1, 8, 14, 14)
    signal = F.max_unpool2d(signal, switches, 2)  # 1. unpool: (1, 8, 28, 28)
    signal = torch.relu(signal)  # 2. rectify
    signal = F.conv_transpose2d(signal, digit_net.conv1.weight, padding=2)  # 3. filter
back = signal[0]
assert torch.allclose(back, deconvnet(digit_net, seven, "conv2", number), atol=1e-6)
print("the same as by coursekit.attribution.deconvnet: yes", tuple(back.shape))

# %% tags=["fold"]
figures.images(
    [
        ("picture", (255 * seven[0]).byte().numpy()),
        ("its strongest map in conv2", to_one(maps2[0, number])),
        ("its strongest cell, back at the pixels", to_one(back[0])),
    ],
    signed=True,
    alt="A handwritten digit; a map of 14 by 14 cells with strong ones along a stroke; and a small "
    "pattern of stripes, orange and blue, on a piece of that stroke, with 0 everywhere else.",
)

# %% [markdown]
# It shows a piece of the stroke, with what should be bright in orange. Only pixels in the cell's
# receptive field can light up (lesson 07): 5, with pooling 6, then 6 + 4 · 2 = 14 by 14 pixels. (By
# chance that is the size of the map, too.)
#
# Where does this differ from a gradient? Without a ReLU in the network, nowhere: there the
# deconvnet *is* the gradient. A gradient is stopped at a ReLU where the *picture* made the cell
# negative. The deconvnet's signal is stopped where the signal *itself* is negative.
#
# `torch.autograd.grad(score, x)` is the gradient of one number by the tensor `x`, as `backward`
# computes it; but it *returns* it (in a tuple, hence the `[0]`), and leaves `.grad` of the weights
# alone. `x.requires_grad_()` switches gradients on for a tensor that exists already.

# %% tags=["banded"]
open_x = seven[None].clone().requires_grad_()
cell = digit_net[:4](open_x)[0, number].max()  # conv1, relu1, pool1, conv2
gradient = torch.autograd.grad(cell, open_x)[0][0]
differ = (~torch.isclose(gradient, back, atol=1e-6)).sum()
measured("of 14 by 14 pixels, gradient and deconvnet differ in", differ, at_least=100)

# %% [markdown]
# ## In the framework
#
# ### Filters and maps
#
# What did the first layer learn? The 8 filters of 5 by 5, and what they make of the 7:

# %% tags=["fold"]
outputs = layer_outputs(digit_net, seven[None])
filters = [(f"filter {k}", digit_net.conv1.weight[k, 0].detach().numpy()) for k in range(8)]
figures.images(
    filters,
    signed=True,
    columns=8,
    alt="Eight filters of 5 by 5, most of them with a positive side and a negative side: detectors "
    "of edges and of strokes in one direction.",
)
first = outputs["relu1"][0]
figures.images(
    [(f"map {k}", to_one(first[k])) for k in range(8)],
    columns=8,
    alt="Eight maps of 28 by 28: each shows the digit's strokes or the edges on one side of them.",
)

# %% [markdown]
# A picture of a filter in a deeper layer says little (one of `conv2` has 8 kernels, one for each
# map). A better question: **which pictures make a map answer most?** `top_activations` goes through
# a set of pictures and finds for each map the strongest cells, at most one in a picture. Here with
# photographs, and the residual network. `stage1` is its first block, `stage3` its last; what is
# shown is the patch that the strongest cell sees, grey where it lies outside the picture. Of
# `stage1` you see three maps that are easy to read, of `stage3` the three of 64 whose nine pictures
# agree most; the means below are over all maps.

# %%
from coursekit.attribution import top_activations
from coursekit.models.shipped import SHIPPED

backbone, names = load_pretrained("backbone"), SHIPPED["backbone"].classes
known = np.isin(photos.test[1], [k for k, c in enumerate(photos.classes) if c in names])
known = known if known.any() else np.ones(len(known), dtype=bool)
pictures, labels = photos.test[0][known][:600], photos.test[1][known][:600]
colour = torch.from_numpy(pictures).permute(0, 3, 1, 2) / 255  # channels first: (600, 3, 32, 32)
tops = {stage: top_activations(backbone, colour, stage, count=9) for stage in ("stage1", "stage3")}
print({stage: tuple(top.images.shape) for stage, top in tops.items()}, "(maps, pictures)")

# %% tags=["fold"]


def seen_by(stage, k):
    """The patches of the nine pictures that the strongest cells of map k see."""
    step, field = {"stage1": (1, 7), "stage3": (4, 25)}[stage]  # from lesson 07's rule
    top, patches = tops[stage], []
    for n, i, j in zip(*(part[k].tolist() for part in top[:3]), strict=True):
        padded = np.pad(pictures[n], ((12, 12), (12, 12), (0, 0)), constant_values=128)
        row, column = step * i + 12 - field // 2, step * j + 12 - field // 2
        patches.append(padded[row : row + field, column : column + field])
    return patches


def purity(stage):
    """For each map the share of the most frequent class among its nine pictures."""
    found = labels[tops[stage].images.numpy()]
    return np.array([np.bincount(row).max() / 9 for row in found])


for stage, about in (("stage1", "7 by 7 pixels"), ("stage3", "25 by 25 pixels")):
    shown = np.argsort(-purity(stage))[:3] if stage == "stage3" else (7, 10, 9)
    figures.images(
        [(f"map {k}" if n == 0 else "", p) for k in shown for n, p in enumerate(seen_by(stage, k))],
        columns=9,
        alt=f"Three rows of nine patches of photographs, {about} each: those to which three maps "
        f"of {stage} answer most. "
        + ("Within a row the patches have an edge or a colour in common."
           if stage == "stage1" else "Within a row most are of one class of things."),
    )  # fmt: skip

# %% tags=["banded"]
measured(
    "stage1: share of the most frequent class among the nine", purity("stage1").mean(), at_most=0.5
)
measured("stage3: the same", purity("stage3").mean(), at_least=0.6)
rng = np.random.default_rng(0)
drawn = np.mean([np.bincount(rng.choice(labels, 9)).max() / 9 for _ in range(2000)])
measured("the same for nine pictures drawn at random", drawn, at_most=0.38)

# %% [markdown]
# In the first block a map answers to an edge or a colour, and cares little what it belongs to; in
# the last one, mostly to things of one class. That is the chain of Zeiler and Fergus' pictures:
# **lines and colours first, special patterns deeper.** Nobody asked the network for it: it came out
# of training.
#
# ### Grad-CAM
#
# The last maps know *what*, and still know *where* (8 by 8 places). Grad-CAM gives each map a
# weight: the mean of the gradient of the score by the cells of the map. It adds up the weighted
# maps and keeps what is positive. Here are two maps of 2 by 2, and the gradient of a score by their
# cells. Which two weights, and which picture?

# %% tags=["fold"]
two_maps = np.array([[[1, 0], [2, 0]], [[0, 3], [1, 0]]])
by_cells = np.array([[[4, 0], [2, 2]], [[-1, -1], [-1, -1]]])
figures.grids(
    [
        (f"{what} {k}", array[k])
        for k in range(2)
        for what, array in (("map", two_maps), ("gradient by map", by_cells))
    ],
    operators=("", "", ""),
)

# %% tags=["paper"]
weights = by_cells.mean(axis=(1, 2))
summed = weights[0] * two_maps[0] + weights[1] * two_maps[1]
print("weights:", *weights.astype(int))
figures.grids(
    [("weighted and added", summed.astype(int)), ("positive part", summed.clip(0).astype(int))],
    operators=("",),
)

# %% [markdown]
# Now on photographs, for the class that the network gives them. Orange speaks for it. Where is it
# on the deer, and where on the airplane?

# %% tags=["fold"]
with torch.no_grad():
    sure, guessed = backbone(colour).softmax(dim=1).max(dim=1)
right = [k for k in range(len(labels)) if photos.classes[labels[k]] == names[guessed[k]]]
best = []
for k in sorted(right or range(len(labels)), key=lambda k: -float(sure[k])):
    if labels[k] not in labels[best] and len(best) < 5:
        best.append(k)
cams = [grad_cam(backbone, colour[k], int(guessed[k]), "stage3") for k in best]
figures.images(
    [(names[guessed[k]], pictures[k]) for k in best] + [("", to_one(cam)) for cam in cams],
    signed=True,
    columns=5,
    alt="Five photographs of 32 by 32 pixels with the classes that the network gives them, and "
    "below each a coarse map that is orange on a part of it.",
)

# %% tags=["fold", "banded"]
orange = {names[guessed[k]]: to_one(cam) for k, cam in zip(best, cams, strict=True)}


def compare(name, mine, others, at_least):  # each as (rows, columns)
    ratio = orange[name][mine].mean() / orange[name][others].mean()
    measured(f"{name}: orange there, by that elsewhere", ratio, at_least=at_least)


if photos.name == "cifar10_jpeg_subset":  # what stands in the answer
    compare("deer", np.s_[20:28, 12:], np.s_[8:16, 16:28], at_least=2)  # below; on the body
    compare("airplane", np.s_[20:28], np.s_[12:20], at_least=1.3)  # below; on the airplane
    compare("automobile", np.s_[12:28], np.s_[:8], at_least=2)  # on the car; above it
    compare("bird", np.s_[8:24, 16:28], np.s_[:, :12], at_least=2)  # on the bird; left of it

# %% [markdown]
# <details><summary>Answer</summary>
#
# On the deer's legs and the grass below, and mostly under the airplane. On the automobile and the
# bird it is mostly on the thing. So it need not be: grass and sky are evidence, too.
#
# </details>
#
# Behind an average over all places, as this network has it, every cell of a map has the *same*
# gradient, and a mean of equal numbers loses nothing. The digit network *flattens* its maps: each
# place has weights of its own, and a mean says little about them. (The method is used there as
# well.) Here the score can be split up exactly: behind `relu2` there are only max pooling and a
# dense layer, so all cells, each times its *own* gradient, add up to the score without its bias.

# %% tags=["fold", "banded"]
kept = {}  # the maps of stage3, for the first of the five photographs
stage3 = dict(backbone.named_modules())["stage3"]
hook = stage3.register_forward_hook(lambda module, given, maps: kept.update(maps=maps))
its_score = backbone(colour[best[:1]].clone().requires_grad_())[0, int(guessed[best[0]])]
hook.remove()
by_place = torch.autograd.grad(its_score, kept["maps"])[0]
within = (by_place.amax(dim=(2, 3)) - by_place.amin(dim=(2, 3))).max() / by_place.abs().max()
measured("behind an average: gradients within a map differ by", within, at_most=1e-5)
cells = digit_net[:5](seven[None]).detach().requires_grad_()  # conv1 to relu2: (1, 16, 14, 14)
score = digit_net[5:](cells)[0, target]
by_cell = torch.autograd.grad(score, cells)[0]
with torch.no_grad():
    own = (by_cell * cells).sum(dim=1)[0]  # (14, 14): what each place gives to the score
    by_mean = (by_cell.mean(dim=(2, 3), keepdim=True) * cells).sum(dim=1)[0].clamp(min=0)
    gap = (score - digit_net.fc.bias[target] - own.sum()).abs()
lit = by_mean > 0.2 * by_mean.max()  # where Grad-CAM is orange
ink = F.max_pool2d(seven, 2)[0] > 0
no_ink_from_here = ink.flip(1).cumsum(dim=1).flip(1) == 0  # neither in the cell nor right of it
stripe = lit & no_ink_from_here
stripe[:6] = stripe[11:] = False  # beside the slanted stroke, above its foot
measured("gap between the score and the sum", gap, at_most=0.001)
measured("stripe right of the slanted stroke: cells that are lit", stripe.sum(), at_least=3)
measured("what they take from the score", -own[stripe].sum(), at_least=0.2)
left = torch.zeros_like(lit)
left[3:6, :3] = True  # the paper left of the bar
measured("what the paper left of the bar gives", own[left].sum(), at_least=1)
measured("what the lit paper above the bar gives", own[:2][lit[:2]].sum(), at_least=0.5)
ratio = by_mean[left].sum() / by_mean.sum() / (own[left].sum() / own.sum())
measured("share of Grad-CAM there, divided by its share of the score", ratio, at_most=0.9)

# %% [markdown]
# Place by place, the stripe speaks *against* a 7: there the mean is wrong. The spot left of the bar
# is no mistake: its cells see the end of the bar, and give even more than Grad-CAM says. Nor is the
# light above the bar: its cells see the bar, and speak for the 7.
#
# ### Does the picture depend on the network at all?
#
# A nice picture proves nothing: perhaps the method would draw it for *any* network. So take a
# network that knows nothing. `shuffle_weights` puts the numbers of every parameter into another
# order: the same numbers, no knowledge. Draw the maps of 20 digits with both networks. How alike
# are they? The **rank correlation** is 1 where two maps put all pixels into the same order, and
# about 0 where they have nothing to do with each other. A fifth method joins: **saliency times
# picture**, multiplied pixel by pixel. We compare *sizes* first, without the signs: how much a
# pixel counts, for or against.

# %%
predict(
    "16-shuffled",
    "In which maps do the sizes keep nearly the same order when all weights are shuffled?",
    options=[
        "deconvnet and Grad-CAM",
        "saliency and saliency times picture",
        "occlusion and saliency times picture",
        "in none: the shuffled network knows nothing",
    ],
)

# %% tags=["reveal", "fold", "banded"]
from scipy.stats import spearmanr

from coursekit.attribution import shuffle_weights


def likeness(pairs):
    """The mean rank correlation of pairs of maps, without those that are the same everywhere."""
    full = [pair for pair in pairs if np.ptp(pair[0]) and np.ptp(pair[1])]
    return np.mean([spearmanr(one.flatten(), other.flatten())[0] for one, other in full])


methods = {
    "occlusion": lambda net, x, c: occlusion(net, x, c, size=5, stride=2, fill=0.0),
    "saliency": saliency,
    "deconvnet": lambda net, x, c: deconvnet(net, x, "fc", c)[0],
    "Grad-CAM": lambda net, x, c: grad_cam(net, x, c, "relu2"),
    "saliency times picture": lambda net, x, c: saliency(net, x, c) * x[0],
}
shuffled = shuffle_weights(digit_net)
drawn = {  # of each method 20 pairs of maps, by the trained network and by the shuffled one
    name: [
        tuple(method(net, images[k], int(answers[k])).numpy() for net in (digit_net, shuffled))
        for k in range(20)
    ]
    for name, method in methods.items()
}
alike = {name: likeness(np.abs(pairs)) for name, pairs in drawn.items()}
assert {name for name, value in alike.items() if value > 0.5} == {
    "occlusion",
    "saliency times picture",
}
reveal(
    "16-shuffled",
    "occlusion and saliency times picture",
    because="Where the picture is black, both are 0 for any network: a black square on black "
    "changes nothing, and 0 times anything is 0.",
)
figures.images(
    [
        (f"{name}, {kind}", to_one(method(net, seven, target)))
        for kind, net in (("trained", digit_net), ("shuffled", shuffled))
        for name, method in methods.items()
    ],
    signed=True,
    columns=5,
    alt="Five maps of a digit for the trained network and five for the shuffled one. Saliency "
    "times picture shows the digit both times. So does occlusion, but with other signs. The other "
    "three pairs look unlike.",
)
print("Rank correlation, trained and shuffled, of the sizes:")
for name, value in alike.items():
    if value > 0.5:
        measured(f"- {name}", value, at_least=0.7)
    else:
        measured(f"- {name}", value, at_most=0.3)
empty = sum(not np.ptp(one) or not np.ptp(other) for one, other in drawn["Grad-CAM"])
measured("pairs of Grad-CAM left out, of 20, since a map is 0", empty, at_least=1, at_most=8)
print("Of the numbers with their signs:")
for name in ("occlusion", "deconvnet"):
    measured(f"- {name}", likeness(drawn[name]), at_most=0.15)
print("Of the sizes, on the ink alone:")
ink = [(images[k, 0] > 0).numpy() for k in range(20)]
light = [images[k, 0].numpy()[ink[k]] for k in range(20)]  # the brightness of the ink
on_ink = {
    name: [[found[ink[k]] for found in drawn[name][k]] for k in range(20)]
    for name in ("saliency", "saliency times picture")
}
measured("- saliency", likeness(on_ink["saliency"]), at_most=0.1)
measured("- saliency times picture", likeness(on_ink["saliency times picture"]), at_most=0.5)
print("Of saliency times picture and the picture itself, on the ink alone:")
for which, kind in enumerate(("trained", "shuffled")):
    pairs = [(on_ink["saliency times picture"][k][which], light[k]) for k in range(20)]
    measured(f"- {kind}", likeness(pairs), at_least=0.4)

# %% [markdown]
# Read these numbers with care. Most of the agreement is fixed by the **picture**: where it is
# black, both maps are 0. On the ink alone less is left of it, and that, too, is partly the picture:
# bright pixels count more in a product, for either network. The saliency alone agrees on nothing
# there. And the signs come from the **network**: nothing is left of occlusion's. So say what a
# number about maps has looked at. A method that fails such a test shows you the picture, and you
# take it for the network. One that passes is not proved right: Grad-CAM passes, and lights paper
# that speaks against the class.
#
# ### Optional: what the test cannot tell
#
# A deconvnet begins at a cell of `conv2`. Before you run the cell: will its map change if the last
# layer alone, `fc`, is shuffled?

# %% tags=["paper"]
other = shuffle_weights(digit_net, ["fc"])
same = torch.equal(
    deconvnet(other, seven, "conv2", number), deconvnet(digit_net, seven, "conv2", number)
)
print("deconvnet of a cell of conv2, last layer shuffled: the same map?", "yes" if same else "no")
assert same

# %% [markdown]
# The way from `conv2` back to the pixels does not meet `fc`. No mistake: the map answers another
# question, what makes *this cell* answer, and not what the network decides.

# %% [markdown]
# ## Play
#
# `look` shows a digit, and what speaks for one class.
#
# 1. Number 0 is a 7. Look at what speaks for a 9 in it: `look(0, target=9)`. What in the map of the
#    occlusion is blue? Does the left end of the bar speak against a 9?
# 2. Number 18 is a 3 that the network nearly takes for a 5. Where is the evidence for each?


# %% tags=["fold"]
def look(number, target=None, cover=0.0, size=5):
    """Occlusion and saliency of a test digit for a class; the network's answer by default."""
    image = images[number]
    target = int(answers[number]) if target is None else target
    covered = occlusion(digit_net, image, target, size=size, fill=cover)
    figures.images(
        [
            (f"number {number}", (255 * image[0]).byte().numpy()),
            (f"occlusion for {target}", to_one(covered)),
            (f"saliency for {target}", to_one(saliency(digit_net, image, target))),
        ],
        signed=True,
        alt="A digit and two coloured maps of it: of the occlusion, orange where something speaks "
        "for the class and blue where it speaks against it, and of the saliency.",
    )


# %%
look(0, target=9)

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. A ring around the left end of the bar, most of all below it (and faint places beside the corner
#    and the foot). There a square covers a *part* of the end, and the score of 9 rises. Squares
#    over the whole end hardly change it. So do not say too fast that the end speaks against a 9:
#    the covers have made new shapes.
# 2. Compare the occlusions of `look(18, target=3)` and `look(18, target=5)`. The left side of the
#    upper curve is blue for the 3 and orange for the 5, and its top the other way round: there they
#    part. The right side of the lower curve speaks for both.
#
# </details>

# %% tags=["fold", "banded"]
nine, three, five = (  # what stands in the answers
    occlusion(digit_net, images[k], c, size=5, fill=0.0) for k, c in ((0, 9), (18, 3), (18, 5))
)
measured("1. score of 9, squares over the whole end: change", nine[5:8, 5].abs().max(), at_most=0.4)
measured("   squares below it: rise", -nine[8, 3:8].max(), at_least=0.7)
measured("2. left side of the upper curve, rise for 3", -three[7:9, 2:6].max(), at_least=5)
measured("   and fall for 5", five[7:9, 2:6].min(), at_least=2)
measured("   its top, fall for 3", three[3:6, 7:10].min(), at_least=1.5)
measured("   and rise for 5", -five[3:6, 7:10].max(), at_least=0.8)
measured("   right side of the lower curve, fall for both",
         torch.minimum(three, five)[15:18, 19:22].min(), at_least=3)  # fmt: skip

# %% [markdown]
# ### Optional: every number of it
#
# The network explorer of lesson 12 with the network of this lesson, and numbers 0 and 18.
#
# 3. Point at a number of `pool1`: four numbers of `relu1` are named. To which of them does the
#    deconvnet send the number back, and what would it do with average pooling?
#
# <details><summary>Answer</summary>
#
# 3. To the largest: its place is the switch. With average pooling there is none to remember: each
#    of the four would get a quarter.
#
# </details>

# %%
from coursekit.widgets import DrawDigit, NetworkExplorer

NetworkExplorer(digit_net, images[[0, 18]])

# %% [markdown]
# ### Optional: with a digit of your own
#
# Saliency and occlusion while you draw, of the answer or of the class that you press.
#
# 4. Press *Clear*. What does the occlusion of an empty picture show, and why does the saliency show
#    something else? Then cover with white.
#
# <details><summary>Answer</summary>
#
# 4. Occlusion is 0 everywhere: black on black changes nothing. Saliency asks what a *little*
#    brightness would do, and that is not 0. Covering with white draws a square, a large change.
#
# </details>

# %%
DrawDigit()

# %% tags=["fold"]
empty = DrawDigit()  # what stands in the answer
empty.image = np.zeros((1, 28, 28))
assert np.abs(empty.occlusion).max() == 0 and empty.saliency.max() > 0.01
empty.cover = "white"
assert np.abs(empty.occlusion).max() > 0.01

# %% [markdown]
# ## A mistake people make
#
# > *"Where the saliency is 0, the pixel has no influence."*
#
# The first patch again: the mean of its products is -1/9. Put a ReLU behind it, as in a network.
# What is the output, what are the nine gradients? And what is the output if the wrong cell at the
# top left is turned from -1 to 1?

# %% tags=["paper"]


def detector(cells):
    return torch.relu((cells * torch.tensor(loop)).mean())


cells = torch.tensor(patch, dtype=torch.float64, requires_grad=True)
output = detector(cells)
output.backward()
turned = torch.tensor(patch, dtype=torch.float64)
turned[0, 0] = 1
print(f"output {output.item():.0f}; gradients that are not 0: {int((cells.grad != 0).sum())}")
print(f"with one cell turned: {round(9 * detector(turned).item())}/9")

# %% [markdown]
# All nine gradients are 0: at -1/9 the ReLU is off, and a *small* change leaves it off. Turning one
# cell is a large change, and it lifts the output from 0 to 1/9. A gradient speaks of small changes
# alone; occlusion makes large ones. That is why the two draw different pictures, and why neither
# replaces the other.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/16_looking_inside.ipynb) you write `saliency` for any network, and
# leave network and picture as they were.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "16-q1",
    "Grey squares over the sky of a photograph lower the score of 'airplane' a lot. What follows?",
    [
        ("little as yet: the grey itself may be what lowers it", True,
         "Yes: the cover is a picture as well. Try another one."),
        ("the network has not learned what an airplane is", False,
         "Sky may be good evidence in these photographs."),
        ("the gradient by the pixels of the sky is large", False,
         "A cover is a large change; a gradient speaks of small ones."),
        ("the sky is classified as an airplane", False, "Only the fall of a score was measured."),
    ],
)  # fmt: skip

# %%
quiz(
    "16-q2",
    "A network has convolutions, and neither ReLU nor pooling. How do its deconvnet and its "
    "gradient compare for one cell?",
    [
        ("the deconvnet has no negative numbers, the gradient has", False,
         "Only a ReLU would take them away."),
        ("they are the same, and the same for every picture", True,
         "Yes: stamped kernels, and the picture plays no part."),
        ("the gradient is 0, the deconvnet is not", False, "Both are the stamped kernels."),
        ("the deconvnet depends on the picture, by its switches", False,
         "Without pooling there are no switches."),
    ],
)  # fmt: skip

# %%
quiz(
    "16-q3",
    "A method draws the same clear outline of a cat for a trained network and for one with "
    "shuffled weights. What does its outline show?",
    [
        ("that both networks look at the outline", False,
         "Nothing tells so: the outline would be drawn in any case."),
        ("that the shuffling was not thorough", False,
         "All numbers moved. Saliency maps would have changed."),
        ("edges of the photograph, whatever the network", True,
         "Yes: it would do so for any network."),
        ("what a cat has in common with other cats", False, "It needs no training to be drawn."),
    ],
)  # fmt: skip

# %% [markdown]
# ## Recap
#
# 1. First layers answer to edges and colours, the last ones to patterns of a class: the pictures
#    that make a map answer most show it.
# 2. A deconvnet goes back by unpooling with switches, rectifying, and transposed filters; without
#    ReLU it is the gradient.
# 3. Occlusion makes large changes and depends on the cover; saliency is the size of the gradient
#    and speaks of small changes.
# 4. Grad-CAM weights the last maps by their mean gradients and adds them up: coarse, of the class,
#    and exact behind an average over all places.
# 5. Shuffle the weights: what stays in a map comes from the picture, not from the network.

# %% [markdown]
# ## Words
#
# - **Saliency**: the size of the gradient of a score by each pixel.
# - **Occlusion**: covering a part of the picture; what is measured is the fall of the score.
# - **Deconvnet**: the way back from a cell to the pixels, rectified on the way. **Switches**: where
#   the maxima of a pooling layer came from.
# - **Transposed convolution**: every cell stamps the kernel, times its value.
# - **Grad-CAM**: maps of a layer, weighted by their mean gradients and added up.
# - **Rank correlation**: how far two lists agree on the order of their entries, from -1 to 1.

# %% [markdown]
# ## Further reading
#
# - M. Zeiler and R. Fergus, *Visualizing and understanding convolutional networks*, ECCV, 2014: the
#   deconvnet, occlusion, and pictures of what five layers answer to.
# - K. Simonyan, A. Vedaldi and A. Zisserman, *Deep inside convolutional networks*, workshop of
#   ICLR, 2014: saliency.
# - R. R. Selvaraju and others, *Grad-CAM*, ICCV, 2017.
# - J. Adebayo and others, *Sanity checks for saliency maps*, NeurIPS, 2018: the test with shuffled
#   weights, on large networks.
#
# The pictures of the layers are from deck 001 (*ZFNet*), lines first and special patterns deeper
# from deck 004. The loop and its first patch are from deck 000. **Next:** [17 Data
# augmentation](17_augmentation.ipynb).
