# ---
# jupyter:
#   coursekit:
#     lesson: "19"
#     title: Backpropagation through a convolution
#     topics: []
#     minutes: 60
#     datasets: []
# ---

# %% [markdown]
# # 19 · Backpropagation through a convolution
#
# **How do gradients flow back through a convolution?**
#
# After this lesson you can
#
# - find the gradient of a kernel, and of the picture under it, with a pencil,
# - say why the gradient of a convolution is a convolution again, and what is padded and what is
#   turned in it,
# - carry a gradient back through ReLU and max pooling,
# - check any gradient by nudging,
# - read the way back through a convolution in NumPy, line by line.
#
# **Time:** about 60 minutes. **Before this:** [11 The training loop](11_training_loop.ipynb) (a
# gradient by hand, nudging) and [08 ReLU and pooling](08_relu_and_pooling.ipynb).

# %% [markdown]
# ## See it: who had a share?
#
# A network's answer is wrong. Which weights are to blame, and by how much? In a dense layer every
# weight has one input and one output: error times input, as in lesson 11. In a convolution a weight
# is used at every place, and the kernel covers a pixel from several places. Slide a 3 by 3 kernel
# over a picture of 5 by 5, and count for every pixel and every weight in how many of the nine sums
# it stands. (`np.ndindex(3, 3)` goes through all pairs of row and column.)

# %%
import numpy as np

from coursekit import figures, measured, predict, quiz, reveal
from coursekit.scratch import conv2d

pixels, weights = np.zeros((5, 5), dtype=int), np.zeros((3, 3), dtype=int)
for i, j in np.ndindex(3, 3):  # the nine output cells
    pixels[i : i + 3, j : j + 3] += 1
    weights += 1
figures.grids([("in how many sums: each pixel", pixels), ("each weight", weights)], operators=("",))

# %% [markdown]
# The pixel in the middle had a share in all nine output cells, a corner in one. Every weight had a
# share in all nine. Finding the gradient is *bookkeeping of shares*, from the loss back to the
# picture. This is called **backpropagation**.

# %% [markdown]
# ## Predict
#
# A picture of 5 by 5, a kernel of 3 by 3, so the output has 3 by 3 cells. For each of these nine
# somebody has told you how fast the loss grows with it: the **gradient of the output**. You want
# the gradient of the kernel: nine numbers. Nudging finds them slowly, a weight at a time, as in
# lesson 11. Here it is as a function; it will check whatever we calculate. (`loss` is a function
# without arguments; a short one without a name can be written `lambda: ...`.)


# %%
def nudged(loss, array, tiny=1e-4):
    """Slope of the loss by every number of an array: a little up, a little down, each by itself."""
    slopes = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        old = array[place]
        array[place] = old + tiny
        above = loss()
        array[place] = old - tiny
        slopes[place] = (above - loss()) / (2 * tiny)
        array[place] = old
    return slopes


# %%
predict(
    "19-slides",
    "The nine numbers come out at once, if one array is slid over the picture. Which array?",
    options=[
        "the kernel",
        "the kernel after half a turn",
        "the gradient of the output",
        "the gradient of the output after half a turn",
    ],
)

# %% tags=["reveal", "fold"]
rng = np.random.default_rng(19)
picture, kernel3 = rng.integers(0, 10, (5, 5)), rng.integers(-3, 4, (3, 3)).astype(float)
grad3 = rng.integers(-2, 3, (3, 3))  # made up: how fast the loss grows with each output cell
# Some loss with just this gradient: each output cell counts by its factor.
slopes = nudged(lambda: (conv2d(picture, kernel3) * grad3).sum(), kernel3)
others = [kernel3, kernel3[::-1, ::-1], grad3[::-1, ::-1]]
assert np.abs(slopes - conv2d(picture, grad3)).max() < 1e-6
assert all(np.abs(slopes - conv2d(picture, other)).max() > 1 for other in others)
reveal(
    "19-slides",
    "the gradient of the output",
    because="Nudging all nine weights gives the same numbers, to 6 decimals, and the three other "
    "arrays do not. Why, you work out below.",
)

