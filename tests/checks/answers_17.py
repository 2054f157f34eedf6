"""Right and wrong answers to set 17, as students write them.

Each wrong one stands with the name that is right for it; None where no name would be.
"""

import copy
import random

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view

# --- random_horizontal_flip ---------------------------------------------------------------------


def flip_by_loop(images, rng, p=0.5):
    out = images.copy()
    for n in range(len(images)):
        if rng.random() < p:
            out[n] = images[n, :, :, ::-1]
    return out


def flip_by_mask(images, rng, p=0.5):
    out = images.copy()
    heads = rng.random(len(images)) < p
    out[heads] = out[heads][..., ::-1]
    return out


def flip_in_one_line(images, rng, p=0.5):
    heads = rng.random((images.shape[0], 1, 1, 1)) < p
    return np.where(heads, np.flip(images, axis=3), images)


def flip_as_list(images, rng, p=0.5):
    return [np.fliplr(i.transpose(1, 2, 0)).transpose(2, 0, 1) if rng.uniform() < p else i
            for i in images]  # fmt: skip


def flip_as_nested_lists(images, rng, p=0.5):
    out = []
    for image in images.tolist():
        heads = rng.choice([True, False], p=[p, 1 - p])
        out.append([[row[::-1] if heads else row for row in channel] for channel in image])
    return out


def flip_by_binomial(images, rng, p=0.5):
    heads = rng.binomial(1, p, len(images)).astype(bool)
    return np.stack([image[..., ::-1] if h else image for image, h in zip(images, heads)])  # noqa: B905


def flip_as_tensor(images, rng, p=0.5):
    heads = torch.from_numpy(rng.random(len(images)) < p)
    pictures = torch.from_numpy(images.copy())
    return torch.where(heads[:, None, None, None], pictures.flip(3), pictures)


def flip_by_index(images, rng, p=0.5):
    width = images.shape[-1]
    heads = rng.random(len(images)) >= 1 - p
    columns = np.where(heads[:, None], width - 1 - np.arange(width), np.arange(width))
    return np.take_along_axis(images, columns[:, None, None, :], axis=3)


def flip_by_arithmetic(images, rng, p=0.5):
    heads = (rng.random(len(images)) < p)[:, None, None, None].astype(float)
    return heads * images[..., ::-1] + (1 - heads) * images


def flip_early_return(images, rng, p=0.5):
    if p == 0:
        return images
    if p == 1:
        return images[..., ::-1]
    return flip_by_mask(images, rng, p)


def flip_into_zeros(images, rng, p=0.5):
    out = np.zeros(images.shape)
    for n, image in enumerate(images):
        out[n] = image[:, :, ::-1] if rng.random() < p else image
    return out


RIGHT_FLIPS = [flip_by_loop, flip_by_mask, flip_in_one_line, flip_as_list, flip_as_nested_lists,
               flip_by_binomial, flip_as_tensor, flip_by_index, flip_by_arithmetic,
               flip_early_return, flip_into_zeros]  # fmt: skip


def each(change):
    """Return a flip that changes single pictures as `change` does."""

    def answer(images, rng, p=0.5):
        out = images.copy()
        for n in range(len(images)):
            if rng.random() < p:
                out[n] = change(images[n])
        return out

    return answer


def coins(heads_of, axis=3):
    """Return a flip whose coins are thrown by `heads_of`."""

    def answer(images, rng, p=0.5):
        heads = np.asarray(heads_of(images, rng, p))
        heads = heads.reshape(heads.shape + (1,) * (4 - heads.ndim))
        return np.where(heads, np.flip(images, axis), images)

    return answer


def flip_all_or_none(images, rng, p=0.5):
    return images[..., ::-1] if rng.random() < p else images


def flip_on_the_spot(images, rng, p=0.5):
    for n in range(len(images)):
        if rng.random() < p:
            images[n] = images[n, :, :, ::-1].copy()
    return images


def flip_of_a_view(images, rng, p=0.5):
    out = images  # no copy
    heads = rng.random(len(images)) < p
    out[heads] = out[heads][..., ::-1]
    return out


def flip_to_a_name(images, rng, p=0.5):
    for image in images:
        if rng.random() < p:
            image = image[..., ::-1]
    return images.copy()


def flip_returns_inside(images, rng, p=0.5):
    for image in images:
        return image[..., ::-1] if rng.random() < p else image


