# ---
# jupyter:
#   coursekit:
#     lesson: "14"
#     title: "Exercise: VGG and GoogLeNet"
#     minutes: 40
#     datasets: []
# ---

# %% [markdown]
# # 14 · Exercise: VGG and GoogLeNet
#
# You will write `vgg_block` and `Inception`, for any numbers of maps. The checker puts secret
# weights into your layers and knows which maps must come out; in which order you make the layers
# does not matter to it. If you are stuck, make a new cell with `hint("Inception")`: there are three
# hints for each.
#
# Lesson: [14 VGG and GoogLeNet](../lessons/14_vgg_and_googlenet.ipynb). Points: 6 (2 for
# `vgg_block`, 4 for `Inception`).

# %%
import torch
from torch import nn

from coursekit import check, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# The second module of GoogLeNet, called 3b, gets 256 maps. Its numbers: 1x1 **128**; 3x3 reduction
# to **128**, then **192**; 5x5 reduction to **32**, then **96**; projection **64**. Replace the
# four `None`, then run the folded cell below: it says which are right.

# %%
multiplications_1x1 = 256 * 128  # for each pixel, = 32,768
multiplications_3x3 = 256 * 128 + 9 * 128 * 192  # = 253,952
### solution
multiplications_5x5 = 256 * 32 + 25 * 32 * 96
multiplications_pool = 256 * 64
multiplications_5x5_without_reduction = 25 * 256 * 96
maps_that_come_out = 128 + 192 + 96 + 64
### stub
multiplications_5x5 = None
multiplications_pool = None
multiplications_5x5_without_reduction = None
maps_that_come_out = None
### end

# %% tags=["fold"]
right = {
    "multiplications_5x5": 84_992,
    "multiplications_pool": 16_384,
    "multiplications_5x5_without_reduction": 614_400,
    "maps_that_come_out": 480,
}
for name, value in right.items():
    mine = globals()[name]
    if mine is None:
        print(f"{name}: not attempted yet")
    elif name == "multiplications_5x5" and mine == 25 * 32 * 96:
        print(f"{name}: {mine:,} is not right yet: the reduction costs something, too")
    else:
        print(f"{name}: {mine:,}", "is right" if mine == value else "is not right yet")

# %% [markdown]
# ## 2 · `vgg_block`
#
# `convs` convolutions of 3 by 3, padded so that they keep the size, each with a ReLU behind it;
# then 2 by 2 max pooling, once. The first convolution turns `in_channels` maps into `out_channels`,
# the others keep that number. It is a function that makes a module and returns it. `nn.Sequential`
# takes layers one by one; `nn.Sequential(*layers)` takes those of a list.


# %%
def vgg_block(in_channels, out_channels, convs):
    """Make a VGG block: (N, in_channels, H, W) -> (N, out_channels, H/2, W/2).

    convs: how many convolutions, 1 or more. Returns an nn.Module.
    """
    ### solution
    layers = []
    for _ in range(convs):
        layers.append(nn.Conv2d(in_channels, out_channels, kernel_size=3, padding=1))
        layers.append(nn.ReLU())
        in_channels = out_channels
    layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)
    ### stub
    layers = []
    # your code here: fill the list
    raise NotImplementedError
    ### end


# %%
check("vgg_block", vgg_block)

# %% [markdown]
# ## 3 · `Inception`
#
# The module of the lesson, for any seven numbers. Join the maps **in the order of the table**.
#
# | branch | what it does | maps |
# |---|---|---|
# | 1 | 1x1 | `c1` |
# | 2 | 1x1 to `c3_reduce`, then 3x3 padded by 1 | `c3` |
# | 3 | 1x1 to `c5_reduce`, then 5x5 padded by 2 | `c5` |
# | 4 | 3x3 max pooling with stride 1, padded by 1, then 1x1 | `pool_proj` |
#
# A ReLU follows each of the six convolutions; all have biases. The third branch stands in the
# lesson.


