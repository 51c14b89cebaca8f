"""Comparing two texts, place by place and word by word, and making one of them again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

MINE, THEIRS, BOTH = "mine", "theirs", "both"

# A sentence with the white space after it, or a run of line ends.
_SENTENCE = re.compile(r"[^\n.!?。！？।]+[.!?。！？।]*[ \t]*|[.!?。！？।]+[ \t]*|\n+")
# A word with the white space after it, so that neighbouring changes make one run.
_WORD = re.compile(r"\s*\S+\s*|\s+")
# Sentences less alike than this share words only by chance: they are marked as a whole.
ALIKE = 0.5
# Longer texts are not compared word by word: nobody reads such a comparison, and it takes long.
MOST_COMPARED = 20_000


@dataclass(frozen=True)
class Run:
    """Words that stand in both texts, or only in this one."""

    text: str
    only_here: bool


@dataclass(frozen=True)
class Part:
    """A stretch that is the same in both texts, or a place where they differ."""

    mine: str
    theirs: str
    number: int = 0
    mine_runs: list[Run] = field(default_factory=list)
    theirs_runs: list[Run] = field(default_factory=list)

    @property
    def is_same(self) -> bool:
        """Whether both texts say the same here."""
        return self.number == 0

    @property
    def choice(self) -> str:
        """Return what is chosen at first: the writer's own words, else the other's."""
        return MINE if self.mine.strip() else THEIRS

    @property
    def has_both(self) -> bool:
        """Whether keeping both texts makes sense."""
        return bool(self.mine.strip() and self.theirs.strip())


def _runs(mine: str, theirs: str) -> tuple[list[Run], list[Run]]:
    a, b = _WORD.findall(mine), _WORD.findall(theirs)
    matcher = SequenceMatcher(
        a=[w.strip() or w for w in a], b=[w.strip() or w for w in b], autojunk=False
    )
    if matcher.ratio() < ALIKE:
        left_whole = [Run(mine, only_here=True)] if mine else []
        return left_whole, [Run(theirs, only_here=True)] if theirs else []
    left: list[Run] = []
    right: list[Run] = []
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        same = tag == "equal"
        if a0 < a1:
            left.append(Run("".join(a[a0:a1]), not same))
        if b0 < b1:
            right.append(Run("".join(b[b0:b1]), not same))
    return left, right


def _places(mine: Sequence[str], theirs: Sequence[str]) -> list[tuple[str, str]]:
    """Return sentences that replace each other in pairs; what is left over is a pair itself."""
    both = min(len(mine), len(theirs))
    pairs = list(zip(mine[:both], theirs[:both], strict=True))
    rest = "".join(mine[both:]), "".join(theirs[both:])
    return [*pairs, rest] if any(rest) else pairs


def compare(mine: str, theirs: str) -> list[Part]:
    """Return both texts as parts; joining all `mine` gives back mine, `theirs` theirs."""
    a, b = _SENTENCE.findall(mine), _SENTENCE.findall(theirs)
    # A sentence at the end of one text has no space after it; that is no difference.
    matcher = SequenceMatcher(
        a=[s.strip() or s for s in a], b=[s.strip() or s for s in b], autojunk=False
    )
    parts: list[Part] = []
    number = 0
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Part("".join(a[a0:a1]), "".join(b[b0:b1])))
            continue
        for left, right in _places(a[a0:a1], b[b0:b1]):
            number += 1
            parts.append(Part(left, right, number, *_runs(left, right)))
    return parts


def _glue(pieces: list[str]) -> str:
    text = ""
    for piece in pieces:
        if text and piece and not text[-1].isspace() and not piece[0].isspace():
            text += " "
        text += piece
    return text.strip()


def compose(parts: Sequence[Part], choices: dict[int, str]) -> str:
    """Return one text from the choice at each place; without one, the part's own choice."""
    pieces: list[str] = []
    for part in parts:
        choice = choices.get(part.number, part.choice)
        if part.is_same or choice == MINE:
            pieces.append(part.mine)
        elif choice == THEIRS:
            pieces.append(part.theirs)
        else:
            pieces += [part.mine, part.theirs]
    return _glue(pieces)


@dataclass(frozen=True)
class Piece:
    """Words of one text made of two: `tag` is "del" for what went, "ins" for what came, or ""."""

    text: str
    tag: str = ""


def pieces_between(before: str, after: str) -> list[Piece]:
    """Return one text in which what went and what came stand side by side."""
    pieces: list[Piece] = []
    for part in compare(before, after):
        if part.is_same:
            pieces.append(Piece(part.mine))
        elif any(not run.only_here for run in part.mine_runs):
            pieces += _interleaved(part.mine, part.theirs)
        else:
            pieces += [Piece(part.mine, "del"), Piece(part.theirs, "ins")]
    return [piece for piece in pieces if piece.text]


def _interleaved(before: str, after: str) -> list[Piece]:
    a, b = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(
        a=[w.strip() or w for w in a], b=[w.strip() or w for w in b], autojunk=False
    )
    pieces: list[Piece] = []
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        went, came = "".join(a[a0:a1]), "".join(b[b0:b1])
        pieces += [Piece(came)] if tag == "equal" else [Piece(went, "del"), Piece(came, "ins")]
    return pieces


@dataclass(frozen=True)
class TwoTexts:
    """What somebody typed into a field beside what is stored there, both in words.

    `theirs` is None where nothing is known of what is stored.
    """

    label: str
    mine: str
    theirs: str | None = None

    @property
    def differs(self) -> bool:
        """Whether something is stored there, and says something else."""
        return bool(self.theirs) and not self.is_same

    @property
    def is_same(self) -> bool:
        """Whether exactly this is stored, but for the ends of lines."""
        return self.theirs is not None and self.mine.split() == self.theirs.split()

    @property
    def more_words(self) -> int:
        """Return how many words longer the typed text is; below 0 for a shorter one."""
        return len(self.mine.split()) - len((self.theirs or "").split())

    @cached_property
    def _parts(self) -> list[Part]:
        mine, theirs = self.mine, self.theirs or ""
        if max(len(mine), len(theirs)) > MOST_COMPARED:
            whole = [Run(mine, only_here=True)], [Run(theirs, only_here=True)]
            return [Part(mine, theirs, 1, *whole)]
        return compare(mine, theirs)

    @property
    def mine_runs(self) -> list[Run]:
        """Return what was typed, with the words that stand there alone."""
        runs = [p.mine_runs or [Run(p.mine, not p.is_same)] for p in self._parts]
        return [run for each in runs for run in each if run.text]

    @property
    def theirs_runs(self) -> list[Run]:
        """Return what is stored, with the words that stand there alone."""
        runs = [p.theirs_runs or [Run(p.theirs, not p.is_same)] for p in self._parts]
        return [run for each in runs for run in each if run.text]
