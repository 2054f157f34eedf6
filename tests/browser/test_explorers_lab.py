"""The explorers in JupyterLab, all in one notebook: from pictures to life, in step with Python."""

import nbformat
from lab_harness import kernel_says, open_notebook, run_all, run_code
from nbformat.v4 import new_code_cell, new_notebook

NAMES = ("Convolution1dExplorer", "KernelPlayground", "ConvolutionExplorer", "SizeCalculator")


def test_page_and_kernel_share_each_explorer(page, lab, lab_root, violations):
    start = f"from coursekit.widgets import {', '.join(NAMES)}"
    cells = [
        new_code_cell(f"{start if not i else ''}\n{name.lower()} = {name}()\n{name.lower()}")
        for i, name in enumerate(NAMES)
    ]
    book = new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(book, lab_root / "explorers.ipynb")
    page.set_viewport_size({"width": 1280, "height": 4200})  # JupyterLab draws what is in sight
    open_notebook(page, lab, "explorers.ipynb")
    run_all(page)

    def widget(kind):
        node = page.locator(f".ck-{kind}")
        node.wait_for()
        return node

    signal = widget("signal")
    signal.get_by_label("Signal", exact=True).select_option("reports")
    signal.locator(".ck-board").press("End")
    kernel_says(
        page,
        "print(convolution1dexplorer.convolved, convolution1dexplorer.selected)",
        "[7.75       9.33333333] 1",
    )
    run_code(
        page,
        "w = convolution1dexplorer; w.signal, w.kernel, w.average = [1, 2], [3, 4], False",
    )
    signal.get_by_text("1·3 + 2·4 = 11").wait_for()

    playground = widget("playground")
    playground.get_by_label("Kernel", exact=True).select_option("identity")
    kernel_says(page, "print((kernelplayground.output == kernelplayground.image).all())", "True")
    run_code(page, "kernelplayground.image = [[1, 2], [3, 4]]; kernelplayground.kernel = [[2]]")
    playground.get_by_text("Result, 2 × 2").wait_for()
    playground.locator(".ck-board[tabindex]").press("End")
    playground.get_by_text("4·2 = 8, shown as 8").wait_for()

    explorer = widget("explorer")
    explorer.get_by_label("Dilation").fill("2")
    explorer.get_by_label("Dilation").press("Enter")
    kernel_says(page, "print(convolutionexplorer.output)", "[[12.]]")
    run_code(page, "convolutionexplorer.dilation = 1; convolutionexplorer.stride = 2")
    explorer.get_by_text("Output 2 × 2").wait_for()

    sizes = widget("sizes")
    sizes.get_by_role("button", name="Add a layer").click()
    kernel_says(page, "print([row['size'] for row in sizecalculator.table])", "[26, 24, 22]")
    run_code(page, "sizecalculator.layers = [(3, 2)]; sizecalculator.size = 6")
    sizes.get_by_text("11 pixels of 36").wait_for()

    # What makes no sense to Python is put right on the page, without a traceback.
    run_code(page, "convolutionexplorer.set_state({'stride': 'x', 'padding': 1})")
    explorer.get_by_text("padded to 7 × 7").wait_for()
    assert explorer.get_by_label("Stride").input_value() == "2"
    assert violations(page) == []
    assert [text for kind, text in page.messages if kind in ("error", "pageerror")] == []
