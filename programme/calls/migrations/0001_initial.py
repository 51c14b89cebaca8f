from django.conf import settings
from django.db import migrations, models
import django.core.validators
import django.db.models.deletion
import django.utils.timezone


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
        ("programme", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerDigest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="ReferenceCounter",
            fields=[
                ("prefix", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("code", models.CharField(max_length=20, unique=True)),
                ("title", models.CharField(max_length=160)),
                ("summary", models.CharField(blank=True, max_length=400)),
                ("description", models.TextField(blank=True)),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("portal", "Made in the portal"),
                            ("published", "Published programme data"),
                            ("demo", "Demo"),
                        ],
                        default="portal",
                        max_length=10,
                    ),
                ),
                ("opens_at", models.DateTimeField(blank=True, null=True)),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("interest_closes_at", models.DateTimeField(blank=True, null=True)),
                ("deadline_moved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "deadline_moved_from",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                ("interest_moved_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "interest_moved_from",
                    models.DateTimeField(blank=True, editable=False, null=True),
                ),
                ("decisions_on", models.DateField(blank=True, null=True)),
                (
                    "duration_months",
                    models.PositiveSmallIntegerField(
                        default=18,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                    ),
                ),
                (
                    "min_population",
                    models.PositiveIntegerField(blank=True, default=100000, null=True),
                ),
                ("min_population_strict", models.BooleanField(default=True)),
                (
                    "applicant_side",
                    models.CharField(
                        choices=[
                            ("eu", "Cities in Europe"),
                            ("partner", "Partner cities"),
                            ("both", "Cities on both sides"),
                        ],
                        default="eu",
                        max_length=10,
                    ),
                ),
                ("takes_part_once", models.BooleanField(default=False)),
                (
                    "checkers",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "One person"),
                            (2, "Two people: the second confirms what the first found"),
                        ],
                        default=1,
                    ),
                ),
                ("applicant_kinds", models.JSONField(default=list)),
                ("acceptance_days", models.PositiveSmallIntegerField(default=21)),
                ("signature_days", models.PositiveSmallIntegerField(default=60)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "eligible_countries",
                    models.ManyToManyField(related_name="+", to="programme.country"),
                ),
                (
                    "named_partners",
                    models.ManyToManyField(
                        blank=True, related_name="named_in", to="organisations.organisation"
                    ),
                ),
                (
                    "partner_countries",
                    models.ManyToManyField(related_name="calls_as_partner", to="programme.country"),
                ),
                (
                    "strand",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calls",
                        to="programme.strand",
                    ),
                ),
                (
                    "themes",
                    models.ManyToManyField(blank=True, related_name="calls", to="programme.theme"),
                ),
            ],
            options={
                "ordering": ["-closes_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="AssessmentCriterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("guidance", models.TextField(blank=True)),
                ("ladder", models.JSONField(blank=True, default=dict)),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100)]
                    ),
                ),
                ("max_score", models.PositiveSmallIntegerField(default=5)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criteria",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="CallCommitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=400)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="commitments",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="CallDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                ("help", models.CharField(blank=True, max_length=400)),
                ("is_required", models.BooleanField(default=True)),
                ("is_asked", models.BooleanField(default=True)),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="documents",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="CallMilestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=40)),
                ("title", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("event", "Event"),
                            ("plan", "Action plan"),
                            ("report", "Progress report"),
                            ("final_report", "Final report"),
                        ],
                        default="event",
                        max_length=15,
                    ),
                ),
                ("offset_months", models.PositiveSmallIntegerField(default=0)),
                ("offset_days", models.PositiveSmallIntegerField(default=0)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="calls.call",
                    ),
                ),
            ],
            options={
                "ordering": ["offset_months", "offset_days", "id"],
            },
        ),
        migrations.CreateModel(
            name="CallQuestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for an answer"),
                            ("published", "Answered for all"),
                            ("closed", "Closed, asker told"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                (
                    "topic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("who", "Who may apply"),
                            ("money", "Money"),
                            ("partner", "Partner city"),
                            ("dates", "Dates"),
                            ("documents", "Documents"),
                            ("other", "Other"),
                        ],
                        default="",
                        max_length=20,
                    ),
                ),
                ("asked", models.TextField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answer_by", models.DateTimeField()),
                ("question", models.TextField(blank=True, default="")),
                ("answer", models.TextField(blank=True, default="")),
                ("closed_because", models.TextField(blank=True, default="")),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("search_text", models.TextField(blank=True, default="", editable=False)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="calls.call",
                    ),
                ),
                (
                    "dealt_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "same_as",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked_too",
                        to="calls.callquestion",
                    ),
                ),
                (
                    "told_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="questions",
                        to="calls.answerdigest",
                    ),
                ),
            ],
            options={
                "ordering": ["-published_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ExtensionRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for a decision"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("why", models.TextField()),
                ("wished_until", models.DateTimeField()),
                ("decide_by", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="extension_requests",
                        to="calls.call",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Follower",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="followers",
                        to="calls.call",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormerAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.TextField()),
                ("answer", models.TextField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former",
                        to="calls.callquestion",
                    ),
                ),
            ],
            options={
                "ordering": ["-until", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Helped",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("helped", models.BooleanField()),
                ("said_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="helped",
                        to="calls.callquestion",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LateCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("uses", models.PositiveSmallIntegerField(default=1)),
                ("hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("used", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_because", models.TextField(blank=True, default="")),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="late_codes",
                        to="calls.call",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="OwnClosing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("closes_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="own_closings",
                        to="calls.call",
                    ),
                ),
                (
                    "code",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closings",
                        to="calls.latecode",
                    ),
                ),
                (
                    "extension",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closing",
                        to="calls.extensionrequest",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at", None),
                    ("closes_at", None),
                    ("closes_at__gt", models.F("opens_at")),
                    _connector="OR",
                ),
                name="call_closes_after_opening",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("interest_closes_at", None),
                    models.Q(
                        models.Q(
                            ("opens_at", None),
                            ("interest_closes_at__gt", models.F("opens_at")),
                            _connector="OR",
                        ),
                        models.Q(
                            ("closes_at", None),
                            ("interest_closes_at__lt", models.F("closes_at")),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="call_interest_closes_between",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentcriterion",
            constraint=models.UniqueConstraint(
                fields=("call", "key"), name="call_criterion_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="calldocument",
            constraint=models.UniqueConstraint(
                fields=("call", "key"), name="call_document_key_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="callmilestone",
            constraint=models.UniqueConstraint(
                fields=("call", "key"), name="call_milestone_key_once"
            ),
        ),
        migrations.AddIndex(
            model_name="callquestion",
            index=models.Index(fields=["status", "call"], name="calls_callq_status_3df6ec_idx"),
        ),
        migrations.AddConstraint(
            model_name="callquestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(
                        models.Q(("answer", ""), _negated=True),
                        models.Q(("question", ""), _negated=True),
                        ("published_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="question_published_is_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="extensionrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "asked")),
                fields=("call", "organisation"),
                name="extension_one_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="follower",
            constraint=models.UniqueConstraint(fields=("call", "person"), name="follower_once"),
        ),
        migrations.AddConstraint(
            model_name="helped",
            constraint=models.UniqueConstraint(fields=("of", "person"), name="helped_said_once"),
        ),
        migrations.AddConstraint(
            model_name="latecode",
            constraint=models.CheckConstraint(
                condition=models.Q(("used__lte", models.F("uses")), ("uses__gte", 1)),
                name="late_code_uses_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="latecode",
            constraint=models.CheckConstraint(
                condition=models.Q(("uses", 1), ("hours__isnull", False), _connector="OR"),
                name="late_code_opens_for_hours",
            ),
        ),
        migrations.AddIndex(
            model_name="ownclosing",
            index=models.Index(
                fields=["call", "organisation", "closes_at"], name="calls_owncl_call_id_8ad9cc_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="ownclosing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code", None), ("extension__isnull", False)),
                    models.Q(("code__isnull", False), ("extension", None)),
                    _connector="OR",
                ),
                name="own_closing_has_one_source",
            ),
        ),
    ]
