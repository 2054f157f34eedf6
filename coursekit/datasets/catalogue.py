"""What sets there are, where each one stands on this machine, and fetching them ahead of time."""

from dataclasses import dataclass
from pathlib import Path

from coursekit.datasets import cache, mirror
from coursekit.datasets.loading import obtain
from coursekit.datasets.registry import names, record


@dataclass(frozen=True)
class Info:
    """What is known of one set, on this machine, now.

    Attributes
    ----------
    where
        "built in", "cache", "mirror" or "not here".
    bytes
        Size of the download; 0 for a set that needs none.
    verified
        Whether the course's authors computed the digests from the content themselves.

    Examples
    --------
    >>> strokes = info("strokes")
    >>> strokes.where, strokes.here, strokes.bytes
    ('built in', True, 0)
    """

    name: str
    title: str
    image_shape: tuple[int, ...]
    train: int
    test: int
    classes: tuple[str, ...]
    bytes: int
    files: tuple[str, ...]
    sources: tuple[str, ...]
    licence: str
    licence_url: str
    homepage: str
    citation: str
    verified: bool
    where: str
    place: Path | None

    @property
    def embedded(self) -> bool:
        """Whether the set needs neither network nor mirror."""
        return self.where == "built in"

    @property
    def cached(self) -> bool:
        """Whether the cache has a copy."""
        return self.where == "cache"

    @property
    def here(self) -> bool:
        """Whether `load(name, download=False)` should succeed."""
        return self.where != "not here"

    @property
    def fetchable(self) -> bool:
        """Whether the network has the set."""
        return bool(self.sources)


def info(name: str) -> Info:
    """Return what is known of a set, and where it stands; reads no image and no network.

    Raises
    ------
    ValueError
        For a name that is not known.

    Examples
    --------
    >>> info("fashion_mnist").licence
    'MIT, copyright 2017 Zalando SE'
    """
    known = record(name)
    where, place = "not here", None
    if known.embedded:
        where = "built in"
    elif cache.holds(known):
        where, place = "cache", cache.cache_folder() / name
    elif mirror.holds(known):
        where, place = "mirror", mirror.mirror_folder()
    return Info(
        name=name,
        title=known.title,
        image_shape=known.image_shape,
        train=known.train,
        test=known.test,
        classes=known.classes,
        bytes=known.packed_bytes,
        files=tuple(file.name for file in known.files),
        sources=known.sources,
        licence=known.licence,
        licence_url=known.licence_url,
        homepage=known.homepage,
        citation=known.citation,
        verified=all(file.verified for file in known.files),
        where=where,
        place=place,
    )


def damage(name: str) -> list[str]:
    """Read every file of a set that is on this machine; return a line for each that is not usable.

    Raises
    ------
    ValueError
        For a name that is not known.

    Examples
    --------
    >>> damage("strokes")
    []
    """
    known = record(name)
    complaints: list[str] = []
    if cache.holds(known) and cache.read(known) is None:
        complaints.append(f"the copy in {cache.cache_folder() / name} is damaged")
    mirror.read(known, complaints)
    return complaints


def status() -> list[Info]:
    """Return `info` of every set, in the registry's order.

    Examples
    --------
    >>> [entry.name for entry in status() if entry.embedded]
    ['digits', 'strokes', 'shapes']
    """
    return [info(name) for name in names()]


def fetch(*wanted: str) -> list[Info]:
    """Bring sets into the cache, from the mirror or the network, with a progress bar.

    A set that is there already is checked, and fetched again only if it is damaged.

    Parameters
    ----------
    wanted
        Names; all are looked at before anything is fetched.

    Returns
    -------
    list of Info
        What is known of each of them afterwards.

    Raises
    ------
    ValueError
        For a name that is not known.
    DatasetError
        When a set cannot be had, or cannot be kept.

    Examples
    --------
    >>> [entry.where for entry in fetch("strokes", "digits")]
    ['built in', 'built in']
    """
    entries = [record(name) for name in wanted]
    for known in entries:
        if not known.embedded:
            obtain(known, must_keep=True)
    return [info(known.name) for known in entries]