# %% [markdown]
# ## By hand
#
# ### Factors multiply along a way, ways add up
#
# Begin with one row. A picture of three pixels, 4 1 3, and a kernel of two weights, 2 5, give two
# output cells: 4·2 + 1·5 = 13 and 1·2 + 3·5 = 17. Say the gradient of the output is 1 and -2: if
# the first cell grows by a tiny bit, the loss grows by as much; if the second does, the loss falls
# by twice as much.
#
# Now nudge the first weight, the 2. It has two ways to the loss:
#
# - through the first cell, where it is multiplied with the pixel 4, and then 1: 4 · 1 = 4,
# - through the second cell, where it is multiplied with the pixel 1, and then -2: 1 · (-2) = -2.
#
# Its gradient is 4 - 2 = **2**. Along a way the factors are multiplied; all ways are added up. This
# is the **chain rule**, and it is all there is to backpropagation. Your turn: what are the
# gradients of the other weight, the 5, and of the three pixels?

# %% tags=["paper", "fold"]
row, kernel2, grad2 = np.array([[4.0, 1, 3]]), np.array([[2.0, 5]]), np.array([[1.0, -2]])


def loss_of_row():
    return (conv2d(row, kernel2) * grad2).sum()


by_weight, by_pixel = nudged(loss_of_row, kernel2), nudged(loss_of_row, row)
print("weights:", by_weight.round(6).tolist(), " the 5: 1 * 1 + 3 * (-2)")
print("pixels: ", by_pixel.round(6).tolist(), " the 1: 5 * 1 + 2 * (-2)")
assert np.allclose(by_weight, [[2, -5]]) and np.allclose(by_pixel, [[2, 1, -10]])

# %% [markdown]
# ### The gradient of the kernel
#
# Now the picture and the kernel of lesson 03. To have easy numbers, the gradient of the output is 1
# in all nine cells: the loss is simply the sum of the output. The weight in the top left corner
# meets the nine outlined pixels, each in one output cell. Its gradient is their sum:
# 3 + 5 + 2 + 9 + 7 + 5 + 2 + 0 + 6 = 39.

# %%
image = np.array(
    [[3, 5, 2, 8, 1], [9, 7, 5, 4, 3], [2, 0, 6, 1, 6], [6, 3, 7, 9, 2], [1, 4, 9, 5, 1]]
)
kernel = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]])
ones = np.ones((3, 3), dtype=int)
figures.grids(
    [("picture", image), ("kernel", kernel), ("gradient of the output", ones)],
    operators=("", ""),
    highlight={0: [(r, c) for r in range(3) for c in range(3)], 1: [(0, 0)]},
)

# %% [markdown]
# Which pixels does the weight to its right meet, and which the weight in the bottom right corner?
# Work out these two gradients.

# %% tags=["paper"]
grad_kernel = conv2d(image, ones)
figures.grids(
    [("picture", image), ("gradient of the output", ones), ("gradient of the kernel", grad_kernel)],
    operators=("*", "="),
)

# %% [markdown]
# All nine at once: the gradient of the output slides over the picture. In symbols, with $L$ for the
# loss, $g_{ij}$ for the gradient of the output, and $\partial L / \partial w_{ab}$ (read: *how much
# L grows, for each tiny bit that w grows*) for the gradient of the weight in row $a$, column $b$:
#
# $$s_{ij} = \sum_{a,b} x_{i+a,\,j+b}\, w_{ab} \qquad\qquad
# \frac{\partial L}{\partial w_{ab}} = \sum_{i,j} x_{i+a,\,j+b}\, g_{ij}$$
#
# On the left is the convolution of lesson 03 ($x$ is the picture, $w$ the kernel, $s$ the output),
# on the right the gradient of its kernel: the same sum, with $g$ in the place of $w$.
#
# ### The gradient of the picture
#
# A network of two convolutions also needs the gradient of the *picture* of the second one: that is
# the output of the first, and there its gradient goes on backwards. The pixel in row 1, column 1 (a
# 7; we count from 0) lies under the kernel in four output cells:
#
# | output cell | the weight that lies on the pixel | is |
# |---|---|---|
# | 0, 0 | row 1, column 1 | 1 |
# | 0, 1 | row 1, column 0 | 1 |
# | 1, 0 | row 0, column 1 | 0 |
# | 1, 1 | row 0, column 0 | 1 |
#
# With a gradient of 1 in every cell, that is 1 + 1 + 0 + 1 = 3. Look at the second column: as the
# output cells run on to the right and down, the weights run **backwards**. What does the corner
# pixel in row 0, column 0 get, what the one in the very middle? If you like, fill in all 25.

