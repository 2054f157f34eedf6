# ---
# jupyter:
#   coursekit:
#     lesson: "14"
#     title: VGG and GoogLeNet
#     topics: [T076, T077, T078, T079, T080, T081, T082]
#     minutes: 60
#     datasets: []
# ---

# %% [markdown]
# # 14 · VGG and GoogLeNet
#
# **How can a network grow deeper and wider without paying for it in weights?**
#
# After this lesson you can
#
# - say why three small kernels in a row replace a large one, and what that saves,
# - compute a 1x1 convolution with a pencil, and say what it costs and what it saves,
# - read the seven numbers of an Inception module and follow its four branches,
# - say what averaging whole maps saves at the end of a network,
# - tell the number of weights of a network from the work that it does.
#
# **Time:** about 60 minutes. **Before this:** [06 Volumes and
# channels](06_volumes_and_channels.ipynb) (counting parameters), [07 Why convolution
# works](07_why_convolution_works.ipynb) (receptive fields) and [12 LeNet-5](12_lenet.ipynb).

# %% [markdown]
# ## See it: deeper, and lighter
#
# Three networks of the years 2012 to 2014, all for colour pictures of 224 by 224 and 1,000
# classes. **AlexNet** won the ImageNet challenge of 2012 by a wide margin. Two years later two
# networks took opposite roads to go deeper: **VGG-16** (second in 2014) and **GoogLeNet** (the
# winner). The library has all three; we build them on PyTorch's `"meta"` device, which knows the
# shapes of all weights and takes no memory for the numbers in them.

# %%
import numpy as np
import torch
from torch import nn

from coursekit import figures, predict, quiz, reveal
from coursekit.models import VGG16, AlexNet, GoogLeNet
from coursekit.training import summary

with torch.device("meta"):  # shapes without numbers
    networks = {"AlexNet": AlexNet(), "VGG-16": VGG16(), "GoogLeNet": GoogLeNet()}
picture = (3, 224, 224)
tables = {name: summary(network, picture) for name, network in networks.items()}
for name, table in tables.items():
    weighted = [layer for layer in table.layers if layer.parameters]
    print(f"{name:10} {len(weighted):3} layers with weights")

# %% [markdown]
# In GoogLeNet many convolutions stand side by side, in branches. On the longest way through there
# are 22: the depth that its paper gives.

# %% [markdown]
# ## Predict
#
# AlexNet has 60,965,224 parameters.

# %%
predict(
    "14-size",
    "How do the parameters of the two deeper networks compare with AlexNet's 61 million?",
    options=[
        "both have more: deeper networks have more layers to fill",
        "VGG-16 has more than twice as many, GoogLeNet less than an eighth",
        "GoogLeNet has more than twice as many, VGG-16 less than an eighth",
        "both have fewer: that is what small kernels are for",
    ],
)

# %% tags=["reveal"]
counts = {name: table.parameters for name, table in tables.items()}
assert counts["VGG-16"] > 2 * counts["AlexNet"] and counts["GoogLeNet"] < counts["AlexNet"] / 8
reveal(
    "14-size",
    "VGG-16 has more than twice as many, GoogLeNet less than an eighth",
    because="Small kernels are common to both. What tells them apart is how they end, and what "
    "GoogLeNet does before each expensive layer: both come below.",
)

dense = {
    name: sum(layer.parameters for layer in table.layers if layer.kind == "Linear")
    for name, table in tables.items()
}
figures.bars(
    [
        bar
        for name in tables
        for bar in (
            (f"{name}: dense", dense[name]),
            (f"{name}: convolutions", counts[name] - dense[name]),
        )
    ],
    xlabel="parameters",
    alt="Bars of parameters. In AlexNet and VGG-16 the dense layers have by far the most, 58.6 and "
    "123.6 million; VGG-16's convolutions have 14.7 million, GoogLeNet's 6.0 million and its dense "
    "layer 1.0 million.",
)
for name in tables:
    share = 100 * dense[name] / counts[name]
    print(f"{name:10} {counts[name]:>11,} parameters, {share:2.0f} % of them dense")

