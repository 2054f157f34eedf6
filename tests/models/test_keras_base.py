"""Keras's MobileNetV2 without its head: built, fetched from a web server, and not to be had."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from coursekit.errors import CourseError
from coursekit.models import mobilenet_base


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A folder that a web server on this machine gives out, in place of Keras's."""
    from keras.src.applications import mobilenet_v2

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Keep the tests' output clean."""

    for name in ("http_proxy", "HTTP_PROXY", "COURSEKIT_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("keras.src.backend.config._KERAS_DIR", str(tmp_path / "keras"))
    for folder in ("keras", "shop"):  # Keras goes elsewhere where its own is not there
        (tmp_path / folder).mkdir()
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "shop"))
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        monkeypatch.setattr(mobilenet_v2, "BASE_WEIGHT_PATH", address)
        yield tmp_path / "shop"
        server.shutdown()


def test_weights_are_fetched_and_put_in(shop):
    import h5py
    from keras.src.legacy.saving.legacy_h5_format import save_weights_to_hdf5_group

    original = mobilenet_base(96)
    name = "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_96_no_top.h5"
    with h5py.File(shop / name, "w") as file:  # the published files have this older format
        save_weights_to_hdf5_group(file, original)
    fetched = mobilenet_base(96, weights="imagenet")
    assert fetched.output_shape == (None, 1280) and fetched.count_params() == 2_257_984
    for one, other in zip(original.get_weights(), fetched.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_that_cannot_be_had_are_said_to_be_so(shop, monkeypatch):
    with pytest.raises(CourseError, match=r"could not be fetched .*weights=None"):
        mobilenet_base(96, weights="imagenet")
    monkeypatch.setenv("COURSEKIT_OFFLINE", "1")
    with pytest.raises(CourseError, match=r"COURSEKIT_OFFLINE=1 .*weights=None"):
        mobilenet_base(96, weights="imagenet")