def flip_appends_both(images, rng, p=0.5):
    out = []
    for image in images:
        out.append(image)
        if rng.random() < p:
            out.append(image[..., ::-1])
    return np.stack(out)


def flip_only_heads(images, rng, p=0.5):
    return np.stack([image[..., ::-1] for image in images if rng.random() < p] or [images[0]])


def flip_sorted(images, rng, p=0.5):
    heads = rng.random(len(images)) < p
    return np.concatenate([images[heads][..., ::-1], images[~heads]])


def flip_legacy(images, rng, p=0.5):
    heads = np.random.rand(len(images)) < p  # noqa: NPY002
    return np.where(heads[:, None, None, None], images[..., ::-1], images)


def flip_python_chance(images, rng, p=0.5):
    return np.stack([i[..., ::-1] if random.random() < p else i for i in images])


def flip_own_seed(images, rng, p=0.5):
    return flip_by_mask(images, np.random.default_rng(42), p)


def flip_copied_rng(images, rng, p=0.5):
    return flip_by_mask(images, copy.deepcopy(rng), p)


def flip_exactly(images, rng, p=0.5):
    out = images.copy()
    chosen = rng.choice(len(images), int(p * len(images)), replace=False)
    out[chosen] = images[chosen][..., ::-1]
    return out


def flip_negated(images, rng, p=0.5):
    heads = rng.random(len(images)) < p
    return np.where(heads[:, None, None, None], -images.astype(float), images)


def flip_transposed(images, rng, p=0.5):
    return np.stack([i.transpose(0, 2, 1) if rng.random() < p else i for i in images])


def flip_without_default(images, rng, p):
    return flip_by_mask(images, rng, p)


def flip_in_range(places):
    def answer(images, rng, p=0.5):
        out = images.copy()
        for n in places(len(images)):
            if rng.random() < p:
                out[n] = images[n][..., ::-1]
        return out

    return answer


def flip_no_else(images, rng, p=0.5):
    out = np.zeros_like(images)
    for n in range(len(images)):
        if rng.random() < p:
            out[n] = images[n][..., ::-1]
    return out


def flip_appends_heads(images, rng, p=0.5):
    return np.array([image[..., ::-1] for image in images if rng.random() < p])


WRONG_FLIPS = [
    (flip_all_or_none, "one_choice_for_all"),
    (coins(lambda images, rng, p: np.full(len(images), rng.random() < p)), "one_choice_for_all"),
    (each(lambda image: image[:, ::-1]), "upside_down"),
    (each(lambda image: np.stack([np.flipud(c) for c in image])), "upside_down"),
    (each(lambda image: image[::-1]), "channels_turned_round"),
    (each(lambda image: np.flip(image, axis=0)), "channels_turned_round"),
    (each(lambda image: np.flip(image)), "half_turn"),
    (each(lambda image: image[:, ::-1, ::-1]), "half_turn"),
    (each(lambda image: np.rot90(image, 2, axes=(1, 2))), "half_turn"),
    (each(lambda image: image[::-1, ::-1]), "half_turn"),
    (each(lambda image: np.fliplr(image)), "upside_down"),
    (each(lambda image: np.flipud(image)), "channels_turned_round"),
    (coins(lambda images, rng, p: rng.random(images.shape[:2]) < p), "a_coin_for_each_channel"),
    (coins(lambda images, rng, p: rng.random(images.shape[:3]) < p), "a_coin_for_each_row"),
    (coins(lambda images, rng, p: rng.random(images.shape) < p), None),
    (coins(lambda images, rng, p: rng.random(len(images)) > p), "probability_swapped"),
    (coins(lambda images, rng, p: rng.binomial(1, 1 - p, len(images)) == 1),
     "probability_swapped"),
    (coins(lambda images, rng, p: rng.random(len(images)) < 0.5), "p_ignored"),
    (coins(lambda images, rng, p: rng.integers(0, 2, len(images)) == 1), "p_ignored"),
    (coins(lambda images, rng, p: rng.choice([True, False], len(images))), "p_ignored"),
    (coins(lambda images, rng, p: rng.random(len(images)) < p**2), "two_coins"),
    (coins(lambda images, rng, p: [rng.random() < p and rng.random() < p for _ in images]),
     "two_coins"),
    (coins(lambda images, rng, p: [rng.normal() < p for _ in images]), "another_chance"),
    (coins(lambda images, rng, p: np.isin(np.arange(len(images)), rng.choice(
        len(images), size=round(p * len(images))))), "drawn_with_repeats"),
    (coins(lambda images, rng, p: rng.random(images.shape[1])[None] < p),
     "a_coin_for_each_channel"),
    (flip_in_range(lambda n: range(n - 1)), "first_or_last_left_out"),
    (flip_in_range(lambda n: range(1, n)), "first_or_last_left_out"),
    (flip_in_range(lambda n: range(1)), "stops_after_first"),
    (flip_no_else, "others_blank"),
    (flip_appends_heads, "only_the_mirrored"),
    (each(lambda image: image[..., -np.arange(image.shape[-1])]), "columns_misplaced"),
    (each(lambda image: np.roll(image, 1, axis=-1)), "columns_misplaced"),
    (flip_exactly, "exact_share"),
    (flip_legacy, "chance_from_elsewhere"),
    (flip_python_chance, "chance_from_elsewhere"),
    (flip_own_seed, "the_same_each_time"),
    (coins(lambda images, rng, p: np.arange(len(images)) % 2 == 1), "the_same_each_time"),
    (flip_copied_rng, None),
    (flip_on_the_spot, "argument_overwritten"),
    (flip_of_a_view, "argument_overwritten"),
    (lambda images, rng, p=0.5: images[..., ::-1], "always_mirrored"),
    (lambda images, rng, p=0.5: np.flip(images, 3), "always_mirrored"),
    (lambda images, rng, p=0.5: images, "never_mirrored"),
    (flip_to_a_name, "never_mirrored"),
    (flip_sorted, "pictures_change_places"),
    (lambda images, rng, p=0.5: images[::-1] if rng.random() < p else images,
     "pictures_change_places"),
    (flip_only_heads, "only_the_mirrored"),
    (flip_appends_both, "adds_pictures"),
    (lambda images, rng, p=0.5: np.concatenate([images, images[..., ::-1]]), "adds_pictures"),
    (flip_returns_inside, "stops_after_first"),
    (flip_negated, None),
    (flip_transposed, None),
    (flip_without_default, None),
    (lambda images, rng, p=0.5: flip_by_mask(images, rng, p) / 255, None),
]  # fmt: skip


