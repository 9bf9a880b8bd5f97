"""Notification templates and mute timings: found by name, since their uids cannot be chosen.

https://grafana.com/docs/grafana/latest/developers/http_api/alerting_provisioning/
"""

from functools import partial

from provisioning.push import ownership
from provisioning.push.client import Json, segment
from provisioning.push.compare import differences, shortened
from provisioning.push.errors import ApiError
from provisioning.push.model import MuteTiming
from provisioning.push.plan import Action, Change, Context, Kept, keep_used, used
from provisioning.push.users import Users

TEMPLATE = "template"
MUTE_TIMING = "mute timing"

_TEMPLATES = "/api/v1/provisioning/templates"
_MUTE_TIMINGS = "/api/v1/provisioning/mute-timings"


def live_templates(context: Context) -> dict[str, Json]:
    """Every template: {name: template}."""
    return {item["name"]: item for item in listed(context, _TEMPLATES)}


def live_mute_timings(context: Context) -> dict[str, Json]:
    """Every mute timing: {name: timing}."""
    return {item["name"]: item for item in listed(context, _MUTE_TIMINGS)}


def listed(context: Context, path: str) -> list[Json]:
    """Return the list at `path`; empty where Grafana has no such thing yet (404 or null)."""
    return context.client.find(path) or []


def delete_unless_used(context: Context, path: str) -> None:
    """DELETE `path`; raises Kept when a rule or policy of somebody else uses it."""
    try:
        context.client.delete(path)
    except ApiError as error:
        if error.status != 409:
            raise
        raise Kept(error.detail or "something of yours still uses it") from None


def template_changes(context: Context, found: dict[str, Json], users: Users) -> list[Change]:
    """Create, correct or remove our templates; one that somebody else calls is kept."""
    result = []
    wanted = {} if context.remove else {t.name: t for t in context.desired.templates}
    comment = ownership.template_comment(context.desired.name)
    for name, template in wanted.items():
        there = found.get(name)
        put = partial(
            context.client.put, f"{_TEMPLATES}/{segment(name)}", {"template": template.text}
        )
        if there is None:
            result.append(Change(TEMPLATE, name, Action.CREATE, run=put))
        elif not there["template"].startswith(comment):
            why = "there is one of this name already that is not from this tool"
            result.append(Change(TEMPLATE, name, Action.BLOCKED, why=why))
        else:
            lines = differences(there["template"].strip(), template.text)
            action = Action.UPDATE if lines else Action.SAME
            result.append(Change(TEMPLATE, name, action, shortened(lines), run=put))
    for name, there in found.items():
        if name not in wanted and there["template"].startswith(comment):
            if calling := users.of_template(there["template"]):
                result.append(Change(TEMPLATE, name, Action.KEEP, why=used(calling)))
            else:
                remove = partial(_remove_template, context, name, there["template"])
                result.append(Change(TEMPLATE, name, Action.DELETE, run=remove))
    return result


def _remove_template(context: Context, name: str, text: str) -> None:
    keep_used(Users(context.client, templates=(name,)).of_template(text))
    context.client.delete(f"{_TEMPLATES}/{segment(name)}")


def mute_timing_changes(context: Context, found: dict[str, Json], users: Users) -> list[Change]:
    """Create or correct our mute timings; remove those that this build made.

    They have no place for a mark, so one that an earlier build made under another name stays.
    """
    result = []
    built = {t.name: t for t in context.desired.mute_timings}
    wanted = {} if context.remove else built
    for name, timing in wanted.items():
        there = found.get(name)
        body = {"name": name, "time_intervals": list(timing.intervals)}
        if there is None:
            result.append(
                Change(MUTE_TIMING, name, Action.CREATE, run=partial(_create, context, timing))
            )
        elif not _ours(there):
            why = "there is one of this name already that is not from this tool"
            result.append(Change(MUTE_TIMING, name, Action.BLOCKED, why=why))
        else:
            lines = differences(there.get("time_intervals"), body["time_intervals"])
            result.append(
                Change(
                    MUTE_TIMING,
                    name,
                    Action.UPDATE if lines else Action.SAME,
                    shortened(lines),
                    run=partial(context.client.put, f"{_MUTE_TIMINGS}/{segment(name)}", body),
                )
            )
    for name, there in found.items():
        # A name alone tells little: `cloudfront-green-nights` is another bundle's, or somebody's.
        if name in built and name not in wanted and _ours(there):
            if muted := users.of_mute_timing(name):
                result.append(Change(MUTE_TIMING, name, Action.KEEP, why=used(muted)))
            else:
                remove = partial(_remove_mute_timing, context, name)
                result.append(Change(MUTE_TIMING, name, Action.DELETE, run=remove))
    return result


def _remove_mute_timing(context: Context, name: str) -> None:
    keep_used(Users(context.client).of_mute_timing(name))
    delete_unless_used(context, f"{_MUTE_TIMINGS}/{segment(name)}")


def _ours(there: Json) -> bool:
    return bool(there.get("provenance") == "api")


def _create(context: Context, timing: MuteTiming) -> None:
    context.client.create(
        _MUTE_TIMINGS,
        {"name": timing.name, "time_intervals": list(timing.intervals)},
        there=lambda: _find(context, timing.name),
    )


def _find(context: Context, name: str) -> Json | None:
    try:
        return context.client.find(f"{_MUTE_TIMINGS}/{segment(name)}")
    except ApiError:
        return live_mute_timings(context).get(name)