# %% [markdown]
# ## By hand
#
# ### Three small kernels or a large one
#
# AlexNet's first kernels were 11 by 11. VGG has 3 by 3 everywhere. Take three
# such layers in a row, with stride 1. How many rows of the picture does one number at the end
# depend on? Say 64 maps go into each layer and 64 come out: how many weights have the three layers
# together (biases left out)? And how many has a single layer whose kernels see as many rows at
# once? Work out all three with a pencil.

# %% tags=["paper"]
from coursekit.scratch import conv_parameters, receptive_field

seen = receptive_field([(3, 1), (3, 1), (3, 1)])
C = 64
three = 3 * conv_parameters(C, C, 3, bias=False)
one = conv_parameters(C, C, seen, bias=False)
print("rows seen: 1 + 2 + 2 + 2 =", seen)
print(f"three layers of 3 x 3: {three:,} weights = 27 C²")
print(f"one layer of {seen} x {seen}:    {one:,} weights = 49 C²")
print(f"{three / one:.2f} times as many")
assert (seen, three, one) == (7, 110_592, 200_704)

# %% [markdown]
# The same view of the picture with 45 % fewer weights, and the saving is the same for the
# multiplications. And after each of the three stands a ReLU: together they compute what no single
# layer could (lesson 08).

# %% [markdown]
# VGG is nothing but this idea, again and again: **blocks** of two or three such convolutions, each
# block with 2 by 2 max pooling at its end. Every block halves the sides, and from block to block
# the maps double, up to 512. Thirteen convolutions and three dense layers make the 16 of its name:

# %% tags=["fold"]
for name, block in networks["VGG-16"].blocks.named_children():
    convs = [layer for layer in block if isinstance(layer, nn.Conv2d)]
    size = sum(p.numel() for p in block.parameters())
    print(f"{name}: {len(convs)} convolutions, {convs[-1].out_channels:3} maps, {size:>9,} numbers")

# %% [markdown]
# ### Optional: what else is different
#
# Three layers in a row are not quite one layer with a large kernel.

# %%
predict(
    "14-trade",
    "What else is different about the three layers?",
    options=[
        "nothing: three convolutions in a row are one convolution",
        "two more ReLUs, and training keeps three stacks of maps, not one",
        "two more ReLUs, and training keeps less than for one layer",
        "they see more of the picture, since each step widens the view",
    ],
)

# %% tags=["reveal"]


def kept(model):
    """Bytes that training keeps of one picture for the way back."""
    return summary(model, (C, 28, 28)).training_bytes


def small(convs):
    layers = [layer for _ in range(convs) for layer in (nn.Conv2d(C, C, 3, padding=1), nn.ReLU())]
    return nn.Sequential(*layers)


with torch.device("meta"):
    bytes_kept = kept(small(3)), kept(nn.Sequential(nn.Conv2d(C, C, 7, padding=3), nn.ReLU()))
assert bytes_kept[0] == 3 * bytes_kept[1]
reveal(
    "14-trade",
    "two more ReLUs, and training keeps three stacks of maps, not one",
    because="With a ReLU after each, three layers can do what no single kernel can (lesson 08). "
    f"The price is memory: {bytes_kept[0]:,} bytes of a picture against {bytes_kept[1]:,}.",
)

# %% [markdown]
# ### A kernel of one pixel
#
# GoogLeNet's trick is a kernel that sees a single pixel. On one grey picture a 1 by 1 kernel would
# only make it brighter or darker. But lesson 06 taught that a kernel reaches through **all** maps.
# Here are three maps, and two filters of 1 by 1: each has three weights. Work out the two maps
# that come out, on paper. Each is 2 by 2.

# %%
maps = np.array([[[2, 0], [1, 3]], [[5, 1], [0, 1]], [[1, 4], [2, 2]]])
figures.grids([(f"map {k}", m) for k, m in enumerate(maps)], operators=("", ""))
filters = np.array([[1, 0, -1], [2, 1, 0]])
print("filter 0 multiplies the three maps by", filters[0].tolist(), "and adds them up")
print("filter 1 multiplies them by          ", filters[1].tolist())

