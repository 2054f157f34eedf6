# ---
# jupyter:
#   coursekit:
#     lesson: "03"
#     title: "Exercise: convolution in two dimensions"
#     minutes: 40
#     datasets: []
# ---

# %% [markdown]
# # 03 · Exercise: convolution in two dimensions
#
# You will write `match_score` and `conv2d`, and then make them read: first every *e* on a page of
# print, then one word on a page so dirty that you can hardly read it yourself. Run the cells from
# top to bottom, and come back to any cell as often as you like. `check(...)` tells you what went
# wrong, with the smallest example it can find. If you are stuck, make a new cell with
# `hint("conv2d")`: there are three hints, each says a little more than the one before.
#
# Lesson: [03 Convolution in two dimensions](../lessons/03_convolution_2d.ipynb). Points: 6 (2 for
# `match_score`, 4 for `conv2d`).

# %%
import numpy as np

from coursekit import check, figures, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# A picture of 3 by 3, a kernel of 2 by 2. The kernel fits in 2 by 2 places, so the map has four
# cells. We slide the kernel **without** turning it. The first cell is done. Replace the three
# `None` by what you get on paper, then run the cell, and the folded one below it, which tells you
# whether you are right.

# %%
picture = np.array([[2, 0, 1], [3, 1, 5], [0, 2, 6]])
weights = np.array([[1, 2], [0, -1]])
figures.grids([("picture", picture), ("kernel", weights)], operators=("*",))

upper_left = 2 * 1 + 0 * 2 + 3 * 0 + 1 * -1  # = 1, the kernel over 2 0 / 3 1
### solution
upper_right = 0 * 1 + 1 * 2 + 1 * 0 + 5 * -1  # = -3, the kernel over 0 1 / 1 5
lower_left = 3 * 1 + 1 * 2 + 0 * 0 + 2 * -1  # = 3, the kernel over 3 1 / 0 2
lower_right = 1 * 1 + 5 * 2 + 2 * 0 + 6 * -1  # = 5, the kernel over 1 5 / 2 6
### stub
upper_right = None  # the kernel over 0 1 / 1 5
lower_left = None  # the kernel over 3 1 / 0 2
lower_right = None  # the kernel over 1 5 / 2 6
### end

# %% tags=["fold"]
conv_by_hand = [
    int((picture[i : i + 2, j : j + 2] * weights).sum()) for i, j in [(0, 1), (1, 0), (1, 1)]
]
mine = [upper_right, lower_left, lower_right]
if None in mine:
    print("not attempted yet:", mine.count(None), "to go")
elif mine == conv_by_hand:
    print("right: 1", mine[0], "/", mine[1], mine[2])
elif mine == [7, -1, 9]:
    print("you turned the kernel by half a turn; leave it as it is")
else:
    print(f"you have 1 {mine[0]} / {mine[1]} {mine[2]}: which pixels meet which weights?")

# %% [markdown]
# ## 2 · `match_score`: how well does a pattern fit?
#
# The lesson's answer: multiply cell by cell, and take the **mean** of the products. With +1 and -1
# it is 1.0 for a perfect fit and -1.0 for the exact opposite. It must work for patterns of any
# size, not only for 3 by 3.


# %%
def match_score(patch, pattern):
    """Return the mean of the products of two grids of -1 and 1.

    patch, pattern: two arrays of the same shape. Returns one number, from -1.0 to 1.0.
    """
    ### solution
    return np.mean(np.asarray(patch) * np.asarray(pattern))
    ### stub
    raise NotImplementedError
    ### end


# %%
match_score_result = check("match_score", match_score)

# %% [markdown]
# ## 3 · `conv2d`: slide down, slide right, multiply, add
#
# Now for every place, and with the plain **sum** of the products. Do it as the libraries do: no
# flip, and only the places where the whole kernel lies on the picture. Pictures and kernels need
# not be square. Never write into `image` or `kernel`: they belong to the caller.


# %%
def conv2d(image, kernel):
    """Slide the kernel over the image without turning it; return the sums of the products.

    image: shape (H, W). kernel: shape (m, n), with m <= H and n <= W.
    Returns an array of shape (H - m + 1, W - n + 1).
    """
    image, kernel = np.asarray(image), np.asarray(kernel)
    height, width = image.shape
    m, n = kernel.shape
    ### solution
    feature_map = np.zeros((height - m + 1, width - n + 1))
    for i in range(height - m + 1):
        for j in range(width - n + 1):
            feature_map[i, j] = np.sum(image[i : i + m, j : j + n] * kernel)
    return feature_map
    ### stub
    feature_map = np.zeros((height - m + 1, width - n + 1))
    for i in range(height - m + 1):
        for j in range(width - n + 1):
            # the kernel's corner lies on image[i, j]: put the sum of the products
            # into feature_map[i, j]
            raise NotImplementedError
    return feature_map
    ### end


# %%
conv2d_result = check("conv2d", conv2d)

# %% [markdown]
# ## 4 · Use it: find every *e*
#
# Below is a page of print, set in an old bitmap font: every letter is made of black and white
# pixels and is 6 pixels wide. Ink is +1 and paper is -1. A single *e*, cut out of the same font, is
# your pattern.

# %%
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont

TEXT = """\
a kernel is a small grid of weights.
it slides over the page and asks in
every place: does my kernel fit here?
where it fits, the answer is largest."""


def typeset(text):
    """Set text in a bitmap font; return its pixels as a grid of 1 (ink) and -1 (paper)."""
    lines = text.split("\n")
    sheet = Image.new("1", (6 * max(map(len, lines)), 11 * len(lines)))
    font = ImageFont.load_default_imagefont()
    for k, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((0, 11 * k), line, font=font, fill=1)
    return np.where(np.array(sheet), 1, -1)


