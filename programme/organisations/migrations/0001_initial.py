from django.conf import settings
from django.db import migrations, models
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.utils.timezone


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("programme", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerOrganisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("into_id", models.PositiveBigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("double", "It was in the register twice"),
                            ("part_of", "It became part of the other, as in a reform"),
                            ("split_back", "The split of the two was a mistake"),
                        ],
                        default="double",
                        max_length=10,
                    ),
                ),
                ("day", models.DateField()),
                ("slug", models.SlugField(max_length=120)),
                ("name", models.CharField(max_length=200)),
                ("former_id", models.PositiveBigIntegerField()),
                (
                    "held",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                (
                    "kept",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                ("marks", models.JSONField(default=dict)),
                ("mails", models.JSONField(default=list)),
                ("merged_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("apart_at", models.DateTimeField(blank=True, null=True)),
                (
                    "apart_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-merged_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="MovedRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("relation", models.CharField(max_length=120)),
                ("row_id", models.PositiveBigIntegerField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("moved", "moved"),
                            ("changed", "changed"),
                            ("removed", "removed"),
                            ("made", "made"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "before",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                (
                    "after",
                    models.JSONField(
                        default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                    ),
                ),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="organisations.formerorganisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="official name")),
                (
                    "search_name",
                    models.CharField(db_index=True, default="", editable=False, max_length=200),
                ),
                ("skeleton", models.CharField(default="", editable=False, max_length=200)),
                ("compared_as", models.CharField(default="", editable=False, max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipality", "Municipality"),
                            ("group", "Group of municipalities"),
                            ("metropolitan", "Metropolitan authority or association"),
                            ("region", "Region or province"),
                            ("other", "Other public body"),
                        ],
                        default="municipality",
                        max_length=20,
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("confirmed", "Confirmed"),
                            ("to_confirm", "To be confirmed"),
                            ("refused", "Not confirmed"),
                        ],
                        default="confirmed",
                        max_length=12,
                    ),
                ),
                ("differs_because", models.CharField(blank=True, max_length=500)),
                (
                    "side",
                    models.CharField(
                        choices=[("eu", "City in Europe"), ("partner", "Partner city")],
                        max_length=10,
                    ),
                ),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("time_zone", models.CharField(blank=True, max_length=60)),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=2,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(20),
                        ],
                    ),
                ),
                ("description_version", models.PositiveIntegerField(default=1)),
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
                ("note", models.CharField(blank=True, max_length=300)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="organisations",
                        to="programme.country",
                    ),
                ),
                (
                    "languages",
                    models.ManyToManyField(blank=True, related_name="+", to="programme.language"),
                ),
                ("tags", models.ManyToManyField(blank=True, related_name="+", to="programme.tag")),
            ],
            options={
                "ordering": ["search_name"],
            },
        ),
        migrations.CreateModel(
            name="MailDomain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("host", models.CharField(max_length=253, unique=True)),
                ("entered_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "entered_by",
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
                        related_name="mail_domains",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["host"],
            },
        ),
        migrations.AddField(
            model_name="formerorganisation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="formers",
                to="organisations.organisation",
            ),
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "office",
                    models.CharField(max_length=150, verbose_name="what the person does there"),
                ),
                ("address", models.CharField(max_length=300, verbose_name="official address")),
                ("words", models.CharField(blank=True, max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for an answer"),
                            ("granted", "Let in"),
                            ("refused", "Not let in"),
                            ("withdrawn", "Taken back"),
                            ("objected", "Role taken away"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answer_by", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("domain", models.CharField(blank=True, max_length=253)),
                ("object_until", models.DateTimeField(blank=True, null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "letter",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "stand_in",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="stands_in_for",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CapacitySlot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="slots",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "place for a pairing",
                "verbose_name_plural": "places for pairings",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="OrganisationCity",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
                (
                    "city",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="programme.city"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["order"],
            },
        ),
        migrations.AddField(
            model_name="organisation",
            name="cities",
            field=models.ManyToManyField(
                related_name="organisations",
                through="organisations.OrganisationCity",
                to="programme.city",
            ),
        ),
        migrations.CreateModel(
            name="OrganisationName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("bearer_id", models.PositiveBigIntegerField()),
                ("name", models.CharField(max_length=200)),
                (
                    "search_name",
                    models.CharField(db_index=True, default="", editable=False, max_length=200),
                ),
                (
                    "skeleton",
                    models.CharField(db_index=True, default="", editable=False, max_length=200),
                ),
                ("from_day", models.DateField(blank=True, db_index=True, null=True)),
                ("reason", models.TextField(blank=True)),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "name",
                "ordering": [models.OrderBy(models.F("from_day"), nulls_first=True), "pk"],
            },
        ),
        migrations.CreateModel(
            name="Split",
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
                            ("since", "They are two from that day on, as in a reform"),
                            ("always", "They were always two, registered as one by mistake"),
                        ],
                        max_length=10,
                    ),
                ),
                ("day", models.DateField()),
                ("split_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="splits_from",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "out_of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="splits",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "split_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-split_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DeskCountry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="programme.country",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="desk_countries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "country"), name="desk_country_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Neighbours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("found_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "found_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "pair found to be two",
                "verbose_name_plural": "pairs found to be two",
                "ordering": ["-found_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="neighbours_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="neighbours_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "Lead"), ("editor", "Editor"), ("viewer", "Viewer")],
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "person of the team",
                "verbose_name_plural": "people of the team",
                "ordering": ["since"],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "organisation"), name="membership_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="LikelyDouble",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[
                            ("name", "The name is the same."),
                            ("called", "It was or will be called so."),
                            ("place", "It is the same place."),
                            ("nearly", "The names are alike."),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["one__country", "one__skeleton", "one", "other"],
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="likely_double_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))),
                        name="likely_double_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "role",
                    models.CharField(
                        choices=[("lead", "Lead"), ("editor", "Editor"), ("viewer", "Viewer")],
                        max_length=10,
                    ),
                ),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "invited_by",
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
                        related_name="invitations",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        fields=("organisation", "email"),
                        name="invitation_one_open",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="formerorganisation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("apart_at", None)), fields=("slug",), name="former_slug_once"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("state", "asked")), fields=["asked_at"], name="claim_asked"
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "asked")),
                fields=("organisation", "person"),
                name="claim_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="capacityslot",
            constraint=models.UniqueConstraint(
                fields=("organisation", "number"), name="slot_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationcity",
            constraint=models.UniqueConstraint(
                fields=("organisation", "city"), name="organisation_city_once"
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(fields=["country", "skeleton"], name="organisation_skeleton"),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("standing", "to_confirm")),
                fields=["created_at"],
                name="organisation_to_confirm",
            ),
        ),
        migrations.AddIndex(
            model_name="organisation",
            index=models.Index(
                condition=models.Q(("compared_as", models.F("skeleton")), _negated=True),
                fields=["id"],
                name="organisation_to_compare",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationname",
            constraint=models.UniqueConstraint(
                fields=("bearer_id", "from_day"), name="name_of_a_day_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationname",
            constraint=models.UniqueConstraint(
                condition=models.Q(("from_day", None)),
                fields=("bearer_id",),
                name="name_first_once",
            ),
        ),
    ]
