# ---
# jupyter:
#   coursekit:
#     lesson: "15"
#     title: "Exercise: ResNet"
#     minutes: 30
#     datasets: []
# ---

# %% [markdown]
# # 15 · Exercise: ResNet
#
# You will write `ResidualBlock` and put thirty of them in a row. The checker puts secret
# kernels into your block, knows what must come out, and asks whether gradients find the way past
# it. If you are stuck, make a new cell with `hint("ResidualBlock")`: there are three hints.
#
# Lesson: [15 ResNet](../lessons/15_resnet.ipynb). Points: 6 (for `ResidualBlock`).

# %%
import torch
from torch import nn

from coursekit import check, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A block turns 16 maps of 8 by 8 into 32 maps with stride 2. Its two convolutions are 3x3, padded
# by 1; the projection is 1x1, not padded. None of them has biases. Replace the three `None`.

# %%
weights_of_the_first = 9 * 16 * 32  # = 4,608
### solution
weights_of_the_second = 9 * 32 * 32
weights_of_the_projection = 16 * 32
side_of_the_maps = 4
### stub
weights_of_the_second = None
weights_of_the_projection = None
side_of_the_maps = None
### end

# %% tags=["fold"]
right = {
    "weights_of_the_second": 9216,
    "weights_of_the_projection": 512,
    "side_of_the_maps": 4,
}
for name, value in right.items():
    mine = globals()[name]
    if mine is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {mine:,}", "is right" if mine == value else "is not right yet")

# %% [markdown]
# ## 2 · `ResidualBlock`
#
# Through the block: a 3x3 convolution (it has the stride), ReLU, a second 3x3 convolution. Past the
# block: `x` itself (`nn.Identity()`), or, where the stride is not 1 or the number of maps changes,
# a 1x1 convolution with the same stride. Both are added; a ReLU comes last. Batch norm
# (`nn.BatchNorm2d(out_channels)`) right after a convolution, one for each, belongs to the recipe;
# the checker takes the block with all of them, with some or with none.


# %%
class ResidualBlock(nn.Module):
    """ReLU(shortcut + residual).

    (N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride), rounded up.
    """

    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        ### solution
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Conv2d(in_channels, out_channels, 1, stride=stride, bias=False)
        ### stub
        # both convolutions, and the shortcut
        ### end

    def forward(self, x):
        ### solution
        residual = torch.relu(self.bn1(self.conv1(x)))
        residual = self.bn2(self.conv2(residual))
        return torch.relu(self.shortcut(x) + residual)
        ### stub
        raise NotImplementedError  # your code here
        ### end


# %%
check("ResidualBlock", ResidualBlock)

# %% [markdown]
# ## 3 · Use it: a way for gradients
#
# Thirty of your blocks in a row, and thirty times two convolutions without a shortcut; batch norm
# is taken out of both. How large is the gradient that arrives at the input? The cell waits until
# your block is right.

# %% tags=["banded"]
from coursekit import measured

if check("ResidualBlock", ResidualBlock).passed:
    torch.manual_seed(0)

    def without_norm(block):
        for part in list(block.modules()):
            for name, child in list(part.named_children()):
                if isinstance(child, nn.BatchNorm2d):
                    setattr(part, name, nn.Identity())
        return block

    def plain():
        first, second = (nn.Conv2d(8, 8, 3, padding=1) for _ in range(2))
        return nn.Sequential(first, nn.ReLU(), second, nn.ReLU())

    sizes = {}
    for name, make in (("plain", plain), ("residual", lambda: without_norm(ResidualBlock(8, 8)))):
        network = nn.Sequential(*[make() for _ in range(30)])
        picture = torch.rand(1, 8, 8, 8, requires_grad=True)
        network(picture).mean().backward()
        sizes[name] = picture.grad.abs().mean().item()
        measured(f"mean size of the gradient, {name}", sizes[name])
    ratio = sizes["residual"] / max(sizes["plain"], 1e-30)
    measured("times that the residual one is larger", ratio, at_least=1000)
else:
    print("the comparison waits until the check passes")

# %% [markdown]
# With PyTorch's usual small weights next to nothing arrives through sixty plain layers. (With batch
# norm the plain gradients would not vanish: that is why the paper gives another reason for its
# shortcuts.)

# %% [markdown]
# ## 4 · To think about (no points)
#
# Why does the last ReLU stand *after* the addition? What could a block not do if it stood before?
# (The solutions have an answer.)

# %% [markdown] tags=["solution"]
# With the ReLU before the addition a residual could never be negative: blocks could only add to
# their input, never take anything away, and the numbers would grow from block to block.
