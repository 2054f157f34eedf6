"""Weights with torchvision's names: put in by shape, and fetched from a web server."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch
from torch import nn

from coursekit.errors import CourseError
from coursekit.models import load_pretrained
from coursekit.models.pretrained import PUBLISHED, Published, rename_resnet, with_weights


def norm(name, channels):
    yield from ((f"{name}.{kind}", (channels,)) for kind in ("weight", "bias"))
    yield from ((f"{name}.running_{kind}", (channels,)) for kind in ("mean", "var"))


def torchvision_resnet(depth):
    """Names and shapes in the published files, as `torchvision.models.resnet` makes them."""
    yield "conv1.weight", (64, 3, 7, 7)
    yield from norm("bn1", 64)
    channels = 64
    for layer, blocks in enumerate({18: (2, 2, 2, 2)}.get(depth, (3, 4, 6, 3)), start=1):
        planes = 32 * 2**layer
        out = 4 * planes if depth == 50 else planes
        for place in range(blocks):
            at = f"layer{layer}.{place}"
            convs = (
                ((planes, channels, 1, 1), (planes, planes, 3, 3), (out, planes, 1, 1))
                if depth == 50
                else ((planes, channels, 3, 3), (planes, planes, 3, 3))
            )
            for number, shape in enumerate(convs, start=1):
                yield f"{at}.conv{number}.weight", shape
                yield from norm(f"{at}.bn{number}", shape[0])
            if place == 0 and (layer > 1 or depth == 50):
                yield f"{at}.downsample.0.weight", (out, channels, 1, 1)
                yield from norm(f"{at}.downsample.1", out)
            channels = out
    yield "fc.weight", (1000, channels)
    yield "fc.bias", (1000,)


def torchvision_vgg16():
    convs = (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)
    maps = (3, 64, 64, 128, 128, *(256,) * 3, *(512,) * 6)
    for place, before, after in zip(convs, maps[:-1], maps[1:], strict=True):
        yield f"features.{place}.weight", (after, before, 3, 3)
        yield f"features.{place}.bias", (after,)
    for place, shape in ((0, (4096, 25088)), (3, (4096, 4096)), (6, (1000, 4096))):
        yield f"classifier.{place}.weight", shape
        yield f"classifier.{place}.bias", shape[:1]


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_each_published_weight_has_its_place(name):
    theirs = torchvision_vgg16() if name == "vgg16" else torchvision_resnet(int(name[6:]))
    weights = {key: torch.empty(shape, device="meta") for key, shape in theirs}
    model = with_weights(PUBLISHED[name], weights)
    given = {id(tensor) for tensor in weights.values()}
    held = [t for key, t in model.state_dict(keep_vars=True).items() if "num_batches" not in key]
    assert len(held) == len(given) == len(weights)
    assert all(p.requires_grad for p in model.parameters())


def test_a_weight_that_does_not_fit_is_named():
    weights = {key: torch.empty(shape, device="meta") for key, shape in torchvision_resnet(18)}
    weights["fc.weight"] = torch.empty(10, 512, device="meta")
    with pytest.raises(RuntimeError, match=r"fc\.weight"):
        with_weights(PUBLISHED["resnet18"], weights)


class Layer1(nn.Module):
    """A network of one convolution, with a name that torchvision would give otherwise."""

    def __init__(self):
        super().__init__()
        self.stages = nn.ModuleDict({"conv2_x": nn.Conv2d(1, 2, 3)})


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A web server with a file of weights, named after its digest, and an empty cache."""
    original = nn.Conv2d(1, 2, 3)
    torch.save({f"layer1.{k}": v for k, v in original.state_dict().items()}, tmp_path / "w")
    content = (tmp_path / "w").read_bytes()
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200 if "gone" not in self.path else 404)
            self.end_headers()
            self.wfile.write(content if "gone" not in self.path else b"")

        def log_message(self, *_):
            """Keep the tests' output clean."""

    monkeypatch.setenv("COURSEKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSEKIT_OFFLINE", raising=False)
    monkeypatch.delenv("HTTP_PROXY", raising=False)
    monkeypatch.delenv("http_proxy", raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def publish(file):
            url = f"http://127.0.0.1:{server.server_address[1]}/{file}"
            monkeypatch.setitem(PUBLISHED, "tiny", Published(Layer1, url, rename_resnet))

        publish(f"tiny-{hashlib.sha256(content).hexdigest()[:8]}.pth")
        yield original, asked, publish, tmp_path / "cache" / "weights"
        server.shutdown()


def test_weights_are_fetched_once_and_put_in(shop):
    original, asked, _, _ = shop
    for _ in range(2):
        model = load_pretrained("tiny")
        assert torch.equal(model.stages.conv2_x.weight, original.weight)
        assert not model.training
    assert len(asked) == 1


def test_another_file_than_the_published_one_is_refused_and_not_kept(shop):
    _, _, publish, folder = shop
    publish("tiny-00000000.pth")
    with pytest.raises(CourseError, match=r"tiny-00000000\.pth was not the file .* expected 0000"):
        load_pretrained("tiny")
    assert not list(folder.iterdir())


def test_a_damaged_copy_is_noticed_and_fetched_again(shop):
    _, asked, _, folder = shop
    load_pretrained("tiny")
    [path] = folder.iterdir()
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(CourseError, match="run this again"):
        load_pretrained("tiny")
    load_pretrained("tiny")
    assert len(asked) == 2


def test_what_cannot_be_fetched_is_said_with_what_to_do(shop, monkeypatch):
    _, asked, publish, folder = shop
    publish("gone-12345678.pth")
    with pytest.raises(CourseError, match=r"gone-12345678\.pth could not be fetched from .*404"):
        load_pretrained("tiny")
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    with pytest.raises(CourseError, match="COURSEKIT_OFFLINE=1"):
        load_pretrained("tiny")
    assert len(asked) == 1 and not list(folder.iterdir())
    with pytest.raises(ValueError, match=r"name: found 'vgg11'; expected one of .*vgg16"):
        load_pretrained("vgg11")
