"""A project of one's own: the rubric, claims, and what a saved notebook shows of both.

>>> from coursekit.project import claim
>>> claim("accuracy", 0.75, at=0.7, within=0.1)
accuracy between 0.6 and 0.8: yes; it is 0.75
"""

from coursekit.project.claims import claim
from coursekit.project.rubric import show_rubric

__all__ = ["claim", "show_rubric"]
