"""The form that makes one answer of two texts; it works without JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from core.kit.comparing import BOTH, MINE, THEIRS, Part, compare, compose
from core.kit.errors import InvalidError
from core.kit.fields import VersionField
from core.kit.text import clean_paragraphs
from questionnaires.models import Answer, Question
from questionnaires.selectors import SectionView
from questionnaires.services import Conflict
from questionnaires.states import QuestionKind
from questionnaires.values import as_text, keep_value, limit_of

TEXTS = {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}
# What the buttons of the page say in `do`.
USE_MINE, USE_THEIRS, USE_CHOICES, SAVE = "mine", "theirs", "choices", "save"


def _typed(value: Any) -> list[str]:
    """Return a stored value as the strings a hidden field sends back."""
    if value is None:
        return []
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


@dataclass(frozen=True)
class Clash:
    """One question of the page: both texts, the places where they differ, the result."""

    question: Question
    answer: Answer
    mine: Any
    base: Any
    parts: list[Part]
    choices: dict[int, str]
    result: BoundField | None

    @property
    def is_text(self) -> bool:
        """Whether the texts can be merged; other kinds are one or the other."""
        return self.question.kind in TEXTS

    @property
    def mine_text(self) -> str:
        """Return the writer's own answer in words."""
        return as_text(self.question, self.mine)

    @property
    def theirs_text(self) -> str:
        """Return the stored answer in words."""
        return as_text(self.question, self.answer.value)

    @property
    def base_text(self) -> str:
        """Return what both started from, in words."""
        return as_text(self.question, self.base)

    @property
    def mine_typed(self) -> list[str]:
        """Return the writer's own answer as hidden fields carry it."""
        return _typed(self.mine)

    @property
    def base_typed(self) -> list[str]:
        """Return what both started from, as hidden fields carry it."""
        return _typed(self.base)

    @property
    def places(self) -> list[tuple[Part, str]]:
        """Return the parts with what is chosen for each."""
        return [(part, self.choices.get(part.number, part.choice)) for part in self.parts]

    @property
    def count(self) -> int:
        """Return at how many places the texts differ."""
        return sum(not part.is_same for part in self.parts)


class ConflictForm(forms.Form):
    """Both texts of each answer in conflict, and what shall be saved.

    Made of the conflicts of a save (unbound), or of the conflicts and what the page sent.
    The page sends, per question key: `mine_<key>` (the writer's text), `version_<key>`
    (the version of the other text it has shown), `place_<key>_<n>`, `result_<key>`
    (the text to save), `made_<key>` (that text as it was made from the choices); and `do`.
    """

    use_required_attribute = False

    def __init__(
        self, conflicts: Sequence[Conflict], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data)
        self.conflicts = conflicts
        # Whole texts are taken as they were; what stands in the box then plays no part.
        self.takes_whole = self.data.get("do") in {USE_MINE, USE_THEIRS}
        self.clashes: list[Clash] = []
        for conflict in conflicts:
            self.clashes.append(self._clash(conflict))

    def _clash(self, conflict: Conflict) -> Clash:
        question, key = conflict.question, conflict.question.key
        is_text = question.kind in TEXTS
        parts = (
            compare(str(conflict.mine or ""), str(conflict.answer.value or "")) if is_text else []
        )
        choices = {
            part.number: chosen
            for part in parts
            if (chosen := self.data.get(f"place_{key}_{part.number}")) in {MINE, THEIRS, BOTH}
        }
        result = None
        if is_text:
            name = f"result_{key}"
            field = forms.CharField(
                label=question.text,
                required=question.required and not self.takes_whole,
                strip=False,
                widget=forms.Textarea(attrs={"rows": 8, "data-limit": limit_of(question)}),
            )
            field.initial = compose(parts, choices)
            self.fields[name] = field
            if self.is_bound and self._follows_choices(key):
                sent: Any = self.data
                changed = sent.copy()
                changed[name] = field.initial
                self.data = changed
            result = self[name]
        return Clash(
            question=question,
            answer=conflict.answer,
            mine=conflict.mine,
            base=conflict.base,
            parts=parts,
            choices=choices,
            result=result,
        )

    def _follows_choices(self, key: str) -> bool:
        """Tell whether the text is to be made from the choices.

        So it is when the button asks for it, and when nobody has touched the text since it
        was made: then a choice changed after that must not be lost.
        """
        typed, made = self.data.get(f"result_{key}"), self.data.get(f"made_{key}")
        if typed is None or self.data.get("do") == USE_CHOICES:
            return True
        return made is not None and clean_paragraphs(typed) == clean_paragraphs(made)

    def clean(self) -> dict[str, Any]:
        """Keep each text as a draft keeps it: what breaks a limit is marked on its page."""
        cleaned: dict[str, Any] = super().clean() or {}
        for clash in self.clashes:
            name = f"result_{clash.question.key}"
            if name in cleaned and not self.takes_whole:
                try:
                    cleaned[name] = keep_value(clash.question, cleaned[name])
                except InvalidError as error:
                    self.add_error(name, error.message)
        return cleaned

    def decided(self) -> list[tuple[str, Any, int]]:
        """Return (key, value, version read) to save, as the pressed button says."""
        wanted = self.data.get("do", SAVE)
        result = []
        for clash in self.clashes:
            key = clash.question.key
            value = clash.mine
            if wanted == USE_THEIRS or (
                not clash.is_text and self.data.get(f"place_{key}_1") == THEIRS
            ):
                value = clash.answer.value
            elif wanted != USE_MINE and clash.is_text:
                value = self.cleaned_data[f"result_{key}"]
            read = VersionField().clean(self.data.get(f"version_{key}"))
            result.append((key, value, read))
        return result


def sent_conflicts(view: SectionView, data: QueryDict) -> list[Conflict]:
    """Return the conflicts a page of both texts was about, with what is stored now.

    Raises InvalidError for a text that cannot be kept.
    """
    found = []
    for one in view.questions:
        if f"version_{one.key}" not in data or one.answer is None:
            continue
        several = one.question.kind == QuestionKind.MULTI_CHOICE
        mine, base = (
            values if several else "".join(values[:1])
            for values in (data.getlist(f"mine_{one.key}"), data.getlist(f"base_{one.key}"))
        )
        found.append(
            Conflict(
                question=one.question,
                answer=one.answer,
                mine=keep_value(one.question, mine),
                base=keep_value(one.question, base),
            )
        )
    return found
