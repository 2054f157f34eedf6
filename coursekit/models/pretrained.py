"""Networks with weights: those that come with the course, and torchvision's, trained on ImageNet.

Torchvision's are fetched. They fit VGG-16 and the ResNets, whose layers are the same there. AlexNet
and GoogLeNet are other networks in torchvision (see `alexnet.py`, `googlenet.py`), and ZFNet is not
in it.
"""

import hashlib
import os
import pickle
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from coursekit.datasets.cache import cache_folder
from coursekit.errors import CourseError, cannot_write
from coursekit.models.resnet import ResNet
from coursekit.models.shipped import SHIPPED, load_shipped
from coursekit.models.vgg import BLOCKS, VGG16


@dataclass(frozen=True)
class Published:
    """One file of weights: the network it fits, its address, and how its names become ours.

    The address ends in the first digits of the file's SHA-256: ``resnet18-f37072fd.pth``.
    """

    build: Callable[[], nn.Module]
    url: str
    rename: Callable[[str], str]


def rename_resnet(name: str) -> str:
    """Turn torchvision's name of a weight of a ResNet into ours.

    Examples
    --------
    >>> rename_resnet("layer2.0.downsample.1.bias")
    'stages.conv3_x.0.shortcut.1.bias'
    """
    name = re.sub(r"^layer(\d)", lambda found: f"stages.conv{int(found[1]) + 1}_x", name)
    return name.replace(".downsample.", ".shortcut.")


def rename_vgg(name: str) -> str:
    """Turn torchvision's name of a weight of VGG-16 into ours.

    It counts all layers of the convolutional part in one row: ReLU and pooling, too.

    Examples
    --------
    >>> rename_vgg("features.5.weight"), rename_vgg("classifier.6.bias")
    ('blocks.block2.0.weight', 'fc8.bias')
    """
    part, place, kind = name.split(".")
    if part == "classifier":
        return f"fc{6 + int(place) // 3}.{kind}"
    first = 0
    for number, (_, convs) in enumerate(BLOCKS, start=1):
        layers = 2 * convs + 1
        if int(place) < first + layers:
            return f"blocks.block{number}.{int(place) - first}.{kind}"
        first += layers
    return name


_ADDRESS = "https://download.pytorch.org/models/"
PUBLISHED = {
    "vgg16": Published(VGG16, f"{_ADDRESS}vgg16-397923af.pth", rename_vgg),
    "resnet18": Published(lambda: ResNet(18), f"{_ADDRESS}resnet18-f37072fd.pth", rename_resnet),
    "resnet34": Published(lambda: ResNet(34), f"{_ADDRESS}resnet34-b627a593.pth", rename_resnet),
    "resnet50": Published(lambda: ResNet(50), f"{_ADDRESS}resnet50-0676ba61.pth", rename_resnet),
}


def load_pretrained(name: str) -> nn.Module:
    """Build a network with trained weights, in evaluation mode.

    ``"digit_cnn"`` and ``"backbone"`` come with the course: see their cards,
    ``models.shipped.SHIPPED[name].card``. The others were trained by torchvision on ImageNet, 1,000
    classes; their file is fetched once and kept in the cache (45 MB for ResNet-18, 553 MB for
    VGG-16). They take pictures of 224 x 224 with values from 0 to 1, less (0.485, 0.456, 0.406),
    divided by (0.229, 0.224, 0.225) in red, green and blue.

    Parameters
    ----------
    name
        ``"digit_cnn"``, ``"backbone"``, ``"vgg16"``, ``"resnet18"``, ``"resnet34"`` or
        ``"resnet50"``.

    Raises
    ------
    ValueError
        For another name.
    CourseError
        When the file cannot be fetched, or is not the one that was published.

    Examples
    --------
    >>> load_pretrained("alexnet")
    Traceback (most recent call last):
    ...
    ValueError: name: found 'alexnet'; expected one of digit_cnn, backbone, vgg16, ...
    """
    if name in SHIPPED:
        return load_shipped(name)
    if name not in PUBLISHED:
        known_names = ", ".join([*SHIPPED, *PUBLISHED])
        raise ValueError(f"name: found {name!r}; expected one of {known_names}.")
    known = PUBLISHED[name]
    path = _fetched(known.url)
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError) as error:
        raise CourseError(
            f"{path} cannot be read as weights ({str(error).splitlines()[0]}); delete it, and it "
            "is fetched again"
        ) from error
    return with_weights(known, weights).eval()


def with_weights(known: Published, weights: Mapping[str, Tensor]) -> nn.Module:
    """Build the network and put weights with torchvision's names into it, without a copy.

    Raises
    ------
    RuntimeError
        When a weight is missing, left over, or of another shape; PyTorch's message names it.
    """
    with torch.device("meta"):  # nothing is drawn that would be overwritten
        model = known.build()
    ours = {known.rename(name): tensor for name, tensor in weights.items()}
    for name in model.state_dict():
        if name.endswith("num_batches_tracked"):  # older files lack these counters
            ours.setdefault(name, torch.tensor(0))
    model.load_state_dict(ours, assign=True)
    return model


def _fetched(url: str) -> Path:
    """Return the path of a file in the cache; fetch it where it is not there, and check it."""
    import pooch
    import requests

    folder, file = cache_folder() / "weights", url.rpartition("/")[2]
    path = folder / file
    if not path.exists():
        if os.environ.get("COURSEKIT_OFFLINE") == "1":
            raise CourseError(
                f"{path} is not there, and COURSEKIT_OFFLINE=1 forbids to fetch it; unset it, or "
                f"put the file of {url} there"
            )
        pooch.get_logger().setLevel("WARNING")
        fetch = pooch.HTTPDownloader(progressbar=sys.stderr.isatty(), timeout=30)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            pooch.retrieve(url, known_hash=None, fname=file, path=folder, downloader=fetch)
        except requests.RequestException as error:  # an OSError too, so it comes first
            raise CourseError(
                f"{file} could not be fetched from {url} ({str(error).splitlines()[0]}); try again "
                f"later, or put the file at {path}"
            ) from error
        except OSError as error:
            raise cannot_write(error, path, "set COURSEKIT_CACHE to another folder") from error
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    wanted = file.rpartition("-")[2].partition(".")[0]
    if not digest.startswith(wanted):
        path.unlink()
        raise CourseError(
            f"{path} was not the file that was published (SHA-256 {digest[:8]}, expected {wanted}) "
            "and has been deleted; run this again to fetch it anew"
        )
    return path
