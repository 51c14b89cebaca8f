from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kit.decorators import require_perm, staff_required
from tests.house.minutes.models import Minutes


@require_safe
@staff_required
def staff_list(request):
    require_perm(request.user, "minutes.list_minutes")
    return render(request, "minutes/staff_list.html", {"rows": Minutes.objects.all()})
