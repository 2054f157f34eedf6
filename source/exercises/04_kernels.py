# ---
# jupyter:
#   coursekit:
#     lesson: "04"
#     title: "Exercise: kernels"
#     minutes: 40
#     datasets: []
# ---

# %% [markdown]
# # 04 · Exercise: kernels
#
# You will write `normalize`, `filter_image` and `gradient_magnitude`, and turn a photograph into a
# drawing. `check(...)` tells you what went wrong, with the smallest example it can find. If you are
# stuck, make a new cell with `hint("filter_image")`: there are three hints, each says a little more
# than the one before.
#
# Lesson: [04 Kernels](../lessons/04_kernels.ipynb). Kernels are not turned. Points: 8 (2 for
# `normalize`, 3 for `filter_image`, 3 for `gradient_magnitude`).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# For each kernel write down what it makes of a flat area of 10. The first is done. Replace the
# three `None`, then run the cell, and the folded one below it, which tells you which are right.

# %%
blur = np.array([[1, 1, 1], [1, 1, 1], [1, 1, 1]])
crisp = np.array([[-1, -1, -1], [-1, 10, -1], [-1, -1, -1]])
sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
shadow = np.array([[0, 0, 0], [0, 1, 0], [0, 0, -0.5]])

of_blur = 90  # nine times 1 * 10
### solution
of_crisp = 20  # (10 - 8) * 10
of_sobel = 0  # the columns cancel
of_shadow = 5  # (1 - 0.5) * 10
### stub
of_crisp = None
of_sobel = None
of_shadow = None
### end

# %% tags=["fold"]
mine = {"crisp": of_crisp, "sobel": of_sobel, "shadow": of_shadow}
right = {"crisp": 20, "sobel": 0, "shadow": 5}
for name, value in mine.items():
    if value is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {value}", "is right" if value == right[name] else "is not right yet")

# %% [markdown]
# ## 2 · `normalize`: make the weights add up to 1
#
# Divide a kernel by its sum. Where the sum is 0 (edge kernels) there is nothing to divide by:
# return the kernel unchanged.


# %%
def normalize(kernel):
    """The kernel divided by its sum; unchanged where the sum is 0.

    kernel: (m, n) array. Returns an array of the same shape; never changes its argument.
    """
    ### solution
    total = np.sum(kernel)
    return kernel / total if total != 0 else kernel
    ### stub
    total = np.sum(kernel)
    # two cases: total is 0, and it is not
    raise NotImplementedError
    ### end


# %%
check("normalize", normalize)

# %% [markdown]
# ## 3 · `filter_image`: a filter for photographs
#
# Four things on top of the plain sliding sum, which you write anew here or copy from your `conv2d`
# of exercise 03:
#
# - the result has the same size as the image;
# - at the border, repeat the border pixels outwards (`np.pad` with `mode="edge"` does it);
# - round to whole numbers;
# - clip to 0 to 255, and return `uint8`.
#
# Do the arithmetic in floats, not in `uint8`, and remember that the kernel is not turned.


# %%
def filter_image(image, kernel):
    """Filter a grey picture; border pixels repeated, rounded, clipped to 0-255.

    image: (H, W) uint8, kernel: (m, n) with m and n odd. Returns (H, W) uint8.
    """
    ### solution
    m, n = kernel.shape
    padded = np.pad(image.astype("float64"), ((m // 2, m // 2), (n // 2, n // 2)), mode="edge")
    result = np.zeros(image.shape)
    for a in range(m):
        for b in range(n):
            result += padded[a : a + image.shape[0], b : b + image.shape[1]] * kernel[a, b]
    return np.clip(np.round(result), 0, 255).astype("uint8")
    ### stub
    raise NotImplementedError
    ### end


# %%
check("filter_image", filter_image)

# %% [markdown]
# ## 4 · `gradient_magnitude`: how strong is the edge?
#
# The gradient magnitude is the lesson's strength of an edge. Slide the two Sobel kernels below over
# the image (valid part only: no border, no rounding, no clipping) and join the two answers with
# Pythagoras.

# %%
SOBEL_X = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SOBEL_Y = np.array([[1, 2, 1], [0, 0, 0], [-1, -2, -1]])


def gradient_magnitude(image):
    """sqrt(gx^2 + gy^2) with the Sobel pair, the valid part.

    image: (H, W) uint8 or float, at least 3 by 3. Returns (H - 2, W - 2) float64.
    """
    ### solution
    windows = np.lib.stride_tricks.sliding_window_view(image.astype("float64"), (3, 3))
    g_x = (windows * SOBEL_X).sum(axis=(2, 3))
    g_y = (windows * SOBEL_Y).sum(axis=(2, 3))
    return np.sqrt(g_x**2 + g_y**2)
    ### stub
    raise NotImplementedError
    ### end


# %%
check("gradient_magnitude", gradient_magnitude)

# %% [markdown]
# ## 5 · Use it: from photograph to drawing
#
# Blur a little, so that noise does not count as an edge; take the strength of the edges; swap dark
# and bright. The cell waits until your three functions are right. Then play: more blur, another
# photograph (`"china.jpg"`), a threshold.

# %%
from sklearn.datasets import load_sample_image

results = [
    check("normalize", normalize),
    check("filter_image", filter_image),
    check("gradient_magnitude", gradient_magnitude),
]
if all(result.passed for result in results):
    photo = load_sample_image("flower.jpg").mean(axis=2).astype("uint8")[::2, ::2]
    calm = filter_image(photo, normalize(np.ones((5, 5))))
    drawing = 255 - np.clip(2 * gradient_magnitude(calm), 0, 255).astype("uint8")
    figures.images(
        [("photograph", photo), ("drawing", drawing)],
        alt="A photograph of a flower, and a drawing made from it: dark outlines on white paper.",
    )
else:
    print("this picture waits until all three checks pass")

# %% [markdown]
# ## 6 · To think about (no points)
#
# Blurring twice with the 3 by 3 box: is there one single kernel that does the same? How large must
# it be, and what is its largest weight?
#
# <details>
# <summary>Answer (after you have tried)</summary>
#
# Five by five, with 9/81 in the middle and 1/81 in the corners. Averaging equal weights twice gives
# a pyramid, already nearly the bell shape of a Gaussian.
#
# </details>

# %% tags=["solution"]
once = np.zeros((7, 7))
once[3, 3] = 1  # one bright pixel shows the kernel
windows = np.lib.stride_tricks.sliding_window_view
box = np.ones((3, 3)) / 9
twice = np.einsum("ijab,ab->ij", windows(np.pad(once, 1), (3, 3)), box)
twice = np.einsum("ijab,ab->ij", windows(np.pad(twice, 1), (3, 3)), box)
print((twice[1:6, 1:6] * 81).round().astype(int), "divided by 81")
