# ---
# jupyter:
#   coursekit:
#     lesson: "16"
#     title: "Exercise: Looking inside"
#     minutes: 30
#     datasets: []
# ---

# %% [markdown]
# # 16 · Exercise: Looking inside
#
# You will write `saliency`, which says for each pixel of a picture how strongly the score of a
# class would answer to a small change of it. The checker builds small networks with secret weights
# and works out their gradients by hand. If you are stuck, make a new cell with `hint("saliency")`:
# there are three hints.
#
# Lesson: [16 Looking inside](../lessons/16_looking_inside.ipynb). Points: 6 (for `saliency`).

# %%
import torch
from torch import nn

from coursekit import check, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A network without any ReLU: the score of class 1 is a weighted sum of all pixels. The picture has
# one row of three pixels, in two channels. These are the weights of class 1:
#
# | | pixel 0 | pixel 1 | pixel 2 |
# |---|---|---|---|
# | channel 0 | 2 | -1 | 0 |
# | channel 1 | -5 | 0.5 | 1 |
#
# The gradient of the score by a pixel in a channel is its weight, whatever the picture. What is the
# saliency of each pixel, the largest absolute gradient over the channels? Replace the two `None`.

# %%
saliency_of_pixel_0 = 5  # the larger of |2| and |-5|
### solution
saliency_of_pixel_1 = 1
saliency_of_pixel_2 = 1
### stub
saliency_of_pixel_1 = None
saliency_of_pixel_2 = None
### end

# %% tags=["fold"]
right = {"saliency_of_pixel_0": 5, "saliency_of_pixel_1": 1, "saliency_of_pixel_2": 1}
for name, value in right.items():
    mine = globals()[name]
    if mine is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {mine}", "is right" if mine == value else "is not right yet")

# %% [markdown]
# ## 2 · `saliency`
#
# `model` takes batches, (N, C, H, W), and gives scores, (N, classes), before any softmax. `image`
# is one picture, (C, H, W), `target` the number of a class. Wanted is a tensor (H, W): for each
# pixel the largest absolute gradient over the channels, of the target's score. (`amax(dim=0)` takes
# the largest along the first axis.)
#
# Whoever calls your function goes on with the model and the picture afterwards, so **leave both as
# they were**: the picture (which may ask for gradients itself), the modes of the layers, and the
# gradients that training keeps in `.grad` of each weight. `torch.autograd.grad` (see the lesson)
# touches none of them. Ask the model in the mode in which it comes: no `eval()`, no `train()`.


# %%
def saliency(model, image, target):
    """The largest absolute gradient of a score over the channels: (C, H, W) -> (H, W)."""
    ### solution
    x = image.detach().clone()[None].requires_grad_()  # a batch of one, of its own
    score = model(x)[0, target]
    gradient = torch.autograd.grad(score, x)[0]
    return gradient[0].abs().amax(dim=0)
    ### stub
    # a copy of the picture as a batch of one; the score of the target; its gradient by the copy
    raise NotImplementedError  # your code here
    ### end


# %%
check("saliency", saliency)

# %% [markdown]
# ## 3 · Use it: a photograph
#
# The course's network for photographs tells six classes apart. Here it sees a rectangle that we
# draw. Which pixels does its highest score answer to most, when they change a little? The cell
# waits until your function is right.

# %% tags=["banded"]
from coursekit import figures, measured
from coursekit.models import load_pretrained

if check("saliency", saliency).passed:
    backbone = load_pretrained("backbone")
    picture = torch.full((3, 32, 32), 0.4)
    picture[:, 10:22, 8:24] = torch.tensor([0.9, 0.3, 0.2])[:, None, None]
    target = backbone(picture[None]).argmax().item()
    found = saliency(backbone, picture, target)
    figures.images(
        [("picture", picture.permute(1, 2, 0).numpy()), ("saliency", found.numpy())],
        alt="A reddish rectangle on grey, and beside it a map of 32 by 32 pixels that is bright in "
        "and around the rectangle and dark near the border of the picture.",
    )
    inner, border = found[7:25, 5:27].mean(), found[[0, 1, 30, 31]].mean()
    measured("mean in and near the rectangle, of that near the border", inner / border, at_least=2)
else:
    print("the photograph waits until the check passes")

# %% [markdown]
# ## 4 · To think about (no points)
#
# Why the gradient of the *score* and not that of the *probability* after the softmax? Think of a
# picture of which the network is very sure. (The solutions have an answer.)

# %% [markdown] tags=["solution"]
# The probability is near 1 then, and hardly moves whatever a pixel does: its gradient is nearly 0
# everywhere. It also moves when the score of *another* class moves: a pixel that speaks for "cat"
# would light up in the map of "dog".
