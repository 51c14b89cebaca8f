import uuid

from django.db import migrations, models


def give_each_its_own(apps, _editor):
    users = apps.get_model("accounts", "User")
    for pk in users.objects.values_list("pk", flat=True).iterator():
        users.objects.filter(pk=pk).update(pseudonym=uuid.uuid4())


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="pseudonym",
            field=models.UUIDField(default=uuid.uuid4, editable=False),
        ),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
    ]