# %% tags=["paper", "fold"]
pixels = image.astype(float)
grad_image = conv2d(ones, kernel, flip=True, padding=2)
figures.grids([("kernel", kernel), ("gradient of the picture", grad_image)], operators=("",))
slopes = nudged(lambda: conv2d(pixels, kernel).sum(), pixels)
assert np.allclose(slopes, grad_image)
print("nudging all 25 pixels gives the same")

# %% [markdown]
# The corner stands in one sum, with the top left weight: 1. The middle stands in all nine sums,
# with every weight once: 4.
#
# In symbols, for the pixel in row $r$, column $c$:
#
# $$\frac{\partial L}{\partial x_{rc}} = \sum_{i,j} g_{ij}\, w_{r-i,\,c-j}$$
#
# This, too, is a convolution, and the minus is lesson 03's half a turn: the kernel is *turned* and
# slides over the gradient of the output. A pixel near the edge would also meet output cells that do
# not exist; they have no share, so **zeros** stand in their place: for a kernel of $m$ by $n$ that
# is $m - 1$ rows above and below and $n - 1$ columns left and right, here two of each. Such a
# convolution is called a **full convolution**; 3 by 3 becomes 5 by 5. So the convolution of
# mathematics, which libraries do not use on the way forwards, is what they use on the way back.
#
# ### Find the slip
#
# Deck 001 writes convolution down both ways, with the turned kernel and without, and calculates
# without. Somebody concludes that the turn does not matter on the way back either, and slides the
# kernel as it is. The size is right, and so is the sum of all 25 numbers. How many of the 25 are
# wrong?

# %%
not_turned = conv2d(ones, kernel, padding=2)
figures.grids([("without the turn", not_turned)], operators=())

# %% tags=["reveal"]
wrong = np.argwhere(not_turned != grad_image)
figures.grids(
    [("right", grad_image), ("without the turn", not_turned)],
    operators=("!=",),
    highlight={1: [tuple(place) for place in wrong.tolist()]},
)
print("wrong:", len(wrong), "of", grad_image.size)
assert len(wrong) == 12 and not_turned.sum() == grad_image.sum()

# %% [markdown]
# Twelve. Nothing crashes, no shape is wrong, and a network may learn all the same: its other layers
# make up for it (below you see one). Such mistakes are not found by looking at what comes out. They
# are found by comparing gradients, with nudging (a **gradient check**) or with another library.
#
# ### Through ReLU and max pooling
#
# **ReLU** let a number through or made it 0. Backwards it lets the gradient through where the
# number came through, and makes it 0 elsewhere. **Max pooling** kept one of four numbers. Here is a
# map of lesson 08; it is pooled with windows of 2 by 2, side by side. The gradient of the four
# results is given. Where do the four numbers go, on a grid of 4 by 4?

# %%
feature_map = np.array([[3, -1, -3, -1], [-3, 1, 0, -3], [-3, -3, 0, 1], [3, -2, -2, -1]])
grad_pooled = np.array([[10, 20], [30, 40]])
figures.grids([("map", feature_map), ("gradient of the pooled map", grad_pooled)], operators=("",))

# %% tags=["paper"]
from coursekit.scratch.layers import MaxPool2d

pool = MaxPool2d()
pool.forward(feature_map[None, None])  # (pictures, channels, rows, columns)
back = pool.backward(grad_pooled[None, None])[0, 0]
figures.grids([("map", feature_map), ("its gradient", back)], operators=("",))

# %% [markdown]
# To the place of the largest number in each window, whole: 3, 0, 3 and 1 were kept. (Of equal ones
# the first gets it.)

