"""A student's own check of a project: what the rubric looks for, part by part."""

from coursekit.project.findings import findings
from coursekit.project.rubric import parts


def check_project(content: bytes) -> tuple[int, int]:
    """Print what is there and what is missing where; nothing of the notebook is run.

    Parameters
    ----------
    content
        The bytes of the notebook as it was saved.

    Returns
    -------
    int, int
        How many of the things that are looked for are so, and how many there are.

    Raises
    ------
    Unreadable
        When it is no notebook, or too large.
    """
    found = findings(content)
    for part in parts():
        print(f"{part.title} ({part.points:g} points)")
        for one in found:
            if one.part == part.name:
                sign = "✗" if not one.passed else "?" if one.message else "✓"
                print(f"  {sign} {one.name}{': ' + one.message if one.message else ''}")
    print("\nHow well each part is done is for a person to judge; that gives the points.\n")
    looked = [one for one in found if not (one.passed and one.message)]
    return sum(one.passed for one in looked), len(looked)
