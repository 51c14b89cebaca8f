from django.conf import settings
from django.db import migrations, models
import django.db.models.deletion
import django.utils.timezone


from core.kit.trigrams import trigram_index


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Mail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(blank=True, db_index=True, max_length=60)),
                ("about", models.CharField(blank=True, max_length=60)),
                ("owner", models.CharField(blank=True, max_length=60)),
                ("sender", models.CharField(max_length=254)),
                ("recipient", models.CharField(max_length=254)),
                ("subject", models.CharField(max_length=500)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True)),
                ("language", models.CharField(blank=True, max_length=10)),
                ("headers", models.JSONField(blank=True, default=dict)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("held", "Held back"),
                            ("withdrawn", "Taken back"),
                        ],
                        default="queued",
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("leased_until", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("status__in", ["queued", "sending"])),
                        fields=["due_at"],
                        name="mail_waiting",
                    ),
                    models.Index(fields=["status", "-created_at", "-id"], name="mail_newest"),
                    models.Index(
                        condition=models.Q(("status", "sent")),
                        fields=["-sent_at", "-id"],
                        name="mail_newest_sent",
                    ),
                    models.Index(fields=["recipient", "status"], name="mail_of_recipient"),
                    models.Index(
                        condition=models.Q(("about", ""), _negated=True),
                        fields=["about"],
                        name="mail_about",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ("queued", "held"))),
                        fields=["about"],
                        name="mail_about_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("status__in", ("queued", "held"))),
                        fields=["owner"],
                        name="mail_owner_waiting",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("scope", models.CharField(max_length=60)),
                ("kind", models.CharField(max_length=60)),
                ("language", models.CharField(max_length=10)),
                ("number", models.PositiveIntegerField()),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["scope", "kind", "language", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scope", "kind", "language", "number"), name="mail_text_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("subject", ""), ("text", "")),
                            models.Q(
                                models.Q(("subject", ""), _negated=True),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="mail_text_whole_or_standard",
                    ),
                ],
            },
        ),
        trigram_index("post_mail", "recipient"),
        trigram_index("post_mail", "subject"),
    ]