# %% [markdown]
# ## From scratch
#
# ### One weight, one pixel
#
# In the exercise you write the gradients for pictures and kernels of any size. Here is **one
# weight** and **one pixel**, by loops over the output cells: every cell gives its share.

# %%
share_of_weight = share_of_pixel = 0
for i, j in np.ndindex(3, 3):
    share_of_weight += image[i + 0, j + 1] * ones[i, j]  # the weight in row 0, column 1
    a, b = 1 - i, 1 - j  # the weight that lies on the pixel in row 1, column 1
    if 0 <= a < 3 and 0 <= b < 3:
        share_of_pixel += kernel[a, b] * ones[i, j]
print("weight:", share_of_weight, " pixel:", share_of_pixel)
assert share_of_weight == grad_kernel[0, 1] and share_of_pixel == grad_image[1, 1]

# %% [markdown]
# ### Many pictures, channels and filters at once
#
# A network needs this for a batch of pictures with several channels and several filters, fast. The
# trick: write **every patch into a row** of a long table, and every filter into a column of
# another. Then the whole convolution is a single product of two matrices (`@`), as in a dense
# layer. So the gradient of the filters is lesson 11's line again, *error times input*, with the
# patches as inputs. Here is that layer of the course's library; read the way back. (The rest stands
# in `coursekit/scratch/layers.py`.)

# %%
import inspect

from coursekit.scratch.layers import Conv2d

print(inspect.getsource(Conv2d.backward))  # the source text of a function

# %% [markdown]
# (`Array` only says that arrays go in and come out.) `shares` is the gradient of the output, a row
# for each place of each picture and a column for each filter (`transpose` puts the filters last,
# `reshape` puts all places below each other); `self.patches` is the table that `forward` has kept,
# with the same rows. The gradient of the biases is the plain sum: a bias stands in every sum, times
# 1. For the pictures the loop takes one weight at a time: seen from the output, weight $a, b$ looks
# at the map moved by $a$ and $b$. `weight[:, :, a, b]` has a row for each filter and a column for
# each channel, so `met` says what every place gives to every channel of the pixel that it met. The
# last line cuts off the border that `forward` had laid around. No turn here? A pixel that
# *collects* meets the weights backwards. An output cell that *gives* meets them forwards: it stamps
# the kernel as it stands, times its gradient (lesson 16).
#
# Here is the whole network: two convolutions, one pooling, one dense layer.

# %%
from coursekit.scratch.layers import Flatten, Linear, ReLU, Sequential


def new_network(seed, first=8, second=16, conv=Conv2d):
    rng = np.random.default_rng(seed)
    return Sequential(
        conv(1, first, 3, rng, padding=1),  # 8 x 8 -> 8 maps of 8 x 8
        ReLU(),
        MaxPool2d(),  # 4 x 4
        conv(first, second, 3, rng, padding=1),  # 16 maps of 4 x 4
        ReLU(),
        Flatten(),
        Linear(4 * 4 * second, 10, rng),
    )


network = new_network(seed=0)
print(f"{sum(weight.size for weight in network.weights):,} weights and biases")

# %% [markdown]
# ### Check every gradient
#
# The handwritten digits of scikit-learn: 1,797 pictures of 8 by 8. Every fifth is kept for testing.
# Take two pictures and the same network with 3 and 4 filters, so that it does not take too long;
# calculate all gradients by going backwards **once**, and then nudge each of its 792 numbers, and
# each pixel, up and down. A little noise comes on the two pictures first: on empty paper many sums
# are exactly 0, where ReLU has its bend, and many numbers of a window are equal. There, up and down
# say different things, and nudging proves nothing.

# %% tags=["fold"]
from sklearn.datasets import load_digits

from coursekit.scratch.layers import softmax_loss

digits = load_digits()
images, labels = digits.images[:, None] / 16, digits.target  # (1797, 1, 8, 8), from 0 to 1
held_out = np.arange(len(images)) % 5 == 0
train, test = images[~held_out], images[held_out]
train_labels, test_labels = labels[~held_out], labels[held_out]

two, two_labels = train[:2] + rng.normal(0, 0.1, (2, 1, 8, 8)), train_labels[:2]
small = new_network(seed=0, first=3, second=4)
loss, grad_scores = softmax_loss(small.forward(two), two_labels)  # q - p, as in lesson 09
grad_pixels = small.backward(grad_scores)


