from django.conf import settings
from django.db import migrations, models
import applications.models.application
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import django_fsm
from core.kit.trigrams import trigram_index


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("calls", "0001_initial"),
        ("files", "0001_initial"),
        ("organisations", "0001_initial"),
        ("programme", "0001_initial"),
        ("questionnaires", "0001_initial"),
        ("threads", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "draft_key",
                    models.CharField(
                        default=applications.models.application.new_draft_key,
                        max_length=30,
                        unique=True,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=40, null=True, unique=True)),
                (
                    "status",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "To check"),
                            ("eligible", "Eligible"),
                            ("ineligible", "Not eligible"),
                            ("accepted", "Accepted"),
                            ("reserve", "Reserve list"),
                            ("rejected", "Rejected"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="status",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("single", "One city"), ("group", "A group of municipalities")],
                        default="single",
                        max_length=10,
                    ),
                ),
                ("contact_name", models.CharField(blank=True, max_length=150)),
                ("contact_position", models.CharField(blank=True, max_length=150)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("contact_phone", models.CharField(blank=True, max_length=40)),
                ("deputy_name", models.CharField(blank=True, max_length=150)),
                ("deputy_position", models.CharField(blank=True, max_length=150)),
                ("deputy_email", models.EmailField(blank=True, max_length=254)),
                ("deputy_phone", models.CharField(blank=True, max_length=40)),
                ("signatory_name", models.CharField(blank=True, max_length=150)),
                ("signatory_office", models.CharField(blank=True, max_length=150)),
                ("exception_reason", models.TextField(blank=True)),
                ("commitments_accepted", models.BooleanField(default=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("search_text", models.TextField(blank=True, default="", editable=False)),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-submitted_at", "-id"],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ApplicationDocument",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["asked__order", "asked_id"],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_locked", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Challenge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "direction",
                    models.CharField(
                        choices=[("learn", "We want to learn"), ("share", "We can share")],
                        max_length=10,
                    ),
                ),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "some"), (2, "much"), (3, "most")],
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3),
                        ],
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["direction", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Clarification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.CharField(max_length=200)),
                ("part", models.CharField(max_length=200)),
                ("label", models.CharField(max_length=300)),
                ("sent_text", models.TextField(blank=True)),
                ("question", models.TextField()),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[("explain", "Explain"), ("correct", "Correct the answer")],
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signed_by_name", models.CharField(max_length=150)),
                ("signed_by_office", models.CharField(blank=True, max_length=150)),
                ("signed_on", models.DateField()),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("signed_under", models.CharField(blank=True, default="", max_length=200)),
                ("statement", models.TextField(blank=True)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("waiting", "Not opened by staff yet"),
                            ("accepted", "Accepted by staff"),
                            ("refused", "Refused by staff"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("verdict_reason", models.TextField(blank=True)),
                ("verdict_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("declared_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_because", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-declared_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="CriterionRuling",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("criterion", models.CharField(max_length=40)),
                (
                    "ruling",
                    models.CharField(
                        choices=[
                            ("pass", "Pass"),
                            ("fail", "Fail"),
                            ("waive", "Waived"),
                            ("taken_back", "Taken back"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField()),
                ("released", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "stage",
                    models.CharField(
                        choices=[("eligibility", "Eligibility"), ("outcome", "Outcome")],
                        max_length=15,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("eligible", "Eligible"),
                            ("ineligible", "Not eligible"),
                            ("accepted", "Accepted"),
                            ("reserve", "Reserve list"),
                            ("rejected", "Rejected"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("reason", models.TextField(blank=True)),
                ("record", models.JSONField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("number", models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="EarlierCooperation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("partner", models.CharField(max_length=200)),
                ("years", models.CharField(blank=True, max_length=60)),
                ("words", models.TextField(blank=True)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="FirstCheck",
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
                        choices=[("eligible", "Eligible"), ("ineligible", "Not eligible")],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("states", models.JSONField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name="Interest",
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
                            ("draft", "Draft"),
                            ("sent", "To decide"),
                            ("invited", "Invited"),
                            ("declined", "Not invited"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=50,
                        protected=True,
                        verbose_name="status",
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=40, null=True, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("snapshot", models.JSONField(blank=True, null=True)),
                ("sha256", models.CharField(blank=True, default="", editable=False, max_length=64)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True, default="")),
                ("is_demo", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["-sent_at", "-id"],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="LeadOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("note", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("taken_back", "Taken back"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("offered_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-offered_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("search_name", models.CharField(default="", editable=False, max_length=120)),
                ("is_lead", models.BooleanField(default=False)),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                ("population_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("population_source", models.CharField(blank=True, max_length=200)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "municipalities",
                "ordering": ["-is_lead", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="OnlineInvitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("asked_as", models.CharField(blank=True, default="", max_length=200)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("taken_back", "Taken back"),
                            ("renamed", "Another one is named in its place"),
                            ("removed", "Taken out of the application"),
                            ("filed", "A signed letter was put on file"),
                            ("leads", "It leads the group"),
                            ("sent", "The application was sent"),
                            ("dropped", "The changes were dropped"),
                            ("withdrawn", "The application was withdrawn"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("population_from", models.PositiveIntegerField(blank=True, null=True)),
                ("population_to", models.PositiveIntegerField(blank=True, null=True)),
                ("kinds", models.JSONField(blank=True, default=list)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("is_shared", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Stakeholder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("academia", "University or research"),
                            ("business", "Business or chamber"),
                            ("region", "County, province or region"),
                            ("government", "Other public body"),
                            ("community", "Residents or associations"),
                            ("other", "Another kind"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("search_name", models.CharField(default="", editable=False, max_length=200)),
                ("role", models.TextField(blank=True)),
                ("contact_name", models.CharField(blank=True, max_length=150)),
                ("contact_email", models.EmailField(blank=True, max_length=254)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("snapshot", models.JSONField()),
                ("rules", models.JSONField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="SupportLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signed_by_name", models.CharField(max_length=150)),
                ("signed_by_office", models.CharField(blank=True, max_length=150)),
                ("signed_on", models.DateField()),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("signed_under", models.CharField(blank=True, default="", max_length=200)),
                ("statement", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("country", "Country"),
                            ("city", "City"),
                            ("organisation", "Organisation"),
                        ],
                        max_length=15,
                    ),
                ),
                ("is_wanted", models.BooleanField(default=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "wishes",
                "ordering": ["-is_wanted", "order", "id"],
            },
        ),
        migrations.AddField(
            model_name="application",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="calls.call",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="partner_countries",
            field=models.ManyToManyField(blank=True, related_name="+", to="programme.country"),
        ),
        migrations.AddField(
            model_name="application",
            name="response",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="application",
                to="questionnaires.response",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="revises",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="working_copies",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="themes",
            field=models.ManyToManyField(blank=True, related_name="+", to="programme.theme"),
        ),
        migrations.AddField(
            model_name="applicationdocument",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="documents",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="applicationdocument",
            name="asked",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="calls.calldocument",
            ),
        ),
        migrations.AddField(
            model_name="applicationdocument",
            name="file",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="assessor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="assigned_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="challenges",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programme.maintopic",
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clarifications",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="file",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="kept_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="thread",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="threads.thread"
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="file",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="verdict_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="conflicts",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="conflict",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="conflicts",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="criterionruling",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rulings",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="criterionruling",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="assessor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="declarations",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="declaration",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="declarations",
                to="calls.call",
            ),
        ),
        migrations.AddField(
            model_name="earliercooperation",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cooperations",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="earliercooperation",
            name="city",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programme.city",
            ),
        ),
        migrations.AddField(
            model_name="firstcheck",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="first_check",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="firstcheck",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interests",
                to="calls.call",
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="created_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="decided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interests",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="response",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="interest",
                to="questionnaires.response",
            ),
        ),
        migrations.AddField(
            model_name="interest",
            name="sent_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadoffer",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadoffer",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lead_offers",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="leadoffer",
            name="former",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="leadoffer",
            name="offered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="leadoffer",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lead_offers",
                to="organisations.organisation",
            ),
        ),
        migrations.AddField(
            model_name="municipality",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="municipalities",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="municipality",
            name="city",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programme.city",
            ),
        ),
        migrations.AddField(
            model_name="municipality",
            name="country",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programme.country",
            ),
        ),
        migrations.AddField(
            model_name="leadoffer",
            name="municipality",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="applications.municipality",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="municipality",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="commitment",
                to="applications.municipality",
            ),
        ),
        migrations.AddField(
            model_name="onlineinvitation",
            name="invited_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="onlineinvitation",
            name="municipality",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitation",
                to="applications.municipality",
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="application",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="profile",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="profile",
            name="saved_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="stakeholder",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stakeholders",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="onlineinvitation",
            name="stakeholder",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="invitation",
                to="applications.stakeholder",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="submissions",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="applications.submission",
            ),
        ),
        migrations.AddField(
            model_name="clarification",
            name="submission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="clarifications",
                to="applications.submission",
            ),
        ),
        migrations.AddField(
            model_name="supportletter",
            name="file",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="supportletter",
            name="stakeholder",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="letter",
                to="applications.stakeholder",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="wishes",
                to="applications.application",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="city",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programme.city",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="country",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="programme.country",
            ),
        ),
        migrations.AddField(
            model_name="wish",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.organisation",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["call", "status", "-submitted_at"], name="application_call_id_0427b8_idx"
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["status", "-submitted_at", "-id"], name="application_by_status"
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["-submitted_at", "-id"], name="application_newest"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("status", "withdrawn"), _negated=True), ("revises__isnull", True)
                ),
                fields=("call", "organisation"),
                name="application_one_per_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")),
                fields=("revises",),
                name="application_one_working_copy",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revises__isnull", True),
                    models.Q(("reference__isnull", True), ("status__in", ["draft", "withdrawn"])),
                    _connector="OR",
                ),
                name="application_copy_is_never_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    ("status", "withdrawn"),
                    models.Q(("reference__isnull", False), ("submitted_at__isnull", False)),
                    _connector="OR",
                ),
                name="application_sent_has_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationdocument",
            constraint=models.UniqueConstraint(
                fields=("application", "asked"), name="application_document_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("application", "assessor"), name="assignment_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.UniqueConstraint(
                fields=("application", "direction", "topic"), name="challenge_topic_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("application", "person"),
                name="conflict_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="conflict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lifted_at", None),
                    models.Q(("lifted_because", ""), _negated=True),
                    _connector="OR",
                ),
                name="conflict_lifted_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="declaration",
            constraint=models.UniqueConstraint(
                fields=("assessor", "call", "number"), name="declaration_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="firstcheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "eligible"),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="first_check_refuses_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="interest",
            index=models.Index(
                fields=["call", "status", "-sent_at"], name="application_call_id_4a01d1_idx"
            ),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "withdrawn"), _negated=True),
                fields=("call", "organisation"),
                name="interest_one_per_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "withdrawn"]),
                    models.Q(
                        ("reference__isnull", False),
                        ("sent_at__isnull", False),
                        ("snapshot__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="interest_sent_has_reference",
            ),
        ),
        migrations.AddConstraint(
            model_name="interest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["invited", "declined"]), _negated=True),
                    models.Q(
                        ("decided_at__isnull", False), models.Q(("reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="interest_decided_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.UniqueConstraint(
                fields=("application", "country", "search_name"),
                name="municipality_once_per_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="municipality",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_lead", True)),
                fields=("application",),
                name="municipality_one_lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadoffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("application",),
                name="lead_offer_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", False), ("statement", "")),
                    models.Q(
                        ("file__isnull", True),
                        models.Q(("email", ""), _negated=True),
                        models.Q(("statement", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="commitment_letter_or_online",
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "refused"), _negated=True),
                    models.Q(("verdict_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="commitment_refused_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="profile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("population_from__isnull", True),
                    ("population_to__isnull", True),
                    ("population_from__lte", models.F("population_to")),
                    _connector="OR",
                ),
                name="profile_population_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("person", "name"), name="saved_view_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="stakeholder",
            constraint=models.UniqueConstraint(
                fields=("application", "search_name"), name="stakeholder_once_per_application"
            ),
        ),
        migrations.AddConstraint(
            model_name="onlineinvitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("municipality__isnull", False), ("stakeholder__isnull", True)),
                    models.Q(("municipality__isnull", True), ("stakeholder__isnull", False)),
                    _connector="OR",
                ),
                name="invitation_asks_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("application", "number"), name="submission_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="submission_number_from_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                fields=("application", "number"), name="decision_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="decision_number_from_1"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outcome__in", ("eligible", "ineligible")),
                        ("record__isnull", False),
                        ("stage", "eligibility"),
                    ),
                    models.Q(
                        ("outcome__in", ("accepted", "reserve", "rejected")),
                        ("record__isnull", True),
                        ("stage", "outcome"),
                    ),
                    _connector="OR",
                ),
                name="decision_fits_its_stage",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("outcome", "eligible"),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="decision_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="clarification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", ""),
                        ("answered_at__isnull", True),
                        ("file__isnull", True),
                        ("kind", ""),
                        ("sha256", ""),
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        models.Q(("kind", ""), _negated=True),
                        models.Q(("answer", ""), _negated=True),
                        models.Q(("sha256", ""), _negated=True),
                        ("withdrawn_at__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="clarification_answered_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportletter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("file__isnull", False), ("statement", "")),
                    models.Q(
                        ("file__isnull", True),
                        models.Q(("email", ""), _negated=True),
                        models.Q(("statement", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="supportletter_letter_or_online",
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("city__isnull", True),
                        ("country__isnull", False),
                        ("is_wanted", False),
                        ("kind", "country"),
                        ("organisation__isnull", True),
                    ),
                    models.Q(
                        ("city__isnull", False),
                        ("country__isnull", True),
                        ("kind", "city"),
                        ("organisation__isnull", True),
                    ),
                    models.Q(
                        ("city__isnull", True),
                        ("country__isnull", True),
                        ("kind", "organisation"),
                        ("organisation__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="wish_names_what_it_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(
                fields=("application", "country"), name="wish_country_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(
                fields=("application", "city"), name="wish_city_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="wish",
            constraint=models.UniqueConstraint(
                fields=("application", "organisation"), name="wish_organisation_once"
            ),
        ),
        trigram_index("applications_application", "search_text", folded=True),
    ]