# %% tags=["paper"]
from coursekit.scratch import conv2d_volume

joined = conv2d_volume(maps, filters[:, :, None, None], np.zeros(2)).astype(int)
titles = ("map 0 less map 2", "2 times map 0 plus map 1")
figures.grids(list(zip(titles, joined, strict=True)), operators=("",))
assert joined.tolist() == [[[1, -4], [-1, 1]], [[9, 1], [2, 7]]]

# %% [markdown]
# Three maps came in, two went out, of the same size. A **1x1 convolution** mixes the maps at each
# place, the same way everywhere: a small dense layer that is applied to every pixel. With fewer
# filters than maps it makes the stack *thinner*.
#
# ### What it saves
#
# The first Inception module gets 192 maps. A layer with 32 filters of 5 by 5 on them takes, for
# each pixel, 5 x 5 x 192 x 32 = 153,600 multiplications. GoogLeNet first makes 16 maps of the 192,
# by a 1x1 convolution, and lets the 5 by 5 filters work on those.

# %%
predict(
    "14-saving",
    "How many times cheaper is that, per pixel?",
    options=[
        "12 times: 16 maps in place of 192",
        "about 10 times",
        "about 6 times",
        "25 times: the large kernel is replaced by a kernel of one pixel",
    ],
)

# %% tags=["reveal"]
direct = 5 * 5 * 192 * 32
reduction, after = 1 * 1 * 192 * 16, 5 * 5 * 16 * 32
assert (direct, reduction, after) == (153_600, 3_072, 12_800)
saving = direct / (reduction + after)
reveal(
    "14-saving",
    "about 10 times",
    because=f"{direct:,} / ({reduction:,} + {after:,}) = {saving:.1f}. The reduction costs "
    "something, too: forgetting it gives 12.",
)

# %% [markdown]
# ### Find the slip
#
# Deck 001 says, after the paper, that GoogLeNet has 12 times fewer parameters than AlexNet and does
# twice the computations. Check both with the totals of the two tables: 60,965,224 and 6,998,552
# parameters, 724 and 1,583 million multiply-adds. Divide in your head: which one holds?

# %% tags=["paper"]
work = {name: table.multiply_adds for name, table in tables.items()}
fewer = counts["AlexNet"] / counts["GoogLeNet"]
more = work["GoogLeNet"] / work["AlexNet"]
print(f"parameters: {counts['AlexNet']:,} / {counts['GoogLeNet']:,} = {fewer:.1f}")
print(f"work:       {work['GoogLeNet']:,} / {work['AlexNet']:,} = {more:.2f}")
without = counts["GoogLeNet"] - dense["GoogLeNet"]
print(f"without GoogLeNet's dense layer: {counts['AlexNet'] / without:.1f}")
assert round(fewer, 1) == 8.7 and round(more, 2) == 2.18

# %% [markdown]
# "Twice the work" holds. "12 times" does not come out of the layer tables: it is 8.7. The deck is
# not to blame: the paper itself says 12, which would be 5 million for a network of 60 million. Even
# without its dense layer GoogLeNet has 6 million. (In training the paper's network had two
# auxiliary classifiers more, outputs in the middle that are not counted here.) A number that is
# *quoted* and a number that is *counted* are two things; say which one you have.

# %% [markdown]
# ## From scratch
#
# ### Optional: a 1x1 convolution as a product of matrices
#
# If a 1x1 convolution is a dense layer at each pixel, it must be a product of two matrices. `@`
# multiplies matrices: each row of the first meets each column of the second. For one pixel:

# %%
pixel = maps[:, 0, 0]  # the three numbers at the place in the corner
print("pixel:", pixel.tolist(), " filters @ pixel:", (filters @ pixel).tolist())

# %% [markdown]
# And for all pixels at once: `reshape(3, -1)` writes each map as one row (`-1` means: as many as
# there are), so that every pixel is a column.

# %%
columns = maps.reshape(3, -1)  # (3, 4): a column for each pixel
by_matrix = (filters @ columns).reshape(2, 2, 2)
assert np.array_equal(by_matrix, joined)
print("columns:", columns.shape, " result:", by_matrix.shape, " as by convolution: yes")