def loss_of_two():
    return softmax_loss(small.forward(two), two_labels)[0]


gaps = [
    np.abs(nudged(loss_of_two, weight, 1e-6) - by_weight).max()
    for weight, by_weight in zip(small.weights, small.gradients, strict=True)
]
gaps.append(np.abs(nudged(loss_of_two, two, 1e-6) - grad_pixels).max())
count = sum(weight.size for weight in small.weights)
assert max(gaps) < 1e-6
print(f"all {count} weights and biases, and all {two.size} pixels, agree to 6 decimals")
print("passes forwards for nudging:", 2 * (count + two.size), " passes backwards:", 1)

# %% [markdown]
# That is why networks can be trained at all.

# %% [markdown]
# ## In the framework
#
# The network with 8 and 16 filters in PyTorch, with the same weights in it, and the same two
# pictures. Autograd does by itself what you have just read. (`no_grad`, lesson 11: filling in
# weights is not to be remembered. `double()` takes numbers with 16 digits, as NumPy does. The cell
# is folded.)

# %% tags=["fold"]
import torch
from torch import nn

theirs = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Conv2d(8, 16, 3, padding=1),
    nn.ReLU(),
    nn.Flatten(),
    nn.Linear(256, 10),
).double()
with torch.no_grad():
    for parameter, weight in zip(theirs.parameters(), network.weights, strict=True):
        parameter.copy_(torch.tensor(weight))

loss, grad_scores = softmax_loss(network.forward(two), two_labels)
grad_pixels = network.backward(grad_scores)
two_torch = torch.tensor(two, requires_grad=True)
nn.functional.cross_entropy(theirs(two_torch), torch.tensor(two_labels)).backward()
for parameter, gradient in zip(theirs.parameters(), network.gradients, strict=True):
    assert np.abs(parameter.grad.numpy() - gradient).max() < 1e-12
assert np.abs(two_torch.grad.numpy() - grad_pixels).max() < 1e-12
print("ours and autograd's: equal to 12 decimals, weights and pixels")

# %% [markdown]
# Keras, too, leaves gradients to the autograd of the library below it; there is nothing of its own
# to compare.
#
# ### Trained in NumPy alone
#
# Twelve times over 1,437 digits, in batches of 32, with the plain step of lesson 11: weight minus
# learning rate times gradient. The rate is 0.2, and a tenth of that for the last three rounds. The
# other 360 digits have not been seen. It takes a few seconds.

# %%
from coursekit.scratch.layers import train_epoch


def trained(network):
    """Train a network; return its losses, and its share of right answers on unseen digits."""
    rng = np.random.default_rng(0)
    losses = [
        train_epoch(network, train, train_labels, rng, lr=0.2 if epoch < 9 else 0.02)
        for epoch in range(12)
    ]
    return losses, (network.forward(test).argmax(axis=1) == test_labels).mean()


network = new_network(seed=0)
at_first = [weight.copy() for weight in network.weights]
losses, share = trained(network)

# %% tags=["fold", "banded"]
measured("share right on unseen digits, NumPy alone", share, at_least=0.95)
measured("last loss by the first", losses[-1] / losses[0], at_most=0.1)
for name, place in (("first convolution", 0), ("second convolution", 2), ("dense layer", 4)):
    before, after = at_first[place], network.weights[place]
    share_moved = np.linalg.norm(after - before) / np.linalg.norm(before)
    bound = {"at_least": 1} if name == "dense layer" else {"at_most": 0.9}
    measured(f"{name}: its weights moved by, their length before being 1", share_moved, **bound)

# %% tags=["fold"]
first_kernels = network.layers[0].weights[0][:, 0]
figures.images(
    [(f"kernel {k}", kernel) for k, kernel in enumerate(first_kernels)],
    columns=8,
    signed=True,
    alt="The eight trained kernels of the first layer, 3 by 3 each, positive weights in one colour "
    "and negative ones in another; no two are alike.",
)