# --- random_crop --------------------------------------------------------------------------------


def pad(images, padding, **how):
    return np.pad(images, ((0, 0), (0, 0), (padding, padding), (padding, padding)), **how)


def crop_by_loop(images, rng, padding=4):
    height, width = images.shape[2:]
    padded = pad(images, padding)
    out = np.empty_like(images)
    for n in range(len(images)):
        top, left = rng.integers(0, 2 * padding + 1, size=2)
        out[n] = padded[n, :, top : top + height, left : left + width]
    return out


def crop_by_windows(images, rng, padding=4):
    windows = sliding_window_view(pad(images, padding), images.shape[2:], axis=(2, 3))
    top, left = rng.integers(2 * padding, size=(2, len(images)), endpoint=True)
    return windows[np.arange(len(images)), :, top, left]


def crop_by_index(images, rng, padding=4):
    count, channels, height, width = images.shape
    padded = pad(images, padding)
    rows = rng.integers(0, 2 * padding + 1, (count, 1)) + np.arange(height)
    columns = rng.integers(0, 2 * padding + 1, (count, 1)) + np.arange(width)
    n, c = np.arange(count)[:, None, None, None], np.arange(channels)[:, None, None]
    return padded[n, c, rows[:, None, :, None], columns[:, None, None, :]]


def crop_as_list(images, rng, padding=4):
    out = []
    for image in images:
        wide = np.pad(image, [(0, 0), (padding, padding), (padding, padding)])
        top = int(rng.random() * (2 * padding + 1))
        left = int(rng.random() * (2 * padding + 1))
        out.append(wide[:, top : top + image.shape[1], left : left + image.shape[2]].tolist())
    return out


def crop_by_shift(images, rng, padding=4):
    """No padding: what moves out is cut off, what comes in stays 0."""
    height, width = images.shape[2:]
    out = np.zeros(images.shape)
    for n, image in enumerate(images):
        down, across = rng.integers(-padding, padding + 1, 2)
        for r in range(height):
            if 0 <= r + down < height:
                first, last = max(0, -across), min(width, width - across)
                out[n, :, r, first:last] = image[:, r + down, first + across : last + across]
    return out


