from django.conf import settings
from django.db import migrations, models
import core.trail.chain
import django.db.models.deletion


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("verb", models.CharField(db_index=True, max_length=60)),
                ("target_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("actor_key", models.UUIDField(blank=True, null=True)),
                ("before", models.CharField(blank=True, max_length=60)),
                ("after", models.CharField(blank=True, max_length=60)),
                ("facts", models.JSONField(blank=True, default=dict)),
                ("actor_digest", models.CharField(max_length=64)),
                ("words_digest", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "target_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="AuditRoot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("at", models.DateTimeField()),
                ("records", models.PositiveBigIntegerField()),
                ("chains", models.PositiveBigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="SealedChain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("root", models.PositiveIntegerField()),
                ("target_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
                (
                    "target_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="contenttypes.contenttype"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EventWords",
            fields=[
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="trail.auditevent",
                    ),
                ),
                ("actor_salt", models.CharField(default=core.trail.chain.new_salt, max_length=32)),
                ("actor_name", models.CharField(blank=True, max_length=254)),
                ("salt", models.CharField(default=core.trail.chain.new_salt, max_length=32)),
                ("label", models.CharField(blank=True, max_length=254)),
                ("reason", models.TextField(blank=True)),
                ("details", models.JSONField(blank=True, default=dict)),
                (
                    "actor",
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
                "verbose_name_plural": "words of events",
            },
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.UniqueConstraint(
                fields=("target_type", "target_id", "number"), name="audit_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="auditevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="audit_number_from_1"
            ),
        ),
        migrations.AddIndex(
            model_name="sealedchain",
            index=models.Index(fields=["root", "target_type", "target_id"], name="chains_of_root"),
        ),
        migrations.AddConstraint(
            model_name="sealedchain",
            constraint=models.UniqueConstraint(
                fields=("target_type", "target_id", "root"), name="chain_sealed_once"
            ),
        ),
    ]