# %% [markdown]
# The eight kernels of the first layer began as random numbers, and they still show it: take all
# weights of a layer as one long vector, and both convolutions have moved by less than its length
# was at the beginning. The dense layer has moved by more.
#
# ### Optional: trained with the slip
#
# Now the same training with a `Conv2d` that forgets the turn on the way back, as the somebody above
# did. (`super()` is the `Conv2d` that it is made from.)


# %% tags=["banded"]
class WithoutTurn(Conv2d):
    def backward(self, grad_out):
        super().backward(grad_out)
        gradients, weight = self.gradients, self.weights[0]  # these gradients are right
        self.weights[0] = weight[:, :, ::-1, ::-1]  # and here the slip: the pixels' are not
        by_pixels = super().backward(grad_out)
        self.gradients, self.weights[0] = gradients, weight
        return by_pixels


losses, share = trained(new_network(seed=0, conv=WithoutTurn))
measured("share right on unseen digits, with the slip", share, at_least=0.95)

# %% [markdown]
# As many as without it, by the measure that everybody looks at. The accuracy does not give the
# mistake away; the check of gradients does at once.

# %% [markdown]
# ## Play
#
# The explorer computes the gradient of the picture: its *input* is the gradient of the output, nine
# ones, padded by 2; the kernel is the one from above; **flip** is on.
#
# 1. Walk over the output. Find the 4 in the middle, and see which weight lies on which cell. Then
#    switch flip off: which of the 25 change?
# 2. Flip on again. Set eight of the nine ones to 0 and leave the one in the middle: only one output
#    cell of the convolution matters to the loss now. What is the gradient of the picture, and why?

# %%
from coursekit.widgets import ConvolutionExplorer

ConvolutionExplorer(input=ones, kernel=kernel, padding=2, flip=True)

# %% [markdown]
# <details>
# <summary>Answers (after you have tried)</summary>
#
# 1. In the middle every weight lies on a 1, and the four ones of the kernel add up to 4. Twelve
#    numbers change, those of the slip above; the 4 and the corners are not among them.
# 2. The kernel itself, as it stands, in the middle of zeros: each pixel under that one cell has the
#    weight that lies on it as its gradient; all other pixels do not matter. (Turned twice: once by
#    flip, once because a lone 1 prints the kernel after half a turn.)
#
# </details>

# %% [markdown]
# ### Optional: the gradient of the kernel
#
# The picture, and the gradient of the output in the place of the kernel. Set all of the nine ones
# to 0, but for the one in the top left corner, and the gradient of the kernel is the patch in the
# top left corner of the picture: error times input, with a single output.

# %%
ConvolutionExplorer(input=image, kernel=ones)

# %% [markdown]
# ## A mistake people make
#
# > *"Max pooling shares the gradient among the numbers of its window."*
#
# Nudge all 16 numbers of the map above, and look which change the sum of the pooled map:

# %%
from coursekit.scratch import avg_pool2d, max_pool2d

numbers = feature_map.astype(float)
by_max = nudged(lambda: max_pool2d(numbers, 2).sum(), numbers)
by_average = nudged(lambda: avg_pool2d(numbers, 2).sum(), numbers)
figures.grids(
    [("max pooling", by_max.round(6)), ("average pooling", by_average.round(6))], operators=("",)
)
print("with a gradient:", int((by_max > 0.5).sum()), "of 16 numbers with max pooling", end=", ")
print(int((by_average > 0.1).sum()), "of 16 with average pooling")
assert (by_max > 0.5).sum() == 4 and (by_average > 0.1).sum() == 16

# %% [markdown]
# It is *average* pooling that shares. With max pooling 12 of 16 numbers get no gradient from this
# picture; on the next picture others will win.

# %% [markdown]
# ## Your turn
#
# In [the exercise](../exercises/19_backpropagation.ipynb) you write `conv2d_backward`, then learn a
# hidden kernel with one half of it, and sharpen a blurred picture with the other.

# %% [markdown]
# ## Quiz