def crop_by_choice(images, rng, padding=4):
    padded = torch.nn.functional.pad(torch.from_numpy(images.astype(np.float64)), [padding] * 4)
    height, width = images.shape[2:]
    return torch.stack([
        padded[n, :, rng.choice(2 * padding + 1) :][:, :height, rng.choice(2 * padding + 1) :][
            :, :, :width]
        for n in range(len(images))
    ])  # fmt: skip


def crop_by_places(images, rng, padding=4):
    """All places of a picture in a list, one of them drawn."""
    places = [(r, c) for r in range(2 * padding + 1) for c in range(2 * padding + 1)]
    padded = pad(images, padding)
    chosen = [places[k] for k in rng.integers(0, len(places), len(images))]
    return np.array([padded[n, :, r : r + images.shape[2], c : c + images.shape[3]]
                     for n, (r, c) in enumerate(chosen)])  # fmt: skip


def crop_early_return(images, rng, padding=4):
    return images if padding == 0 else crop_by_windows(images, rng, padding)


RIGHT_CROPS = [crop_by_loop, crop_by_windows, crop_by_index, crop_as_list, crop_by_shift,
               crop_by_choice, crop_by_places, crop_early_return]  # fmt: skip


def pieces(draw, **how):
    """Return a crop by a draw of row and column for one picture; it takes rng and padding."""

    def answer(images, rng, padding=4):
        padded = pad(images, padding, **how)
        height, width = images.shape[2:]
        out = np.zeros_like(images)
        for n in range(len(images)):
            top, left = draw(rng, padding)
            piece = padded[n, :, top : top + height, left : left + width]
            out[n, :, : piece.shape[1], : piece.shape[2]] = piece
        return out

    return answer


def crop_together(images, rng, padding=4):
    top, left = rng.integers(0, 2 * padding + 1, size=2)
    return pad(images, padding)[:, :, top : top + images.shape[2], left : left + images.shape[3]]


def crop_by_axis(images, rng, padding=4):
    """One row for the batch, a column for each picture."""
    top = rng.integers(0, 2 * padding + 1)
    return pieces(lambda rng, padding: (top, rng.integers(0, 2 * padding + 1)))(
        images, rng, padding
    )


def crop_channels_apart(images, rng, padding=4):
    return np.stack([crop_by_loop(images[:, c, None], rng, padding)[:, 0]
                     for c in range(images.shape[1])], axis=1)  # fmt: skip


def crop_rolled(images, rng, padding=4):
    return np.stack([np.roll(i, rng.integers(-padding, padding + 1, 2), axis=(1, 2))
                     for i in images])  # fmt: skip


def crop_on_the_spot(images, rng, padding=4):
    padded = pad(images, padding)
    for n in range(len(images)):
        top, left = rng.integers(0, 2 * padding + 1, size=2)
        images[n] = padded[n, :, top : top + images.shape[2], left : left + images.shape[3]]
    return images


def crop_unpadded(images, rng, padding=4):
    height, width = images.shape[2] - padding, images.shape[3] - padding
    top, left = rng.integers(0, padding + 1, 2)
    return images[:, :, top : top + height, left : left + width]


def crop_cut_back(images, rng, padding=4):
    """Right, until padding is 0: then the last slice is empty."""
    if padding:
        return crop_by_loop(images, rng, padding)
    return pad(images, padding)[:, :, padding:-padding, padding:-padding]


def crop_pads_all_axes(images, rng, padding=4):
    padded = np.pad(images, padding)
    height, width = images.shape[2:]
    return np.stack([
        padded[n, :, t : t + height, u : u + width]
        for n, (t, u) in enumerate(rng.integers(0, 2 * padding + 1, (len(images), 2)))
    ])  # fmt: skip


def crop_returns_inside(images, rng, padding=4):
    padded = pad(images, padding)
    for n in range(len(images)):
        top, left = rng.integers(0, 2 * padding + 1, size=2)
        return padded[n, :, top : top + images.shape[2], left : left + images.shape[3]]


def crop_and_flip(images, rng, padding=4):
    return crop_by_loop(images[..., ::-1], rng, padding)


def crop_in_range(places):
    def answer(images, rng, padding=4):
        out = np.zeros_like(images)
        for n in places(len(images)):
            out[n] = crop_by_loop(images[n : n + 1], rng, padding)[0]
        return out

    return answer


