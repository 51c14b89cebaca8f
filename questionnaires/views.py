"""What staff read and edit of the questionnaires."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.http import SignedInRequest
from core.kit.decorators import require_perm, staff_required
from core.kit.saving import finish, posted, press, save
from programme.calls.models import Call
from questionnaires import services
from questionnaires.forms import CallQuestionnairesForm, QuestionEditForm, SectionEditForm
from questionnaires.models import Question, Section, Template, TemplateVersion
from questionnaires.selectors import templates, version_for_preview
from questionnaires.states import VersionStatus

View = Callable[..., HttpResponseBase]


def editor_required(view: View) -> View:
    """Let in coordinators; other staff get 403, anybody else a page that does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_perm(request.user, "questionnaires.edit_templates")
        return view(request, *args, **kwargs)

    return staff_required(guarded)


def _place(version: TemplateVersion) -> tuple[str, int]:
    """Return where a version stands, for `redirect`."""
    return "questionnaires:staff_template", version.pk


@require_GET
@staff_required
def staff_templates(request: SignedInRequest) -> HttpResponse:
    """List the questionnaires with their versions."""
    require_perm(request.user, "questionnaires.view_templates")
    context = {
        "templates": templates(),
        "may_edit": request.user.has_perm("questionnaires.edit_templates"),
    }
    return render(request, "questionnaires/staff_templates.html", context)