# %%
quiz(
    "19-q1",
    "A picture of 28 by 28, a kernel of 5 by 5, no padding, stride 1. How large is the gradient of "
    "the output, and how large that of the picture?",
    [
        ("28 by 28 both", False, "The output is smaller than the picture, and so is its gradient."),
        ("24 by 24 and 28 by 28", True, "Yes: a gradient is as large as what it belongs to."),
        ("24 by 24 and 20 by 20", False, "Full, not valid: 24 + 5 - 1."),
        ("5 by 5 and 28 by 28", False, "5 by 5 is the gradient of the kernel."),
    ],
)

# %%
quiz(
    "19-q2",
    "You slide a kernel over the padded gradient of the output to find the gradient of the "
    "picture. For which kernels may you forget to turn it?",
    [
        ("for kernels of 3 by 3 only", False, "The size does not matter; the weights do."),
        ("for none", False, "A Gaussian kernel, for instance, is unchanged by half a turn."),
        ("for those that half a turn does not change", True, "Yes, such as a blur."),
        (
            "for those that are equal to their transpose",
            False,
            "Half a turn takes the first row to the last. A transpose makes it the first column.",
        ),
    ],
)

# %%
quiz(
    "19-q3",
    "A ReLU got 3, -1, 0.5, -2. The gradient of its output is -4, 5, 6, -7. What does it pass on "
    "backwards?",
    [
        ("-4, 5, 6, -7", False, "Where the number was cut off, nudging it changes nothing."),
        ("-4, 0, 6, 0", True, "Yes: where the number came through, whatever its gradient's sign."),
        ("0, 5, 6, 0", False, "That is a deconvnet (lesson 16): it looks at the signal's sign."),
        ("-12, 0, 3, 0", False, "The slope of ReLU is 1 there, not the number itself."),
    ],
)

# %%
quiz(
    "19-q4",
    "A weight of a kernel stands in 36 output cells. The gradient of the output is 0 in all but "
    "one of them. What is the gradient of the weight?",
    [
        (
            "that cell's gradient times the pixel it meets",
            True,
            "Yes: one way is left, two factors.",
        ),
        ("that cell's gradient divided by 36", False, "No mean is taken; the other 35 ways add 0."),
        ("that cell's gradient times the weight itself", False, "That is the pixel's share."),
        ("0: one cell of 36 does not count", False, "It counts with its full share."),
    ],
)

# %% [markdown]
# ## Recap
#
# 1. The chain rule: factors multiply along a way, ways add up.
# 2. The gradient of the kernel: the gradient of the output slides over the picture.
# 3. The gradient of the picture: the kernel after half a turn slides over the gradient of the
#    output, padded all around (*full*).
# 4. ReLU lets a gradient through where the number came through; max pooling gives all of it to the
#    largest.
# 5. One pass backwards finds all gradients; nudging checks them. NumPy alone then trains a network.

# %% [markdown]
# ## Words
#
# - **Backpropagation**: finding all gradients by going from the loss back to the input, layer by
#   layer.
# - **Chain rule**: along a way from a number to the loss the factors are multiplied; ways are added
#   up.
# - **Gradient of the output**: how fast the loss grows with each output cell of a layer.
# - **Full convolution**: with so many zeros around that the kernel may hang over by all but one
#   cell.
# - **Gradient check**: comparing a calculated gradient with one found by nudging.

# %% [markdown]
# ## Further reading
#
# - D. E. Rumelhart, G. E. Hinton and R. J. Williams, *Learning representations by back-propagating
#   errors*, Nature 323, 1986, pages 533 to 536.
# - Y. LeCun et al., *Backpropagation applied to handwritten zip code recognition*, Neural
#   Computation 1, 1989: the first convolutional network that was trained in this way.
# - K. Chellapilla, S. Puri and P. Simard, *High performance convolutional neural networks for
#   document processing*, Workshop on Frontiers in Handwriting Recognition, 2006: patches as rows.
# - V. Dumoulin and F. Visin, *A guide to convolution arithmetic for deep learning*,
#   arXiv:1603.07285, 2016: the way back drawn for padding and stride.
#
# The lesson goes beyond the decks. Its picture and kernel are from deck 001 (*The Convolution
# Operation - 2D*), the pooled map from its *Pooling*. **Next:** [20 Feed-forward and recurrent
# networks](20_recurrent.ipynb).
