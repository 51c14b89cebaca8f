"""The pages of a job: its starter's alone, for a week."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from core.files.serving import serve
from core.jobs.models import Job
from core.jobs.selectors import jobs_of
from core.jobs.services import cancel_job, require_result
from core.kit.paging import page_of
from core.kit.people import KnownRequest
from core.kit.saving import press


def _own_job(request: KnownRequest, key: str) -> Job:
    """Return a job of the person; 404 for all others."""
    return get_object_or_404(jobs_of(request.user), key=key)


def _show(request: KnownRequest, template: str, **context: Any) -> HttpResponse:
    """Render a page in the console for staff, among the pages of a city for all others."""
    in_console = request.user.has_perm("accounts.enter_console")
    context["shell"] = "base_staff.html" if in_console else "base_city.html"
    return render(request, template, context | {"nav_current": "jobs:mine"})


@require_GET
@login_required
def mine(request: KnownRequest) -> HttpResponse:
    """List the person's jobs of the last days."""
    page = page_of(request, jobs_of(request.user))
    return _show(request, "jobs/mine.html", page=page)


@require_GET
@login_required
def job_page(request: KnownRequest, key: str) -> HttpResponse:
    """Show how far a job is, and what it made.

    A page that is open asks for its progress alone, and loads itself anew at the end.
    """
    job = _own_job(request, key)
    if request.headers.get("HX-Request") != "true":
        back = reverse(job.what.back) if job.what else ""
        return _show(request, "jobs/job.html", job=job, back_url=back)
    if job.is_unfinished:
        return render(request, "components/job_progress.html", {"job": job})
    return HttpResponseClientRefresh()


@require_POST
@login_required
def cancel(request: KnownRequest, key: str) -> HttpResponse:
    """Stop a job."""
    job = _own_job(request, key)
    press(request, lambda: cancel_job(job=job, by=request.user), _("The job is stopped."))
    return redirect("jobs:job", key)


@require_GET
@login_required
def result(request: KnownRequest, key: str) -> StreamingHttpResponse:
    """Hand out what a job made, to who started it and still has the right."""
    job = _own_job(request, key)
    if job.result is None:
        raise Http404
    require_result(job=job, by=request.user)
    return serve(job.result)
