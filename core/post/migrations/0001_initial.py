import django.utils.timezone
from django.db import migrations, models

from core.kit.trigrams import trigram_index


class Migration(migrations.Migration):
    initial = True

    dependencies = []

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
        trigram_index("post_mail", "recipient"),
        trigram_index("post_mail", "subject"),
    ]
