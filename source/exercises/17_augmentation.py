# ---
# jupyter:
#   coursekit:
#     lesson: "17"
#     title: "Exercise: data augmentation"
#     minutes: 30
#     datasets: []
# ---

# %% [markdown]
# # 17 · Exercise: data augmentation
#
# You will write `random_horizontal_flip` and `random_crop` for whole batches, (N, C, H, W). The
# checker gives them many pictures and many generators, and looks at what becomes of the pictures on
# the whole: how you draw does not matter to it. If you are stuck, make a new cell with
# `hint("random_horizontal_flip")` or `hint("random_crop")`: there are three hints for each.
#
# Lesson: [17 Data augmentation](../lessons/17_augmentation.ipynb). Points: 10 (4 for
# `random_horizontal_flip`, 6 for `random_crop`).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A picture of 28 by 28 pixels gets a border of 2 on all sides. A piece of the old size can then
# begin in 5 rows (0 to 4). In how many places in all? And how many different pictures are there at
# most, if it may be mirrored as well? Replace the two `None`.

# %%
rows_to_begin_in = 28 + 2 * 2 - 28 + 1  # = 5
### solution
places = 5 * 5
different_pictures = 2 * 5 * 5
### stub
places = None
different_pictures = None
### end

# %% tags=["fold"]
for name, value, right in [("places", places, 25), ("different_pictures", different_pictures, 50)]:
    if value is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {value}", "is right" if value == right else "is not right yet")

# %% [markdown]
# ## 2 · `random_horizontal_flip`
#
# Each picture of the batch is mirrored, left for right, with probability `p`, by a coin of its own;
# all its channels go together. Shape and order stay, and `images` itself is not changed. (The type
# of the numbers had better stay, too; another one costs no points.) With `p` = 0 nothing is
# mirrored, with 1 everything; if `p` is not given it is 0.5.
#
# Chance comes from `rng` alone (`np.random.default_rng(seed)` makes one): `rng.random()` is a
# number from 0 up to 1, `rng.random(n)` an array of n of them.


# %%
def random_horizontal_flip(images, rng, p=0.5):
    """Mirror each image, left for right, with probability p.

    images: (N, C, H, W). rng: numpy.random.Generator. Returns an array of the same shape.
    """
    ### solution
    out = images.copy()
    heads = rng.random(len(images)) < p
    out[heads] = images[heads][..., ::-1]
    return out
    ### stub
    raise NotImplementedError  # your code here
    ### end


# %%
check("random_horizontal_flip", random_horizontal_flip)

# %% [markdown]
# ## 3 · `random_crop`
#
# Each picture gets a border of `padding` zeros on all four sides, and a piece of the old height and
# width is cut out. The row and the column in which the piece begins are drawn for each picture
# anew, each possible place equally likely. Again shape and order stay, and `images` is not
# changed. With `padding` = 0 the pictures come out as they were; if it is not given it is 4.
#
# `rng.integers(0, n)` is one of 0, 1, ..., n - 1, all equally likely; `rng.integers(0, n, size=2)`
# is an array of two of them.


# %%
def random_crop(images, rng, padding=4):
    """Pad each image with zeros and cut out a piece of the old size at a random place.

    images: (N, C, H, W). rng: numpy.random.Generator. Returns an array of the same shape.
    """
    ### solution
    height, width = images.shape[2:]
    padded = np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    out = np.empty_like(images)
    for n in range(len(images)):
        top, left = rng.integers(0, 2 * padding + 1, size=2)
        out[n] = padded[n, :, top : top + height, left : left + width]
    return out
    ### stub
    raise NotImplementedError  # your code here
    ### end


# %%
check("random_crop", random_crop)

# %% [markdown]
# ## 4 · Use it: one arrow, four epochs
#
# A small arrow goes through both of your functions, as it would in four epochs. The cell waits
# until both are right.

# %%
results = [
    check("random_horizontal_flip", random_horizontal_flip),
    check("random_crop", random_crop),
]
if all(result.passed for result in results):
    arrow = np.zeros((1, 1, 7, 9), dtype=int)
    arrow[0, 0, 3, 1:8] = 1
    arrow[0, 0, [2, 4], 6] = 1
    rng = np.random.default_rng(5)
    epochs = [random_crop(random_horizontal_flip(arrow, rng), rng, 2) for _ in range(4)]
    assert all(epoch.shape == arrow.shape and epoch.sum() > 0 for epoch in epochs)
    figures.images(
        [(f"epoch {k}", epoch[0, 0]) for k, epoch in enumerate(epochs, start=1)],
        columns=4,
        alt="An arrow in four pictures: in some it points to the right, in some to the left, each "
        "time a little moved.",
    )
else:
    print("the arrow waits until both checks pass")

# %% [markdown]
# ## 5 · To think about (no points)
#
# Is it the same whether a picture is first mirrored and then cropped, or first cropped and then
# mirrored? Not for one drawing of the two random numbers; but over many? (The solutions have an
# answer.)

# %% [markdown] tags=["solution"]
# Over many it is the same. Cropping a mirrored picture with the piece beginning in column c gives
# what mirroring a crop gives that begins in column 2 · padding - c. Both columns are equally
# likely, so each of the pictures comes as often in one order as in the other.
