"""The architecture explorer on a page without a kernel."""

import pytest
from torch import nn

from coursekit.widgets import ArchitectureExplorer

OWN = nn.Sequential(
    nn.Conv2d(1, 8, 3, padding=1),
    nn.ReLU(),
    nn.MaxPool2d(2),
    nn.Sequential(nn.Conv2d(8, 16, 3), nn.BatchNorm2d(16), nn.ReLU()),
    nn.Flatten(),
    nn.Linear(16 * 144, 10),
)


def spoken(page):
    return page.locator("[role=status]").inner_text()


def test_the_page_adds_up_what_python_read(call):
    explorer = ArchitectureExplorer(OWN, shape=(1, 28, 28))
    networks = [explorer.own["Sequential"], *(explorer_of(n) for n in ("GoogLeNet", "ResNet-34"))]
    tables = [explorer.tables["Sequential"]]
    tables += [ArchitectureExplorer(n).tables[n] for n in ("GoogLeNet", "ResNet-34")]
    every = call("architecture_explorer", "layersOf", [[network] for network in networks])
    blocks = call("architecture_explorer", "blocksOf", [[layers] for layers in every])
    for layers, rows, joined in zip(every, tables, blocks, strict=True):
        keys = {"name": "name", "group": "group", "shape": "shape", "parameters": "parameters"}
        for key, ours in {**keys, "multiply_adds": "multiplyAdds"}.items():
            assert [row[key] for row in rows] == [layer[ours] for layer in layers]
        for measure in ("parameters", "multiplyAdds", "neurons", "memory"):
            whole = sum(layer[measure] for layer in layers)
            assert sum(block[measure] for block in joined) == whole > 0
        assert sum(block["layers"] for block in joined) == len(rows) > len(joined)
    assert [block["name"] for block in blocks[0]] == ["0", "2", "3", "5"]
    # The neurons of lesson 13's network, as its paper counts them from the second layer on.
    layers = call("architecture_explorer", "layersOf", [[explorer_of("AlexNet")]])[0]
    neurons = [layer["neurons"] for layer in layers if layer["neurons"]]
    assert neurons == [290_400, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]


def explorer_of(name):
    from coursekit.widgets.architecture_explorer.library import stored

    return stored()[name]


@pytest.fixture
def explorer(show):
    return show(ArchitectureExplorer("AlexNet", "VGG-16"))


def test_two_networks_are_compared_by_mouse_and_keys(explorer):
    table = explorer.get_by_role("table")
    assert "60,965,224\t138,357,544\tVGG-16 × 2.3" in table.inner_text()
    left = explorer.get_by_role("listbox", name="Blocks of AlexNet")
    left.focus()
    for _ in range(2):
        explorer.keyboard.press("ArrowDown")
    for text in (spoken(explorer), explorer.locator(".ck-chosen").inner_text()):
        assert "conv2" in text and "256 × 27 × 27" in text and "51 × 51 pixels of" in text
    explorer.keyboard.press("End")
    assert "fc8" in spoken(explorer) and "the whole picture" in spoken(explorer)
    right = explorer.get_by_role("listbox", name="Blocks of VGG-16")
    right.get_by_role("option", name="blocks.block5").click()
    assert "VGG-16, blocks.block5: 4 layers" in spoken(explorer)
    chosen = explorer.get_by_role("listbox").locator("[aria-selected=true]")
    assert chosen.count() == 1 and "7,079,424" in chosen.inner_text()
    explorer.get_by_label("Every layer").check()
    right = explorer.get_by_role("listbox", name="Layers of VGG-16")
    assert right.get_by_role("option").count() == 21
    explorer.get_by_label("Bars show").select_option("multiplyAdds")
    assert "1,849,688,064" in right.inner_text()
    explorer.get_by_label("Beside it").select_option("")
    assert explorer.get_by_role("listbox").count() == 1
    explorer.get_by_label("Network").select_option("ResNet-50")
    assert "25,557,032 parameters" in spoken(explorer) and explorer.messages == []


def test_a_network_of_ones_own_stays_on_the_page_without_a_kernel(show):
    page = show(ArchitectureExplorer(OWN, "LeNet-5", shape=(1, 28, 28)))
    assert (
        page.get_by_role("listbox", name="Blocks of Sequential").get_by_role("option").count() == 4
    )
    page.get_by_label("Network").select_option("GoogLeNet")
    assert page.get_by_role("option", name="inception.3a").count() == 1
    page.get_by_label("Network").select_option("Sequential")
    assert page.get_by_role("option", name="dense, 2,304 to 10").count() == 1
