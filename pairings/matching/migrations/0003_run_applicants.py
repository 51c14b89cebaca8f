from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0002_fairness"),
    ]

    operations = [
        migrations.AddField(
            model_name="run",
            name="applicants",
            field=models.TextField(blank=True),
        ),
    ]
