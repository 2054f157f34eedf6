"""Widgets of the course: live in JupyterLab, live on a page without a kernel, never blank.

Each name is fetched when it is first used, so that importing the package stays quick.

>>> from coursekit.widgets import ConvolutionExplorer
>>> ConvolutionExplorer([[1, 2], [3, 4]], [[1, 0], [0, 1]]).output
array([[5.]])
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
