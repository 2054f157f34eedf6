"""Training that uses what the machine has: `fit`, what it leaves behind, and what explains it.

Importing this loads nothing heavy: each name below is fetched when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
