"""An invitation keeps the name under which was asked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="onlineinvitation",
            name="asked_as",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
    ]