# %% [markdown]
# ### An Inception module, branch by branch
#
# Which kernel is best: 1, 3 or 5? Or is pooling better? Earlier networks choose. An **Inception
# module** does all of it, side by side, and joins the maps: the next layer may pick. Done plainly
# that would be dear, so each large kernel gets a 1x1 **reduction** before it, and pooling, which
# keeps all maps, a 1x1 **projection** after it. Seven numbers describe a module. These are those of
# the first one, called 3a:
#
# | branch | what it does | maps |
# |---|---|---|
# | 1 | 1x1 | **64** |
# | 2 | 1x1 reduction to **96**, then 3x3, padded by 1 | **128** |
# | 3 | 1x1 reduction to **16**, then 5x5, padded by 2 | **32** |
# | 4 | 3x3 max pooling, stride 1, padded by 1, then 1x1 projection | **32** |
#
# (The seventh number is how many maps come in, 192.) Every branch keeps the height and the width,
# by its padding; a ReLU follows every convolution. How many maps come out of the module?

# %% tags=["paper"]
print("64 + 128 + 32 + 32 =", 64 + 128 + 32 + 32)

# %% [markdown]
# You will write the module in the exercise. Here is its third branch alone, in PyTorch:

# %%
torch.manual_seed(0)
x = torch.rand(1, 192, 28, 28)  # one picture's maps
reduce5 = nn.Conv2d(192, 16, kernel_size=1)
conv5 = nn.Conv2d(16, 32, kernel_size=5, padding=2)
with torch.no_grad():
    thin = torch.relu(reduce5(x))
    branch3 = torch.relu(conv5(thin))
print("in", tuple(x.shape), " reduced", tuple(thin.shape), " out", tuple(branch3.shape))

# %% [markdown]
# To join maps, PyTorch has `torch.cat`: it lays tensors one behind the other along an axis. Axis 1
# counts the maps (axis 0 the pictures). All other axes must agree, which is why every branch keeps
# its size.

# %%
with torch.no_grad():
    branch1 = torch.relu(nn.Conv2d(192, 64, kernel_size=1)(x))
    both = torch.cat([branch1, branch3], dim=1)
print(tuple(branch1.shape), "and", tuple(branch3.shape), "make", tuple(both.shape))

# %% [markdown]
# ## In the framework
#
# GoogLeNet is three convolutions in a row (its **stem**), nine such modules, an average and one
# dense layer. What comes out of each module of the library's network:

# %% tags=["fold"]
shapes = {}
for name, module in networks["GoogLeNet"].inception.items():
    module.register_forward_hook(  # what is to happen whenever the module has computed
        lambda module, given, out, name=name: shapes.update({name: tuple(out.shape[1:])})
    )
networks["GoogLeNet"].eval()(torch.zeros(1, *picture, device="meta"))
for name, shape in shapes.items():
    numbers = sum(p.numel() for p in networks["GoogLeNet"].inception[name].parameters())
    print(f"{name}: {shape[0]:4} maps of {shape[1]:2} x {shape[2]:2}, {numbers:>9,} parameters")
assert shapes["5b"] == (1024, 7, 7)
with torch.device("meta"):
    with_two_more = GoogLeNet(auxiliary=True)
assert sum(p.numel() for p in with_two_more.parameters()) == 13_378_280

# %% [markdown]
# Max pooling stands between 3b and 4a, and between 4e and 5a. While GoogLeNet was
# trained, two more classifiers hung on modules 4a and 4d, to send a gradient to the early layers;
# the count above is without them (with them it has 13,378,280). They are taken off afterwards.
#
# ### The end: averaging in place of flattening
#
# The last module leaves 1024 maps of 7 by 7, and there are 1,000 classes. How many inputs, and how
# many parameters with biases, has a dense layer after flattening? And after **global average
# pooling**, the mean of each map (lesson 08)? Fill in: flattened ?, ?; averaged ?, ?.

# %% tags=["paper", "fold"]
from coursekit.scratch import dense_parameters