def crop_pads_batch(images, rng, padding=4):
    padded, (_, channels, height, width) = np.pad(images, padding), images.shape
    out = np.zeros_like(images)
    for n in range(len(images)):
        top, left = rng.integers(0, 2 * padding + 1, size=2)
        out[n] = padded[n, :channels, top : top + height, left : left + width]
    return out


def both(draw):
    return lambda rng, padding: (draw(rng, padding), draw(rng, padding))


def whole(rng, padding):
    return rng.integers(0, 2 * padding + 1)


WRONG_CROPS = [
    (crop_together, "one_place_for_all"),
    (crop_by_axis, "one_place_for_all"),
    (pieces(lambda rng, padding: (whole(rng, padding),) * 2), "row_and_column_tied"),
    (pieces(lambda rng, padding: (whole(rng, padding), padding)), "one_direction"),
    (pieces(lambda rng, padding: (padding, whole(rng, padding))), "one_direction"),
    (crop_channels_apart, "a_place_for_each_channel"),
    (pieces(both(lambda rng, padding: rng.integers(0, max(1, 2 * padding)))),
     "last_place_missing"),
    (pieces(both(lambda rng, padding: rng.integers(0, 2 * padding))), "last_place_missing"),
    (pieces(both(lambda rng, padding: int(rng.random() * 2 * padding))), "last_place_missing"),
    (pieces(both(lambda rng, padding: rng.integers(0, padding + 1))), "one_way_only"),
    (pieces(both(lambda rng, padding: rng.integers(0, padding))), "one_way_only"),
    (pieces(both(lambda rng, padding: rng.integers(padding, 2 * padding + 1))), "one_way_only"),
    (pieces(both(lambda rng, padding: round(rng.random() * 2 * padding))), "uneven"),
    (pieces(both(lambda rng, padding: int(rng.integers(0, padding + 1, 2).sum()))), "uneven"),
    (crop_rolled, "wrapped_around"),
    (pieces(both(whole), mode="wrap"), "wrapped_around"),
    (pieces(both(whole), mode="edge"), "border_repeated"),
    (pieces(both(whole), mode="reflect"), "border_repeated"),
    (pieces(both(whole), mode="symmetric"), "border_repeated"),
    (pieces(both(whole), constant_values=1), "border_of_another_number"),
    (pieces(both(whole), constant_values=128), "border_of_another_number"),
    (lambda images, rng, padding=4: crop_by_loop(images, rng), "padding_ignored"),
    (lambda images, rng, padding=4: crop_by_loop(images, np.random.default_rng(), padding),
     "chance_from_elsewhere"),
    (pieces(lambda rng, padding: np.random.randint(0, 2 * padding + 1, 2)),  # noqa: NPY002
     "chance_from_elsewhere"),
    (lambda images, rng, padding=4: crop_by_index(images, np.random.default_rng(7), padding),
     "the_same_each_time"),
    (crop_on_the_spot, "argument_overwritten"),
    (lambda images, rng, padding=4: images, "nothing_moves"),
    (pieces(lambda rng, padding: (padding, padding)), "nothing_moves"),
    (pieces(lambda rng, padding: (0, 0)), "always_the_same_piece"),
    (crop_unpadded, "other_shape"),
    (lambda images, rng, padding=4: pad(images, padding), "other_shape"),
    (crop_pads_all_axes, "other_shape"),
    (lambda images, rng, padding=4: crop_by_loop(rng.permutation(images), rng, padding),
     "pictures_change_places"),
    (lambda images, rng, padding=4: crop_by_loop(images, copy.deepcopy(rng), padding), None),
    (crop_cut_back, None),
    (crop_returns_inside, "stops_after_first"),
    (crop_in_range(lambda n: range(1)), "stops_after_first"),
    (crop_in_range(lambda n: range(n - 1)), "first_or_last_left_out"),
    (crop_in_range(lambda n: range(1, n)), "first_or_last_left_out"),
    (lambda images, rng, padding=4: crop_by_loop(images[[0] * len(images)], rng, padding),
     None),
    (crop_pads_batch, "batch_padded_too"),
    (pieces(both(lambda rng, padding: rng.integers(min(1, padding), 2 * padding + 1))),
     "first_place_missing"),
    (crop_and_flip, None),
    (lambda images, rng, padding=4: crop_by_loop(images, rng, 2 * padding), None),
    (lambda images, rng, padding=2: crop_by_loop(images, rng, padding), None),
    (lambda images, rng, padding=4: crop_by_loop(images, rng, padding) / 255, None),
]  # fmt: skip