# %%
class Inception(nn.Module):
    """Four branches joined: (N, in_channels, H, W) -> (N, c1 + c3 + c5 + pool_proj, H, W)."""

    def __init__(self, in_channels, c1, c3_reduce, c3, c5_reduce, c5, pool_proj):
        super().__init__()
        ### solution
        self.conv1 = nn.Conv2d(in_channels, c1, kernel_size=1)
        self.reduce3 = nn.Conv2d(in_channels, c3_reduce, kernel_size=1)
        self.conv3 = nn.Conv2d(c3_reduce, c3, kernel_size=3, padding=1)
        self.reduce5 = nn.Conv2d(in_channels, c5_reduce, kernel_size=1)
        self.conv5 = nn.Conv2d(c5_reduce, c5, kernel_size=5, padding=2)
        self.pool = nn.MaxPool2d(3, stride=1, padding=1)
        self.project = nn.Conv2d(in_channels, pool_proj, kernel_size=1)
        ### stub
        self.conv1 = nn.Conv2d(in_channels, c1, kernel_size=1)
        # the other five convolutions, and the pooling
        ### end

    def forward(self, x):
        ### solution
        one = torch.relu(self.conv1(x))
        three = torch.relu(self.conv3(torch.relu(self.reduce3(x))))
        five = torch.relu(self.conv5(torch.relu(self.reduce5(x))))
        pooled = torch.relu(self.project(self.pool(x)))
        return torch.cat([one, three, five, pooled], dim=1)
        ### stub
        raise NotImplementedError  # your code here
        ### end


# %%
check("Inception", Inception)

# %% [markdown]
# ## 4 · Use it: two networks from your blocks
#
# With your two parts, both networks of the lesson can be put together. The cell waits until your
# answers are right. It builds the convolutions of VGG-16, and GoogLeNet from its stem to module 3b,
# and asks how many parameters each has, and what comes out.

# %%
ready = [check("vgg_block", vgg_block), check("Inception", Inception)]
if all(result.passed for result in ready):
    with torch.device("meta"):  # shapes without numbers
        vgg = nn.Sequential(
            *[vgg_block(3, 64, 2), vgg_block(64, 128, 2), vgg_block(128, 256, 3)],
            *[vgg_block(256, 512, 3), vgg_block(512, 512, 3)],
        )
        stem = [
            *[nn.Conv2d(3, 64, 7, stride=2, padding=3), nn.ReLU()],
            *[nn.MaxPool2d(3, stride=2, ceil_mode=True), nn.Conv2d(64, 64, 1), nn.ReLU()],
            *[
                nn.Conv2d(64, 192, 3, padding=1),
                nn.ReLU(),
                nn.MaxPool2d(3, stride=2, ceil_mode=True),
            ],
        ]
        modules = [
            Inception(192, 64, 96, 128, 16, 32, 32),
            Inception(256, 128, 128, 192, 32, 96, 64),
        ]
        pictures = torch.zeros(1, 3, 224, 224)
        for name, part in (("VGG-16", vgg), ("GoogLeNet to 3b", nn.Sequential(*stem, *modules))):
            numbers = sum(p.numel() for p in part.parameters())
            print(f"{name}: {numbers:,} parameters, {tuple(part(pictures).shape[1:])} comes out")
else:
    print("the networks wait until both checks pass")

# %% [markdown]
# <details><summary>What should come out</summary>
#
# VGG-16's convolutions have 14,714,688 parameters and leave 512 maps of 7 by 7. GoogLeNet to 3b has
# 676,848 and leaves 480 maps of 28 by 28.
#
# </details>

# %% [markdown]
# ## 5 · To think about (no points)
#
# A later network of the same authors replaces the 5x5 kernels inside the module by two 3x3 in a
# row. What does that save in module 3b, after the reduction, if the first of the two has 96 filters
# as well? Is it always a saving? (The solutions have an answer.)

# %% tags=["solution"]
for between in (96, 32):
    one, two = 25 * 32 * 96, 9 * 32 * between + 9 * between * 96
    print(f"5x5: {one:,} multiplications, two 3x3 with {between} maps between: {two:,}")

# %% [markdown] tags=["solution"]
# With 96 maps between them the two 3x3 are *dearer*: 110,592 against 76,800, since the second one
# reads 96 maps, not 32. With 32 between them they are cheaper, 36,864. The saving of 18 against 25
# holds where as many maps come in as go out.