for name, inputs in (("flattened", 7 * 7 * 1024), ("averaged", 1024)):
    print(f"{name:9}: {inputs:6,} inputs, {dense_parameters(inputs, 1000):>10,} parameters")
assert dense_parameters(50_176, 1000) == 50_177_000 and dense_parameters(1024, 1000) == 1_025_000
assert dense_parameters(7 * 7 * 512, 4096) == 102_764_544

# %% [markdown]
# Of 49 weights 48 are gone, and no layer is missing. That is where VGG-16 pays: it
# flattens 512 maps of 7 by 7, and its first dense layer alone has 102,764,544 parameters, three
# quarters of the network.
#
# ### Optional: averaging in PyTorch, and pictures of another size
#
# In PyTorch the average is `mean` over the axes of height and width:

# %%
from coursekit.scratch import global_avg_pool2d

last = torch.rand(2, 1024, 7, 7)
means = last.mean(dim=(2, 3))
assert np.allclose(means[0].numpy(), global_avg_pool2d(last[0].numpy()), atol=1e-6)
print(tuple(last.shape), "->", tuple(means.shape), " as by coursekit.scratch: yes")

# %% [markdown]
# One more thing comes with it. A dense layer after flattening is made for one size of picture.
# Averages do not care:

# %%
average = nn.AdaptiveAvgPool2d(1)  # one number for each map, whatever its size
by_average = nn.Sequential(nn.Conv2d(3, 8, 3), average, nn.Flatten(), nn.Linear(8, 10))
by_flattening = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Flatten(), nn.Linear(8 * 30 * 30, 10))
for side in (32, 40):
    image = torch.rand(1, 3, side, side)
    print(f"{side} x {side}: averaged", tuple(by_average(image).shape), end=", ")
    try:
        print("flattened", tuple(by_flattening(image).shape))
    except RuntimeError:
        print("flattened: the dense layer does not fit")

# %% [markdown]
# ## Play
#
# `price` counts what an Inception module costs: its parameters, and its multiplications for maps of
# 28 by 28, branch by branch. The line below is module 3a.
#
# 1. Which branch does the most work in 3a? Is it the one with the largest kernels?
# 2. What would 3a cost without reductions? (Write `price(192, 64, None, 128, None, 32, 32)`.)


# %% tags=["fold"]
def price(in_channels, c1, c3_reduce, c3, c5_reduce, c5, pool_proj, side=28):
    """Print the price of an Inception module; None for a reduction leaves it out."""
    branches = {
        "1x1": [(in_channels, c1, 1)],
        "3x3": [(in_channels, c3_reduce, 1), (c3_reduce or in_channels, c3, 3)],
        "5x5": [(in_channels, c5_reduce, 1), (c5_reduce or in_channels, c5, 5)],
        "pooling": [(in_channels, pool_proj, 1)],
    }
    total = [0, 0]
    for name, layers in branches.items():
        layers = [layer for layer in layers if layer[1] is not None]
        parameters = sum(conv_parameters(*layer) for layer in layers)
        products = side * side * sum(conv_parameters(*layer, bias=False) for layer in layers)
        print(f"{name:8} {parameters:>8,} parameters {products:>12,} multiplications")
        total = [total[0] + parameters, total[1] + products]
    print(f"{'all':8} {total[0]:>8,} parameters {total[1]:>12,} multiplications")
    print("maps that come out:", c1 + c3 + c5 + pool_proj)


# %%
price(192, 64, 96, 128, 16, 32, 32)

# %% tags=["fold"]
branch3, with_all = 96 * (192 + 9 * 128), 64 * 192 + 96 * (192 + 9 * 128) + 16 * (192 + 25 * 32)
assert round(28**2 * branch3 / 1e6) == 101 and round(28**2 * (with_all + 32 * 192) / 1e6) == 128
bare = [(64, 1), (128, 3), (32, 5), (32, 1)]  # what stands in the answers below
assert sum(conv_parameters(192, maps, size) for maps, size in bare) == 393_472
assert 28**2 * sum(192 * maps * size**2 for maps, size in bare) > 300_000_000

