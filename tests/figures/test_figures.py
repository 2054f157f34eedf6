"""What every picture has to have: words, size, sameness, and no trace left behind."""

import gc
import os
import subprocess
import sys
import weakref

import numpy as np
import pytest

from coursekit import figures

NAMES = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"]
NAMES += ["Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]
RAMP = np.arange(25).reshape(5, 5)
PHOTO = np.clip(
    np.random.default_rng(3).normal(128, 20, (427, 640)) + np.linspace(-90, 90, 640), 0, 255
).astype(np.uint8)
ALT = "A picture made for the tests."
CALLS = {
    "grid": lambda: figures.grid(RAMP, title="Ramp", highlight=[(0, 0), (0, 1)]),
    "grid of a whole image": lambda: figures.grid(np.tile(np.arange(28) * 9, (28, 1))),
    "grid of decimals": lambda: figures.grid(np.sin(RAMP), title="Weights"),
    "grids": lambda: figures.grids([("x", RAMP), ("w", [[1, 0], [0, -1]]), ("y", RAMP[:4, :4])]),
    "images": lambda: figures.images([("a", PHOTO), ("b", PHOTO[::2]), ("c", PHOTO)], alt=ALT),
    "colour": lambda: figures.images([("a", np.stack([PHOTO] * 3, axis=-1))], alt=ALT),
    "signed": lambda: figures.images(
        [("photo", PHOTO[:64]), ("map", np.sin(RAMP))], alt=ALT, signed=True
    ),
    "signal": lambda: figures.signal(
        [
            ("raw", np.sin(np.arange(300) * 1.7)),
            ("smooth", np.arange(1, 299), np.arange(298) / 300),
        ],
        alt=ALT,
        xlabel="s",
        ylabel="km",
        title="Costs $5 or $6",
        window=(3, 20),
    ),
    "bars": lambda: figures.bars([("dense", 10**12), ("CNN", 320)], alt=ALT, log=True, xlabel="n"),
    "confusion": lambda: figures.confusion(np.eye(10, dtype=int) * 180 + 3, NAMES, alt=ALT),
    "curves": lambda: figures.curves({"train": [2, 1, 0.5], "test": [2, 1.2, 0.9]}, alt=ALT),
}


@pytest.fixture(scope="module")
def drawn(in_a_notebook):
    """Every picture, drawn once: what was shown by name, and the figures that were made."""
    figures_made = []
    canvas = sys.modules["coursekit.figures.canvas"]

    def counted(*args, **kwargs):
        figure = canvas.new_figure(*args, **kwargs)
        figures_made.append(weakref.ref(figure))
        return figure

    with in_a_notebook() as page, pytest.MonkeyPatch.context() as patch:
        for name in ("grids", "images", "lines", "bars", "confusion"):
            patch.setattr(sys.modules[f"coursekit.figures.{name}"], "new_figure", counted)
        returned = [call() for call in CALLS.values()]
    assert returned == [None] * len(CALLS)
    return dict(zip(CALLS, page, strict=True)), figures_made


@pytest.mark.parametrize("name", CALLS)
def test_every_picture_is_an_image_with_words_that_fits_on_the_page(name, drawn):
    from coursekit.figures.canvas import PAGE_DPI, WIDEST

    shown = drawn[0][name]
    assert shown.alt == shown.plain
    assert len(shown.alt) >= 15
    assert "max-width:100%" in shown.style and "background:#fff" in shown.style
    assert 60 < int(shown.style.split("width:")[2].split("px")[0]) <= WIDEST * PAGE_DPI + 1
    assert len(shown.bytes) <= 60_000
    # White to the very edge: the card around it is white too.
    assert (shown.pixels[[0, -1]] >= 253).all()
    assert shown.pixels.min() < 100
    for trace in (b"Software", b"matplotlib", b"tEXt", b"tIME", b"EXIF"):
        assert trace not in shown.bytes


def test_figures_do_not_stay_in_memory(drawn):
    gc.collect()
    figures_made = drawn[1]
    assert len(figures_made) == len(CALLS)
    assert [ref for ref in figures_made if ref() is not None] == []


def test_the_same_bytes_in_two_processes():
    script = (
        "import hashlib, sys\n"
        "import numpy as np\n"
        "from coursekit import figures\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.instance()\n"
        "import IPython.display\n"
        "show = lambda d, raw: print(hashlib.sha256(d['text/html'].encode()).hexdigest())\n"
        "IPython.display.display = show\n"
        "figures.grid(np.arange(25).reshape(5, 5) - 4, highlight=[(1, 1)])\n"
        "figures.signal([('a', np.sin(np.arange(90.0)))], alt='A wave of ninety values.')\n"
        "wave = (np.sin(np.arange(90000.0)).reshape(300, 300) * 100 + 120).astype(np.uint8)\n"
        "figures.images([('a', wave)] * 3, alt='Three times the same wave.')\n"
    )
    runs = []
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        runs.append(run.stdout.split())
    assert len(runs[0]) == 3 and runs[0] == runs[1]


def test_the_readers_own_settings_change_nothing(notebook):
    import matplotlib

    CALLS["curves"]()
    with matplotlib.rc_context({"font.size": 30, "savefig.dpi": 20, "lines.linewidth": 9}):
        before = dict(matplotlib.rcParams)
        CALLS["curves"]()
        assert dict(matplotlib.rcParams) == before
    assert notebook[0].html == notebook[1].html


def test_nothing_heavy_is_loaded_before_a_picture_and_pyplot_never():
    script = (
        "import sys, coursekit.figures as f\n"
        "assert 'matplotlib' not in sys.modules and 'IPython' not in sys.modules\n"
        "f.grid([[1, 2]])\n"
        "from coursekit.figures.canvas import course_style, encode, new_figure\n"
        "with course_style():\n"
        "    encode(new_figure(1, 1))\n"
        "bad = [m for m in sys.modules if m == 'matplotlib.pyplot' or 'tkinter' in m]\n"
        "bad += [m for m in sys.modules if m.startswith('matplotlib.backends.backend_')\n"
        "        and not m.endswith('backend_agg')]\n"
        "assert not bad, bad\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_outside_a_notebook_the_words_are_printed(capsys):
    figures.grid([[1, 2]], title="Pair")
    assert capsys.readouterr().out == "Pair. Row of 2 values: 1 2.\n"


def test_show_escapes_and_closes(notebook):
    import matplotlib.pyplot as plt

    fig, axes = plt.subplots()
    axes.plot([1, 2, 3])
    figures.show(fig, 'Rises <b>fast</b> & "far"\n   upwards')
    (shown,) = notebook
    assert shown.plain == 'Rises <b>fast</b> & "far" upwards'
    assert 'alt="Rises &lt;b&gt;fast&lt;/b&gt; &amp; &quot;far&quot; upwards"' in shown.html
    assert fig.number not in plt.get_fignums()
    plt.close("all")


@pytest.mark.parametrize("alt", ["", "short", "   spaces      ", None, 12])
@pytest.mark.parametrize("name", ["show", "images", "signal", "bars", "confusion", "curves"])
def test_a_picture_without_words_is_refused(name, alt):
    from matplotlib.figure import Figure

    call = {
        "show": lambda: figures.show(Figure(), alt),
        "images": lambda: figures.images([("a", PHOTO)], alt=alt),
        "signal": lambda: figures.signal([("a", [1, 2])], alt=alt),
        "bars": lambda: figures.bars([("a", 1)], alt=alt),
        "confusion": lambda: figures.confusion([[1]], ["a"], alt=alt),
        "curves": lambda: figures.curves({"a": [1]}, alt=alt),
    }[name]
    with pytest.raises(ValueError, match=r"^alt: found .* expected a sentence .* Write one"):
        call()
