# ---
# jupyter:
#   coursekit:
#     lesson: "18"
#     title: "Exercise: Transfer learning"
#     minutes: 40
#     datasets: [cifar10_jpeg_subset]
# ---

# %% [markdown]
# # 18 · Exercise: Transfer learning
#
# You will write `freeze` and `replace_head`, and make a network for four new classes with them.
# The checker freezes bodies with secret weights and trains a step, and hands you networks that
# keep their heads in different places. If you are stuck, make a new cell with `hint("freeze")` or
# `hint("replace_head")`: there are three hints for each.
#
# Lesson: [18 Transfer learning](../lessons/18_transfer_learning.ipynb). Points: 6 (3 for `freeze`,
# 3 for `replace_head`).

# %%
import numpy as np
import torch
from torch import nn

from coursekit import check, hint

# %% [markdown]
# ## 1 · By hand first (half done for you)
#
# VGG-16 has 138,357,544 parameters. Its last layer turns 4,096 features into 1,000 classes. You
# want to tell 5 kinds of mushrooms apart. Replace the two `None`.

# %%
parameters_of_the_old_head = 1000 * (4096 + 1)  # = 4,097,000: each class has a bias as well
### solution
parameters_of_the_new_head = 5 * 4097
parameters_of_the_frozen_body = 138_357_544 - 4_097_000
### stub
parameters_of_the_new_head = None
parameters_of_the_frozen_body = None
### end

# %% tags=["fold"]
right = {
    "parameters_of_the_new_head": 20_485,
    "parameters_of_the_frozen_body": 134_260_544,
}
for name, value in right.items():
    mine = globals()[name]
    if mine is None:
        print(f"{name}: not attempted yet")
    else:
        print(f"{name}: {mine:,}", "is right" if mine == value else "is not right yet")

# %% [markdown]
# ## 2 · `freeze`
#
# `module` is any module: it may hold layers inside layers, and parameters of its own. After
# `freeze(module)`
#
# - no parameter in it can be trained,
# - its batch norms keep their statistics, and compute with them,
# - gradients still pass *through* it, to whatever lies before.
#
# The module itself is changed, not a copy. (Returning it is handy, and not asked for.)


# %%
def freeze(module):
    """Keep everything in a module as it is: no parameter learns, no statistic moves."""
    ### solution
    for parameter in module.parameters():
        parameter.requires_grad = False
    module.eval()  # batch norm uses its statistics, and leaves them alone
    return module
    ### stub
    # the parameters; then batch norm
    raise NotImplementedError  # your code here
    ### end


# %%
check("freeze", freeze)

# %% [markdown]
# ## 3 · `replace_head`
#
# The **head** is the last `nn.Linear` that a network holds, whatever it is called: `model.fc` in
# the residual networks, the last of three layers in `model.classifier` in VGG, the last layer of an
# `nn.Sequential`. Put a new `nn.Linear` in its place, with biases, for as many features as the old
# one takes and `num_classes` classes. The new one begins anew (at random, as every new layer does,
# or at 0) and can learn. Everything else stays as it was, frozen or not. Change the network itself,
# and return it.
#
# Five things that help: `model.named_modules()` gives all layers in order, each with its name, as
# `("classifier.2", Linear(...))`. `isinstance(layer, nn.Linear)` says whether a layer is dense.
# `model.get_submodule("classifier")` returns the part of that name (and the model for `""`), and
# `setattr(part, "2", layer)` puts a layer where `part` has its `2`. And `"a.b.2".rpartition(".")`,
# which splits at the last dot, is `("a.b", ".", "2")`; `"fc".rpartition(".")` is `("", "", "fc")`.


# %%
def replace_head(model, num_classes):
    """Give a network a new last layer for num_classes classes, and return the network."""
    ### solution
    for name, layer in model.named_modules():
        if isinstance(layer, nn.Linear):
            found, old = name, layer  # the last one stays
    new = nn.Linear(old.in_features, num_classes)
    owner, _, last = found.rpartition(".")  # "classifier.2" -> "classifier", ".", "2"
    setattr(model.get_submodule(owner), last, new)
    return model
    ### stub
    # the last nn.Linear, and its name; a new one; put it in its place
    raise NotImplementedError  # your code here
    ### end


# %%
check("replace_head", replace_head)

# %% [markdown]
# ## 4 · Use them: dogs, horses, ships and trucks
#
# The course's backbone has seen none of these four. Twenty pictures of each are all that you have.
# Freeze it *first*, then replace the head (why in this order?), and train. The cell waits until
# both functions are right.

# %% tags=["banded"]
from coursekit import measured
from coursekit.datasets import DatasetError, load
from coursekit.models import load_pretrained
from coursekit.runs import run_18
from coursekit.training import evaluate, fit

if check("freeze", freeze).passed and check("replace_head", replace_head).passed:
    try:
        data = load("cifar10_jpeg_subset")
    except DatasetError as problem:
        print(problem)
    else:
        train, test = (run_18.of_classes(*part, data) for part in data)
        few = run_18.some_of_each(train, 20, seed=0)
        model = load_pretrained("backbone")
        freeze(model)
        model = replace_head(model, 4)
        fit(model, few, epochs=20, batch_size=16, lr=0.01, seed=0, progress=False)
        rows = np.arange(400)  # 100 pictures of each class
        accuracy = evaluate(model, (test[0][rows], test[1][rows])).accuracy
        measured("accuracy on 400 new pictures", accuracy, at_least=0.65)
else:
    print("the pictures wait until both checks pass")

# %% [markdown]
# ## 5 · To think about (no points)
#
# If your `freeze` calls `module.eval()`: a training loop such as that of lesson 11 begins each
# epoch with `model.train()`. What does that do to your frozen body, and how would you change the
# loop? (The solutions have an answer.)

# %% [markdown] tags=["solution"]
# `model.train()` puts every part back in training mode: the batch norms of the body use the batches
# again, and their statistics move, although no parameter does. So the loop has to say, after
# `model.train()`, which parts stay in evaluation mode: `body.eval()`. The course's `fit` does it by
# itself: a part that is frozen *and* in evaluation mode stays there. In Keras `trainable = False`
# means both.
#
# And why is the body frozen *first*? Frozen after the head was replaced, the new head would be
# frozen, too, and nothing could learn.