# %% [markdown]
# <details><summary>Answers</summary>
#
# 1. The 3x3 branch, with 101 of 128 million multiplications: it has four times as many maps as the
#    5x5 branch, and a much weaker reduction (96 of 192 against 16).
# 2. 393,472 parameters and more than 300 million multiplications, 2.4 times as many of both.
#
# </details>

# %% [markdown]
# ### Optional: the two networks side by side
#
# The explorer of lesson 12 holds both networks of this lesson, layer by layer.
#
# 3. How many times as many parameters has VGG-16, and how many times as much work? Why are the two
#    numbers so far apart?
# 4. In which layer of VGG-16 are most of its parameters? Does it also do most of the work?

# %%
from coursekit.widgets import ArchitectureExplorer

explorer = ArchitectureExplorer("VGG-16", "GoogLeNet")
explorer

# %% tags=["fold"]
vgg, googlenet = explorer.tables.values()  # what stands in the answers below
for what, times, share in [("parameters", 19.8, 0.894), ("multiply_adds", 9.8, 0.008)]:
    whole = sum(row[what] for row in vgg)
    dense = sum(row[what] for row in vgg if row["kind"] == "dense")
    assert round(whole / sum(row[what] for row in googlenet), 1) == times
    assert round(dense / whole, 3) == share
fc6 = next(row for row in vgg if row["name"] == "fc6")
assert round(fc6["parameters"] / sum(row["parameters"] for row in vgg), 2) == 0.74
assert fc6["multiply_adds"] < max(row["multiply_adds"] for row in vgg) / 15

# %% [markdown]
# <details><summary>Answers</summary>
#
# 3. 19.8 times the parameters, 9.8 times the work. What GoogLeNet leaves out is above all the dense
#    layers, and these have 89.4 % of the parameters of VGG-16, but only 0.8 % of its work.
# 4. In `fc6`, the first dense layer: 74 of 100. No: several convolutions on large maps each do more
#    than 15 times its work.
#
# </details>

# %% [markdown]
# ## A mistake people make
#
# > *"The network with fewer parameters is the faster one."*
#
# For one picture AlexNet does 724 million multiply-adds, GoogLeNet 1,583 million and VGG-16 15,470
# million, with 61, 7 and 138 million parameters. Divide: how many times does each network use a
# weight for one picture, on average? And how many times is a weight of a dense layer used?

# %% tags=["paper"]
for name in sorted(work, key=work.get):
    print(f"{name:10} {work[name]:>14,} / {counts[name]:>11,} = {work[name] / counts[name]:5.1f}")
print("a weight of a dense layer: once")
assert [round(count / 1e6) for count in work.values()] == [724, 15470, 1583]
assert work["AlexNet"] < work["GoogLeNet"] < work["VGG-16"]

# %% [markdown]
# AlexNet does the least work, with 8.7 times the parameters of GoogLeNet. Nearly all weights of
# AlexNet are dense and used once; GoogLeNet's are in convolutions, and used at every place.
# Parameters fill memory, multiplications take time, and neither tells the other (lesson 12).

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/14_vgg_and_googlenet.ipynb) you write `vgg_block` for any number of
# convolutions and `Inception` for any seven numbers, and put the first modules of GoogLeNet
# together.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "14-q1",
    "Two 3x3 convolutions in a row, with C maps everywhere. Which single kernel sees as much, and "
    "how many weights does it take?",
    [
        ("5x5, with 25 C² weights against 18 C²", True, "Yes: 1 + 2 + 2 = 5, and 2 x 9 = 18."),
        ("6x6, with 36 C² weights against 18 C²", False, "The two windows overlap: 1 + 2 + 2."),
        ("5x5, with 25 C² weights against 9 C²", False, "There are two layers, each with 9 C²."),
        ("9x9, with 81 C² weights against 18 C²", False, "Sizes do not multiply: 1 + 2 + 2 = 5."),
    ],
)

