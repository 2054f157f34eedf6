# ---
# jupyter:
#   coursekit:
#     lesson: "19"
#     title: "Exercise: backpropagation through a convolution"
#     minutes: 40
#     datasets: []
# ---

# %% [markdown]
# # 19 · Exercise: backpropagation through a convolution
#
# You will write `conv2d_backward`: both gradients of `conv2d` (lesson 03: no flip, no padding,
# stride 1), for a picture and a kernel of any size. Then you use each of them for something for
# which nudging would take many times as many convolutions. `check(...)` tells you what went wrong,
# with the smallest example it can find; `hint("conv2d_backward")` in a new cell helps, three times.
#
# Lesson: [19 Backpropagation through a convolution](../lessons/19_backpropagation.ipynb). Points: 6
# (for `conv2d_backward`: 2 for the kernel's gradient, 4 for the picture's).

# %%
import numpy as np

from coursekit import check, figures, hint, measured
from coursekit.scratch import conv2d_vectorized

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A picture of 2 by 3, a kernel of 1 by 2, so four output cells. The gradient of the output is
# given. The first weight meets the pixels 1, 2, 4 and 0, so its gradient is 1·2 + 2·(-1) + 4·0 +
# 0·2 = 0. Replace the three `None`: the gradient of the other weight, and those of two pixels of
# the upper row.

# %%
picture = np.array([[1, 2, 3], [4, 0, 5]])
weights = np.array([[10, 20]])
grad = np.array([[2, -1], [0, 2]])
figures.grids(
    [("picture", picture), ("kernel", weights), ("gradient of the output", grad)],
    operators=("", ""),
)

first_weight = 0
### solution
second_weight = 11  # meets 2, 3, 0, 5: 2 * 2 + 3 * (-1) + 0 * 0 + 5 * 2
left_pixel = 20  # one way: through the first cell, with the weight 10: 10 * 2
middle_pixel = 30  # two ways: 20 * 2 + 10 * (-1)
### stub
second_weight = None
left_pixel = None
middle_pixel = None
### end

# %% tags=["fold"]
for name, value, code in [
    ("second_weight", second_weight, (picture[:, 1:] * grad).sum()),
    ("left_pixel", left_pixel, weights[0, 0] * grad[0, 0]),
    ("middle_pixel", middle_pixel, weights[0, 1] * grad[0, 0] + weights[0, 0] * grad[0, 1]),
]:
    if value is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {value}", "is right" if value == code else "is not right yet")

# %% [markdown]
# ## 2 · `conv2d_backward`
#
# `x` is the picture, `w` the kernel, `grad_out` the gradient of the output: one number for each of
# the (H - m + 1) by (W - n + 1) output cells. Return **two** arrays, `grad_x` as large as `x` and
# `grad_w` as large as `w`, in this order. Either go through the output cells, and let each of them
# give its share to the pixels and to the weights that it was made of, or use what the lesson says
# about sliding. (`padding` of `conv2d_vectorized` may be a pair, for rows and for columns.) The
# arguments themselves stay as they are.


# %%
def conv2d_backward(x, w, grad_out):
    """Gradients of a loss by the picture and by the kernel of conv2d(x, w).

    x: (H, W), w: (m, n), grad_out: (H - m + 1, W - n + 1). Returns grad_x (H, W), grad_w (m, n).
    """
    ### solution
    m, n = w.shape
    grad_x, grad_w = np.zeros(x.shape), np.zeros(w.shape)
    for i in range(grad_out.shape[0]):
        for j in range(grad_out.shape[1]):
            grad_x[i : i + m, j : j + n] += w * grad_out[i, j]
            grad_w += x[i : i + m, j : j + n] * grad_out[i, j]
    return grad_x, grad_w
    ### stub
    raise NotImplementedError  # your code here: return grad_x, grad_w
    ### end


# %%
check("conv2d_backward", conv2d_backward)