def show_page(pixels, alt, hits=(), size=(0, 0)):
    """Show a page, black on white; the paper behind each hit is yellow."""
    colours = np.stack([-pixels, -pixels, -pixels], axis=-1) / 2 + 0.5  # red, green, blue
    for i, j in hits:
        colours[i : i + size[0], j : j + size[1], 2] = 0  # white without blue is yellow
    figure = Figure(figsize=(8, 8 * pixels.shape[0] / pixels.shape[1]))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.imshow(colours, interpolation="nearest")
    axes.axis("off")
    figures.show(figure, alt)


page = typeset(TEXT)
letter_e = typeset("e")[2:]  # without the two empty rows above it
show_page(page, "A page of four printed lines, black on white: " + TEXT.replace("\n", " "))
figures.grid(letter_e, title="the pattern", size=0.3)
print("page:", page.shape, " pattern:", letter_e.shape, "with", letter_e.size, "numbers")

# %% [markdown]
# `conv2d` slides the *e* over the whole page. Dividing by the number of pixels in the pattern turns
# sums into match scores. Some letters touch their neighbours by a pixel, so we call everything from
# 0.9 up a hit.

# %%
if conv2d_result.passed and match_score_result.passed:
    scores = conv2d(page, letter_e) / letter_e.size
    found = np.argwhere(scores >= 0.9)
    i, j = found[0]
    assert np.isclose(scores[i, j], match_score(page[i : i + 9, j : j + 6], letter_e))

    alt = "The same page. Behind every letter e, and behind no other letter, the paper is yellow."
    show_page(page, alt, hits=found, size=letter_e.shape)
    print("your conv2d found:", len(found), " in the text there are:", TEXT.count("e"))
else:
    print("this waits until both checks pass; run their cells again after a change")

# %% [markdown]
# One pattern of 54 numbers, and no list of places to look at. Try another letter in a cell of your
# own. (The *o* is hard: a *c* looks much like it. Raise the threshold until every *o* is found, and
# nothing else.)
#
# ## 5 · Use it again: a dirty page
#
# Now one pixel in five, chosen by chance, changes its colour. Can you still find the word *kernel*?
# It stands on the page twice.

# %%
rng = np.random.default_rng(3)
dirty = np.where(rng.random(page.shape) < 0.2, -page, page)
show_page(dirty, "The page again, covered with random specks. The words are hard to read.")

# %%
if conv2d_result.passed and match_score_result.passed:
    word = typeset("kernel")[2:9]
    scores = conv2d(dirty, word) / word.size
    order = np.argsort(scores, axis=None)[::-1]  # best score first
    places = [tuple(int(k) for k in np.unravel_index(o, scores.shape)) for o in order[:3]]

    alt = (
        "The dirty page. The paper behind two words is yellow: in the first line the second word, "
        "in the third line the last but two."
    )
    show_page(dirty, alt, hits=places[:2], size=word.shape)
    print("numbers in the pattern:", word.size)
    for i, j in places:
        print(f"line {i // 11 + 1}, from letter {round(j / 6) + 1}: score {scores[i, j]:.2f}")
    clean = conv2d(page, word) / word.size
    assert sorted(places[:2]) == sorted(map(tuple, np.argwhere(clean >= 0.9).tolist()))
    print("the two best fits are the two words")
else:
    print("this waits until both checks pass; run their cells again after a change")

# %% [markdown]
# No score is near 1 any more, yet the two right places stand well above the third. The word has 252
# pixels, and the wrong ones cancel, as the noise of the spaceship did in lesson 02. (Comparing the
# whole dirty page with the clean one gives about 0.6, no worse: noise cancels there as well. But
# for that you would need this very page, unmoved, and it would say nothing about where the word
# is.)

# %% [markdown]
# ## 6 · To think about (no points)
#
# Suppose your `conv2d` flipped the kernel, as mathematics does, and you slid a *p* over the page.
# Which letter would it find? Guess first. Then write a cell that tries it: with `pattern =
# typeset("p")[4:]`, the flipped version is `conv2d(page, pattern[::-1, ::-1])`.
#
# <details>
# <summary>Answer (after you have tried)</summary>
#
# It finds a *d*: a *p* turned by half a turn is a *d*, in this font to the last pixel. A reading
# machine that mixes up convolution and cross-correlation reads "dad" for "pap".
#
# </details>

# %% tags=["solution"]
alphabet = "abcdefghijklmnopqrstuvwxyz"
row = np.pad(typeset(alphabet), 4, constant_values=-1)  # some paper around it
letter_p = typeset("p")[4:]
scores = conv2d(row, letter_p[::-1, ::-1]) / letter_p.size
_, column = np.unravel_index(scores.argmax(), scores.shape)
print("best fit:", alphabet[(column - 4 + 3) // 6], " score:", scores.max())

# %% [markdown]
# ## 7 · In two sentences: every other pixel
#
# If your instructor asks for it: on the dirty page one pixel in five changed its colour. Suppose it
# were one in two. What match score would you expect where the word *kernel* stands, and would a
# longer word help? Answer in the cell below (double-click it). No check reads it; a person does.

# %% [markdown] answer="half_noise" tags=["student"]
# *Your answer:*

# %% [markdown] answer="half_noise" tags=["solution"]
# About 0, as everywhere else: each pixel is as likely wrong as right, so the products of +1 and -1
# cancel. A longer word does not help, for its expected score is 0 as well: whether a pixel is black
# now says nothing about what it was.