# %%
quiz(
    "14-q2",
    "256 maps of 14 by 14 go into a 1x1 convolution with 64 filters. What comes out, and how many "
    "weights has it (biases left out)?",
    [
        ("64 maps of 14 by 14, from 16,384 weights", True, "Yes: 64 x 256 weights, 1 x 1 each."),
        (
            "64 maps of 14 by 14, from 64 weights",
            False,
            "Each filter reaches through 256 maps.",
        ),
        ("256 maps of 14 by 14, from 64 weights", False, "One map for each filter, so 64 maps."),
        ("64 maps of 1 by 1, from 16,384 weights", False, "It slides over all places."),
    ],
)

# %%
quiz(
    "14-q3",
    "Why do all four branches of an Inception module pad as they do?",
    [
        (
            "so that their maps have one size and can be joined",
            True,
            "Yes: torch.cat along the channels needs equal heights and widths.",
        ),
        (
            "so that all four have the same number of maps",
            False,
            "Their numbers differ: 64, 128, 32 and 32 in the first module.",
        ),
        (
            "so that the maps become smaller from module to module",
            False,
            "Padding keeps the size; max pooling between modules halves it.",
        ),
        (
            "so that the 5x5 branch needs no more weights than the 3x3",
            False,
            "Padding changes no number of weights.",
        ),
    ],
)

# %%
quiz(
    "14-q4",
    "A network ends with 512 maps of 7 by 7. Flattening is replaced by averaging each map, before "
    "a dense layer with 1,000 outputs. What changes?",
    [
        (
            "The dense layer loses 48 of 49 weights.",
            True,
            "Yes: 512 inputs in place of 25,088.",
        ),
        (
            "The convolutions lose 48 of 49 weights.",
            False,
            "Their weights do not depend on the size of the maps.",
        ),
        (
            "The number of multiplications falls to 1/49.",
            False,
            "Only those of the dense layer; the convolutions do most of the work.",
        ),
        (
            "The number of classes falls to 512.",
            False,
            "The dense layer still has 1,000 outputs.",
        ),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. Three 3x3 layers see 7 by 7 pixels, with 27 in place of 49 weights and two more ReLUs.
# 2. VGG: blocks of such layers with pooling behind; 138 million parameters, 89 % of them dense.
# 3. A 1x1 convolution mixes the maps at each pixel; with few filters it makes the next layer cheap:
#    192 to 16 maps saves 9.7 times, not 12.
# 4. An Inception module does 1x1, 3x3, 5x5 and pooling side by side and joins the maps.
# 5. Averaging whole maps in place of flattening saves most of the weights; GoogLeNet has 7 million.

# %% [markdown]
# ## Words
#
# - **VGG block**: a few 3x3 convolutions with ReLU, then 2x2 max pooling.
# - **1x1 convolution**: a weighted sum of all maps at each place; a dense layer for every pixel.
# - **Reduction**, **projection**: a 1x1 convolution that makes the stack of maps thinner, before a
#   large kernel or after a pooling.
# - **Inception module**: four branches side by side, joined on the channel axis.
# - **Global average pooling**: the mean of each map; one number for each.
# - **Auxiliary classifier**: a second output in the middle of a network, for training alone.
# - **Meta device**: PyTorch's device that knows shapes and holds no numbers.

# %% [markdown]
# ## Further reading
#
# - K. Simonyan and A. Zisserman, *Very deep convolutional networks for large-scale image
#   recognition*, ICLR, 2015: table 1 has all their networks; ours is column D.
# - C. Szegedy and others, *Going deeper with convolutions*, CVPR, 2015: table 1 has the seven
#   numbers of every module. (The name honours LeNet: GoogLeNet, with a capital L.)
# - M. Lin, Q. Chen and S. Yan, *Network in network*, ICLR, 2014: 1x1 convolutions and global
#   average pooling.
# - C. Szegedy and others, *Rethinking the Inception architecture for computer vision*, CVPR, 2016:
#   two 3x3 in place of a 5x5 inside the module.
#
# PyTorch's own library has the same VGG-16. Its GoogLeNet is another one: with batch normalization,
# and 3x3 kernels where the paper has 5x5. The ideas and the figures quoted are from deck 001
# (*VGGNet Architecture*, *GoogleNet Architecture*); the layer tables are the papers'. **Next:**
# [15 ResNet](15_resnet.ipynb).
