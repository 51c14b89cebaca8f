from decimal import Decimal
from django.conf import settings
from django.db import migrations, models
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import django_fsm


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("applications", "0001_initial"),
        ("calls", "0001_initial"),
        ("jobs", "0001_initial"),
        ("programme", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Asked",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "Being written"),
                            ("handed_in", "Handed in"),
                            ("abstained", "Abstained"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="status",
                    ),
                ),
                ("begun_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                ("overall", models.TextField(blank=True)),
                ("overall_at", models.DateTimeField(blank=True, null=True)),
                ("abstain_reason", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="AssessmentPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "assessors_each",
                    models.PositiveSmallIntegerField(
                        default=2, validators=[django.core.validators.MinValueValidator(1)]
                    ),
                ),
                (
                    "spread",
                    models.DecimalField(decimal_places=1, default=Decimal("1.5"), max_digits=3),
                ),
                ("is_blind", models.BooleanField(default=False)),
                ("declare_by", models.DateField(blank=True, null=True)),
                ("scores_by", models.DateField(blank=True, null=True)),
                ("consensus_by", models.DateField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "Accept"),
                            ("reserve", "Reserve list"),
                            ("rejected", "Reject"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("words", models.TextField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("prepared_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("discarded_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-prepared_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Expertise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("employer", models.CharField(blank=True, max_length=200)),
                ("languages", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="FreePlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_on_behalf", models.BooleanField(default=False)),
                ("fill_by", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_because", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10)),
                ("subject", models.CharField(max_length=500)),
                ("text", models.TextField()),
                ("is_own", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-decision_id"],
            },
        ),
        migrations.CreateModel(
            name="LetterDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "written_for",
                    models.CharField(
                        choices=[
                            ("accepted", "Accept"),
                            ("reserve", "Reserve list"),
                            ("rejected", "Reject"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Outcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "Accept"),
                            ("reserve", "Reserve list"),
                            ("rejected", "Reject"),
                            ("held", "Hold"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("is_held", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("prepared_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("failure", models.CharField(blank=True, max_length=500)),
                ("released_at", models.DateTimeField(blank=True, null=True)),
                ("rank", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "points",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True),
                ),
            ],
            options={
                "ordering": ["application_id"],
            },
        ),
        migrations.CreateModel(
            name="Paragraph",
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
                    "outcome",
                    models.CharField(
                        choices=[
                            ("accepted", "Accept"),
                            ("reserve", "Reserve list"),
                            ("rejected", "Reject"),
                        ],
                        max_length=10,
                    ),
                ),
                ("body", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "ordering": ["outcome", "title", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Score",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=3, null=True),
                ),
                ("sentence", models.TextField(blank=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="ScoreVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("value", models.DecimalField(decimal_places=1, max_digits=3, null=True)),
                ("sentence", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="Agreed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("value", models.DecimalField(decimal_places=1, max_digits=3)),
                ("sentence", models.TextField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agreed",
                        to="applications.application",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="agreed",
            name="criterion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="agreed",
                to="calls.assessmentcriterion",
            ),
        ),
        migrations.AddField(
            model_name="agreed",
            name="saved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="agreed",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="agreements",
                to="assessment.agreed",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="asked",
            name="assessor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assessment",
            name="assignment",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessment",
                to="applications.assignment",
            ),
        ),
        migrations.AddField(
            model_name="assessmentplan",
            name="call",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assessment_plan",
                to="calls.call",
            ),
        ),
        migrations.AddField(
            model_name="asked",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="asked",
                to="assessment.assessmentplan",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="decision",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="applications.decision",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="prepared_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="was",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="applications.decision",
            ),
        ),
        migrations.AddField(
            model_name="expertise",
            name="assessor",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="expertise",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="expertise",
            name="countries",
            field=models.ManyToManyField(blank=True, related_name="+", to="programme.country"),
        ),
        migrations.AddField(
            model_name="expertise",
            name="themes",
            field=models.ManyToManyField(blank=True, related_name="+", to="programme.theme"),
        ),
        migrations.AddField(
            model_name="freeplace",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="free_place",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="freeplace",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="freeplace",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="freeplace",
            name="taken_by",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="place_taken",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="decision",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letter",
                to="applications.decision",
            ),
        ),
        migrations.AddField(
            model_name="letterdraft",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcome",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="decision",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="prepared_as",
                to="applications.decision",
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="prepared_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="applications.submission",
            ),
        ),
        migrations.AddField(
            model_name="letterdraft",
            name="outcome",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to="assessment.outcome",
            ),
        ),
        migrations.AddField(
            model_name="paragraph",
            name="call",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="paragraphs",
                to="calls.call",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="releases",
                to="calls.call",
            ),
        ),
        migrations.AddField(
            model_name="release",
            name="job",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="jobs.job",
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="release",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outcomes",
                to="assessment.release",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="release",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="assessment.release",
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="assessment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="scores",
                to="assessment.assessment",
            ),
        ),
        migrations.AddField(
            model_name="score",
            name="criterion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scores",
                to="calls.assessmentcriterion",
            ),
        ),
        migrations.AddField(
            model_name="scoreversion",
            name="score",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="versions",
                to="assessment.score",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreed",
            constraint=models.UniqueConstraint(
                fields=("application", "criterion"), name="agreed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreed",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)), name="agreed_from_0"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(fields=("agreed", "person"), name="agreement_once"),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "handed_in"), _negated=True),
                    ("handed_in_at__isnull", False),
                    _connector="OR",
                ),
                name="assessment_handed_in_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "abstained"), _negated=True),
                    models.Q(("abstain_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="assessment_abstained_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("assessors_each__gte", 1)), name="plan_has_assessors"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessmentplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("spread__gte", 0)), name="plan_spread_from_0"
            ),
        ),
        migrations.AddConstraint(
            model_name="asked",
            constraint=models.UniqueConstraint(
                fields=("plan", "assessor"), name="assessor_asked_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("confirmed_at__isnull", True), ("discarded_at__isnull", True)),
                fields=("application",),
                name="correction_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_by__isnull", True),
                    models.Q(("confirmed_by", models.F("prepared_by")), _negated=True),
                    _connector="OR",
                ),
                name="correction_by_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="freeplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True),
                name="place_given_up_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="freeplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("closed_because", "")),
                    models.Q(
                        ("closed_at__isnull", False),
                        models.Q(("closed_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="place_left_empty_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="freeplace",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                    models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                    _connector="OR",
                ),
                name="place_taken_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterdraft",
            constraint=models.UniqueConstraint(
                fields=("outcome", "number"), name="letter_draft_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paragraph",
            constraint=models.UniqueConstraint(fields=("call", "key"), name="paragraph_key_once"),
        ),
        migrations.AddConstraint(
            model_name="paragraph",
            constraint=models.UniqueConstraint(
                condition=models.Q(("call__isnull", True)),
                fields=("key",),
                name="paragraph_key_once_for_all",
            ),
        ),
        migrations.AddConstraint(
            model_name="release",
            constraint=models.UniqueConstraint(
                fields=("call", "number"), name="release_number_once"
            ),
        ),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("released_at__isnull", True)),
                fields=["application"],
                name="outcome_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision__isnull", True), ("released_at__isnull", True)),
                    models.Q(("decision__isnull", False), ("released_at__isnull", False)),
                    _connector="OR",
                ),
                name="outcome_released_with_its_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "held"), models.Q(("reason", ""), _negated=True), _connector="OR"
                ),
                name="outcome_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.UniqueConstraint(
                fields=("assessment", "criterion"), name="score_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="score",
            constraint=models.CheckConstraint(
                condition=models.Q(("value", None), ("value__gte", 0), _connector="OR"),
                name="score_from_0",
            ),
        ),
        migrations.AddConstraint(
            model_name="scoreversion",
            constraint=models.UniqueConstraint(
                fields=("score", "version"), name="score_version_once"
            ),
        ),
    ]
