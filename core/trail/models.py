"""The record of what was done, by whom, when and why."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from core.kit.people import Person
from core.trail.append_only import AppendOnlyModel
from core.trail.chain import Deed, new_salt, salted
from core.trail.verbs import describe, kinds_on_record


def kind_of(kind: ContentType) -> str:
    """Return the model of a kind of object as records name it: ids differ in each database.

    A renamed model keeps the name that its records were hashed with (`trail.KINDS`).
    """
    name = f"{kind.app_label}.{kind.model}"
    return kinds_on_record().get(name, name)


class AuditEvent(AppendOnlyModel):
    """One accepted change: who did what to what, when, and from which state to which.

    The records of one object are a chain, numbered and linked by hashes (`core.trail.chain`). A
    record names nobody: names, labels, reasons and what was written stand in its `EventWords`,
    which may be erased. The database itself refuses to change or remove a record
    (`core.trail.guards`).
    """

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60, db_index=True)
    target_type = models.ForeignKey(ContentType, models.PROTECT)
    target_id = models.BigIntegerField()
    target = GenericForeignKey("target_type", "target_id")
    # 1, 2, 3 … of its object.
    number = models.PositiveIntegerField()
    # Who acted, without saying who (`User.pseudonym`); null for the portal itself.
    actor_key = models.UUIDField(null=True, blank=True)
    # The states of the object between which the deed lies: before it is where the record before
    # left it. Empty where an object has none.
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60, blank=True)
    # Details that the app declares as plain (`trail.PLAIN`).
    facts = models.JSONField(default=dict, blank=True)
    # Salted, of what stands in EventWords: the name of who acted, and the words.
    actor_digest = models.CharField(max_length=64)
    words_digest = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["target_type", "target_id", "number"], name="audit_number_once"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="audit_number_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_label}"

    def save(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: `record_event` writes records, and nobody changes one."""
        raise TypeError("AuditEvent: rows are written by record_event, never changed.")

    @property
    def sentence(self) -> str:
        """What happened, for people."""
        return describe(self.verb)

    @property
    def spoken(self) -> "EventWords":
        """The words that go with it; empty ones where the row itself is gone."""
        return getattr(self, "words", None) or EventWords(event=self, actor_salt="", salt="")

    @property
    def has_lost_actor(self) -> bool:
        """Whether the name of who acted was erased."""
        return not self.spoken.actor_salt

    @property
    def has_lost_words(self) -> bool:
        """Whether its words were erased."""
        return not self.spoken.salt

    @property
    def short_key(self) -> str:
        """Four signs that tell people apart whose names were erased."""
        return str(self.actor_key or "")[:4]

    @property
    def actor(self) -> Person | None:
        """The account of who acted; None for the portal itself and once it is gone."""
        return self.spoken.actor

    @property
    def actor_name(self) -> str:
        """The name of who acted, as it was then; it outlives the account."""
        return self.spoken.actor_name

    @property
    def target_label(self) -> str:
        """What it was done to, in words of that day."""
        return self.spoken.label

    @property
    def reason(self) -> str:
        """Why, as it was written."""
        return self.spoken.reason

    @property
    def details(self) -> dict[str, Any]:
        """All that is known of it: the plain facts and the words."""
        return {**self.facts, **self.spoken.details}

    def as_deed(self) -> Deed:
        """Return what its hash is made of."""
        return Deed(
            kind=kind_of(ContentType.objects.get_for_id(self.target_type_id)),
            target_id=self.target_id,
            at=self.at,
            verb=self.verb,
            actor_key=self.actor_key,
            after=self.after,
            facts=self.facts,
            actor_digest=self.actor_digest,
            words_digest=self.words_digest,
        )


class EventWords(models.Model):
    """The words of a record, and who acted: the part that may be erased.

    Erasing empties one of the two, with its salt (`erase_words`): what the record keeps of it is
    then a number that nobody can guess back from.
    """

    event = models.OneToOneField(AuditEvent, models.PROTECT, primary_key=True, related_name="words")
    # Empty once the name is erased.
    actor_salt = models.CharField(max_length=32, default=new_salt)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    # Kept beside the key, so that the record outlives the account.
    actor_name = models.CharField(max_length=254, blank=True)
    # Empty once the words are erased.
    salt = models.CharField(max_length=32, default=new_salt)
    label = models.CharField(max_length=254, blank=True)
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "words of events"

    def __str__(self) -> str:
        return f"{self.label}: {self.actor_name}"

    @property
    def actor_digest(self) -> str:
        """What the record must hold of who acted."""
        return salted(self.actor_salt, self.actor_name)

    @property
    def digest(self) -> str:
        """What the record must hold of the words."""
        return salted(self.salt, self.label, self.reason, self.details)


class AuditRoot(AppendOnlyModel):
    """A seal over all chains at a moment: one hash, to be kept outside the portal too.

    Made daily. It names the chains that have grown since the root before (`SealedChain`) and
    counts all records and all chains, so that a record cut off at the end is missed.
    """

    # 1, 2, 3 … of the portal.
    number = models.PositiveIntegerField(unique=True)
    at = models.DateTimeField()
    records = models.PositiveBigIntegerField()
    chains = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class SealedChain(AppendOnlyModel):
    """Where a chain ended when a root was made."""

    # The number of the root: the chains are read first, then the root over them is made.
    root = models.PositiveIntegerField()
    target_type = models.ForeignKey(ContentType, models.PROTECT)
    target_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["target_type", "target_id", "root"], name="chain_sealed_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["root", "target_type", "target_id"], name="chains_of_root")
        ]

    def __str__(self) -> str:
        return f"{self.root}: {self.target_type_id}-{self.target_id}, {self.number}"