@require_GET
@staff_required
def staff_template(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a version as it asks; coordinators edit a draft from here."""
    require_perm(request.user, "questionnaires.view_templates")
    try:
        version = version_for_preview(pk)
    except TemplateVersion.DoesNotExist as error:
        raise Http404 from error
    may_edit = request.user.has_perm("questionnaires.edit_templates")
    newest = version.template.versions.order_by("-number").first()
    context = {
        "version": version,
        "may_edit": may_edit and version.status == VersionStatus.DRAFT,
        "may_copy": may_edit and newest is not None and newest.status != VersionStatus.DRAFT,
        "newest": newest,
        "answered": version.responses.count(),
        "nav_current": "questionnaires:staff_templates",
    }
    return render(request, "questionnaires/staff_template.html", context)


@require_POST
@editor_required
def version_new(request: SignedInRequest, key: str) -> HttpResponse:
    """Make the next version of a questionnaire as a draft copy."""
    template = get_object_or_404(Template, key=key)
    made = press(request, lambda: services.create_draft_version(template=template, by=request.user))
    if not made.is_done:
        return redirect("questionnaires:staff_templates")
    done = _("Version %(number)s is a draft now. Edit it, then publish it.")
    number = {"number": made.result.number}
    return finish(request, done % number, *_place(made.result))


@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def version_publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then publish a draft version."""
    version = get_object_or_404(TemplateVersion.objects.select_related("template"), pk=pk)
    if request.method == "POST":
        done = _("The version is published. Choose it in the calls that shall use it.")
        press(request, lambda: services.publish_version(version=version, by=request.user), done)
        return redirect(*_place(version))
    return _confirm(
        request,
        version,
        heading=_("Publish version %(number)s?") % {"number": version.number},
        consequences=[
            _("From then on its words no longer change."),
            _("What people are answering stays on its own version."),
            _("Calls use it once you choose it there."),
        ],
        action=_("Publish this version"),
        danger=False,
    )


def _confirm(
    request: HttpRequest,
    version: TemplateVersion,
    *,
    heading: str,
    consequences: list[str],
    action: str,
    danger: bool = True,
) -> HttpResponse:
    context = {
        "version": version,
        "question": heading,
        "consequences": consequences,
        "action_label": action,
        "danger": danger,
        "nav_current": "questionnaires:staff_templates",
    }
    return render(request, "questionnaires/staff_confirm.html", context)


def _save(
    request: HttpRequest,
    version: TemplateVersion,
    form: Any,
    heading: str,
    service: Callable[[Any], Any],
) -> HttpResponse:
    """Show a form; when it was sent, save it with `service` and go back to the version."""
    sent = save(request, form, lambda: service(form.data_for_service()))
    if sent.is_done:
        return finish(request, _("Saved. The draft is not published yet."), *_place(version))
    context = {
        "version": version,
        "form": form,
        "heading": heading,
        "nav_current": "questionnaires:staff_templates",
    }
    return render(request, "questionnaires/staff_edit.html", context, status=sent.status)


@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def section_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a section to a draft version."""
    version = get_object_or_404(TemplateVersion.objects.select_related("template"), pk=pk)
    form = SectionEditForm(posted(request), initial={"required": True})
    return _save(
        request,
        version,
        form,
        _("Add a section"),
        lambda data: services.save_section(
            version=version, section=None, data=data, by=request.user
        ),
    )


def _section(pk: int) -> Section:
    return get_object_or_404(Section.objects.select_related("version__template"), pk=pk)


def _question(pk: int) -> Question:
    return get_object_or_404(Question.objects.select_related("section__version__template"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def section_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a section of a draft version."""
    section = _section(pk)
    names = SectionEditForm.base_fields
    form = SectionEditForm(
        posted(request), initial={name: getattr(section, name) for name in names}
    )
    return _save(
        request,
        section.version,
        form,
        str(section),
        lambda data: services.save_section(
            version=section.version, section=section, data=data, by=request.user
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def question_new(request: SignedInRequest, pk: int) -> HttpResponse:
    """Add a question to a section of a draft version."""
    section = _section(pk)
    form = QuestionEditForm(posted(request), version=section.version)
    return _save(
        request,
        section.version,
        form,
        _("Add a question to %(section)s") % {"section": section},
        lambda data: services.save_question(
            section=section, question=None, data=data, by=request.user
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def question_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change a question of a draft version."""
    question = _question(pk)
    version = question.section.version
    form = QuestionEditForm(posted(request), version=version, question=question)
    return _save(
        request,
        version,
        form,
        question.text,
        lambda data: services.save_question(
            section=question.section, question=question, data=data, by=request.user
        ),
    )


def _move(
    request: SignedInRequest, row: Section | Question, version: TemplateVersion
) -> HttpResponse:
    up = request.POST.get("to") == "up"
    press(request, lambda: services.move_row(row=row, up=up, by=request.user))
    return redirect(*_place(version))


@require_POST
@editor_required
def section_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a section one place up or down."""
    section = _section(pk)
    return _move(request, section, section.version)


@require_POST
@editor_required
def question_move(request: SignedInRequest, pk: int) -> HttpResponse:
    """Move a question one place up or down in its section."""
    question = _question(pk)
    return _move(request, question, question.section.version)


def _remove(
    request: HttpRequest,
    version: TemplateVersion,
    heading: str,
    consequences: list[str],
    remove: Callable[[], None],
) -> HttpResponse:
    if request.method == "POST":
        press(request, remove, _("Removed. The draft is not published yet."))
        return redirect(*_place(version))
    return _confirm(
        request, version, heading=heading, consequences=consequences, action=_("Remove it")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def section_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then take a section out of a draft version."""
    section = _section(pk)
    return _remove(
        request,
        section.version,
        _("Remove “%(section)s”?") % {"section": section},
        [_("Its questions go with it. Earlier versions keep them.")],
        lambda: services.remove_section(section=section, by=request.user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def question_remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then take a question out of a draft version."""
    question = _question(pk)
    return _remove(
        request,
        question.section.version,
        _("Remove “%(question)s”?") % {"question": question.text},
        [_("Earlier versions keep it.")],
        lambda: services.remove_question(question=question, by=request.user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@editor_required
def call_questionnaires(request: SignedInRequest, slug: str) -> HttpResponse:
    """Choose the questionnaires of a call."""
    call = get_object_or_404(Call, slug=slug)
    form = CallQuestionnairesForm(posted(request), call=call)
    sent = save(
        request,
        form,
        lambda: services.attach_questionnaires(
            call=call,
            versions={purpose: form.cleaned_data[purpose] for purpose in form.changed_data},
            by=request.user,
        ),
    )
    if sent.is_done:
        done = _("The questionnaires of the call are saved.")
        return finish(request, done, "calls:staff_call", call.slug)
    context = {"call": call, "form": form, "nav_current": "calls:staff_calls"}
    return render(request, "questionnaires/call_questionnaires.html", context, status=sent.status)
