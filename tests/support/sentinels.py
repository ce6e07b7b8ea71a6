"""Values of a person who does not exist, and a search for them in whatever bytes there are.

Each is so peculiar that finding it means that it was written there. Its NIK is of region 99, which
there is not. A trade name is public by contract and so is none of them.
"""

import base64
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

_PIECE = 16 * 1024 * 1024
_EMPTY = bytes(64)
"""Most of a database's pages; left out, they need not be searched."""


@dataclass(frozen=True)
class Sentinel:
    """A value, and the words in it that are searched for: masks may show the rest."""

    kind: str
    text: str
    words: tuple[str, ...]

    @cached_property
    def traces(self) -> dict[bytes, str]:
        """How it may stand in bytes, in small letters, and what to call that."""
        return {
            trace.lower(): f"{self.kind} as {form}"
            for word in self.words
            for form, trace in _forms(word)
        }

    @cached_property
    def packed(self) -> dict[bytes, str]:
        """How it may stand in Base64, where small and large letters differ."""
        spellings = {spelt for word in self.words for spelt in (word, word.lower())}
        return {
            trace: f"{self.kind} as Base64"
            for spelt in spellings
            for shift in range(3)
            for trace in _base64(spelt.encode(), shift)
        }


SENTINELS = (
    Sentinel("name", "Nyai Quéndhedhès Wiraxatama", ("Quéndhedhès", "Wiraxatama")),
    Sentinel("nik", "9901776307610042", ("9901776307610042",)),
    Sentinel("phone", "081290177339", ("81290177339",)),
    Sentinel("email", "xadukwetan.q@contoh.id", ("xadukwetan",)),
    Sentinel("address", "Jl. Qemuning Xabrang 7, RT 03/RW 09", ("Qemuning", "Xabrang")),
    Sentinel("birth_date", "1961-07-23", ("1961-07-23",)),
    Sentinel("text", "Ia xerutang pada qerabatnya", ("xerutang", "qerabatnya")),
)
OFFICE = Sentinel("office", "Zaqwulung dan Pranxata", ("Zaqwulung", "Pranxata"))
"""What an office might write in its own words about a person: a row may keep it, and no more."""
BY_KIND = {sentinel.kind: sentinel for sentinel in SENTINELS}


def found_in(content: bytes, sentinels: Iterable[Sentinel] = SENTINELS) -> set[str]:
    """Which of these stand in some bytes, and in what form."""
    small = content.lower()
    return {
        what
        for sentinel in sentinels
        for traces, where in ((sentinel.traces, small), (sentinel.packed, content))
        for trace, what in traces.items()
        if trace in where
    }


def found_in_files(
    folder: Path, sentinels: Sequence[Sentinel] = SENTINELS, since: float = 0.0
) -> Iterator[str]:
    """Search every file under a folder that was written since then, its name included."""
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.stat().st_mtime < since:
            continue
        found = found_in(str(file.relative_to(folder)).encode(), sentinels)
        for piece in _pieces(file):
            found |= found_in(piece.replace(_EMPTY, b""), sentinels)
        yield from (f"{what} in {file.relative_to(folder)}" for what in sorted(found))


def _forms(word: str) -> Iterable[tuple[str, bytes]]:
    utf8 = word.encode()
    yield "Latin-1", word.encode("latin-1")
    yield "URL", quote(word).encode()
    yield "JSON", json.dumps(word)[1:-1].encode()
    yield "hex", utf8.hex().encode()
    yield "UTF-16", word.encode("utf-16-le")
    yield "UTF-8", utf8  # the last, whose name stays where several are the same bytes


def _base64(content: bytes, shift: int) -> Iterable[bytes]:
    """The letters that depend on nothing but the content, `shift` bytes after a group begins."""
    letters = base64.b64encode(bytes(shift) + content)
    first, behind = -(-shift * 8 // 6), (shift + len(content)) * 8 // 6
    yield letters[first:behind]
    yield letters[first:behind].translate(bytes.maketrans(b"+/", b"-_"))


def _pieces(file: Path) -> Iterator[bytes]:
    """What a file holds; its holes, which Kafka's indexes mostly are, are passed over."""
    with file.open("rb") as opened:
        place, end = 0, file.stat().st_size
        overlap = b""
        while place < end:
            try:
                start = os.lseek(opened.fileno(), place, os.SEEK_DATA)
            except OSError:  # nothing but a hole
                return
            overlap = overlap if start == place else b""
            stop = min(os.lseek(opened.fileno(), start, os.SEEK_HOLE), start + _PIECE)
            opened.seek(start)
            piece = overlap + opened.read(stop - start)
            yield piece
            overlap, place = piece[-512:], stop