# %% [markdown]
# ## 3 · Use `grad_w`: learn a hidden kernel
#
# In lesson 04 a kernel was learned by nudging its nine weights one by one. Now one call gives all
# nine gradients. The loss is the mean of the squared errors, so the gradient of the output is
# `2 * (output - wanted) / number of cells`. The cell waits until your function is right.

# %% tags=["banded"]
from sklearn.datasets import load_digits

ready = check("conv2d_backward", conv2d_backward).passed
digit = load_digits().images[13] / 16  # 8 by 8, from 0 to 1
hidden = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])

if ready:
    wanted = conv2d_vectorized(digit, hidden)
    learned = np.zeros((3, 3))
    for step in range(500):
        error = conv2d_vectorized(digit, learned) - wanted
        learned = learned - 0.2 * conv2d_backward(digit, learned, 2 * error / error.size)[1]
    measured("largest error of a weight", np.abs(learned - hidden).max(), at_most=0.05)
    print("learned, rounded:", np.rint(learned).astype(int).tolist())
else:
    print("the hidden kernel waits until the check passes")

# %% [markdown]
# It is the Sobel kernel of lesson 04, with its sign turned.
#
# ## 4 · Use `grad_x`: sharpen a blurred picture
#
# A blurred digit is given, and the kernel that blurred it. Now the kernel stays, and the *picture*
# is learned: begin with grey, and go against `grad_x` until blurring it gives what is given. (The
# loss is half the *sum* of the squared errors here, so the gradient of the output is the error
# itself, and the rate is another one.)

# %% tags=["banded"]
if ready:
    blur = np.ones((3, 3)) / 9
    large = np.kron(digit, np.ones((3, 3)))  # every pixel as a square of 3 by 3
    given = conv2d_vectorized(large, blur)
    found = np.full(large.shape, 0.5)
    for step in range(60):
        error = conv2d_vectorized(found, blur) - given
        found = found - 1.5 * conv2d_backward(found, blur, error)[0]
    figures.images(
        [("blurred", given), ("found", found.clip(0, 1)), ("before it was blurred", large)],
        columns=3,
        alt="Three pictures of a handwritten 3: blurred, found from it, and the one that had been "
        "blurred. The found one shows its square pixels nearly as sharp as the last.",
    )
    before = np.abs(given - large[1:-1, 1:-1]).mean()
    after = np.abs(found - large)[1:-1, 1:-1].mean()
    measured("error that is left, as a share of the blurred one's", after / before, at_most=0.4)
else:
    print("the picture waits until the check passes")

# %% [markdown]
# Nothing in it was trained on digits: the gradient of the picture alone did it. (Real photographs
# have noise, which such a step amplifies.)

# %% [markdown]
# ## 5 · To think about (no points)
#
# `conv2d` with stride 2 leaves out every second place. How would you get the gradient of the
# picture from that of the smaller output, with your function as it is? (The solutions have an
# answer.)

# %% tags=["solution"]
small = np.array([[1.0, 2], [3, 4]])  # the gradient of an output with stride 2
spread = np.zeros((3, 3))
spread[::2, ::2] = small  # the places that were left out have no share in the loss
x, w = np.arange(25.0).reshape(5, 5), np.array([[1.0, 0, 2], [0, 3, 0], [1, 1, 0]])
grad_x, grad_w = conv2d_backward(x, w, spread)

import torch

x_torch, w_torch = torch.tensor(x, requires_grad=True), torch.tensor(w, requires_grad=True)
out = torch.nn.functional.conv2d(x_torch[None, None], w_torch[None, None], stride=2)[0, 0]
out.backward(torch.tensor(small))
assert np.allclose(x_torch.grad, grad_x) and np.allclose(w_torch.grad, grad_w)
print("zeros between the cells, and PyTorch agrees")

# %% [markdown] tags=["solution"]
# Put zeros between the cells of the gradient: an output cell that was never computed has no share
# in the loss. This is what a *transposed convolution* does, with which networks make maps larger.
