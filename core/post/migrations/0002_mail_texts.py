import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("post", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                        condition=models.Q(subject="", text="")
                        | ~models.Q(subject="") & ~models.Q(text=""),
                        name="mail_text_whole_or_standard",
                    ),
                ],
            },
        ),
    ]
