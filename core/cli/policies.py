"""Commands for policy values: what holds when, by which document."""

import tomllib
from datetime import date
from pathlib import Path

import click

from core.cli.output import emit, table
from core.cli.shell import DATE, Group, begin, look
from core.policy import SetPolicy, Version, confirm_policy, set_policy, shown
from core.texts import _


@click.group("policy", cls=Group, help=_("政策参数：查看、设置、确认"))
def group() -> None:
    """Dated parameters."""


def _entry(version: Version, text: str) -> dict[str, object]:
    return {
        "id": version.id,
        "key": version.key,
        "value": version.value,
        "shown": text,
        "area": version.area,
        "valid_from": version.valid_from.isoformat() if version.valid_from else None,
        "document": version.document,
        "confirmed": version.confirmed_by is not None or version.set_by is None,
    }


@group.command("list", help=_("列出参数和某天的值"))
@click.option("--on", type=DATE, default=None, help=_("哪一天，默认今天"))
@click.option("--prefix", default="", help=_("只看以此开头的，例如 dibao."))
@click.pass_context
def list_(context: click.Context, on: date | None, prefix: str) -> None:
    """Every key with its value on a day."""
    with look(context) as work:
        work.require("policy.show")
        keys = [key for name, key in sorted(work.host.policies.keys.items()) if name.startswith(prefix)]
        found = [(key, work.policy_version(key.name, on=on)) for key in keys]
    data = [
        {**_entry(version, shown(key, version.value)), "title": _(key.title), "unit": key.unit, "tag": key.tag}
        for key, version in found
    ]
    rows = [
        [key.name, _(key.title), shown(key, version.value), _(key.unit), version.valid_from or "--", version.document]
        for key, version in found
    ]
    emit(context, data, table([_("参数"), _("名称"), _("值"), _("单位"), _("生效"), _("文号")], rows))


@group.command("show", help=_("看一个参数在某天的值"))
@click.argument("key")
@click.option("--on", type=DATE, default=None)
@click.option("--area", default="")
@click.pass_context
def show(context: click.Context, key: str, on: date | None, area: str) -> None:
    """The value of KEY on a day."""
    with look(context) as work:
        work.require("policy.show")
        declared = work.host.policies.key(key)
        version = work.policy_version(key, on=on, area=area)
    text = shown(declared, version.value)
    emit(
        context,
        {**_entry(version, text), "title": _(declared.title), "unit": declared.unit},
        f"{text} {_(declared.unit)}".strip(),
    )


@group.command("history", help=_("一个参数的全部版本"))
@click.argument("key")
@click.pass_context
def history(context: click.Context, key: str) -> None:
    """Every version of KEY."""
    with look(context) as work:
        work.require("policy.show")
        declared = work.host.policies.key(key)
        versions = work.host.policies.history(work.session.connection(), key)
    data = [_entry(version, shown(declared, version.value)) for version in versions]
    rows = [[row["id"], row["valid_from"] or "--", row["shown"], row["document"], row["area"] or "--"] for row in data]
    emit(context, data, table([_("编号"), _("生效"), _("值"), _("文号"), _("区域")], rows))


@group.command(
    "set",
    help=_(
        "从某天起设置一个值，写明文号\n\n"
        "例：huimin policy set pay.day 15 --from 2027-01-01 --document 攸民发〔2026〕9号"
    ),
)
@click.argument("key")
@click.argument("value")
@click.option("--from", "since", type=DATE, default=None, help=_("从哪天起；不写就是一直"))
@click.option("--document", required=True, help=_("文号"))
@click.option("--area", default="", help=_("只在这个区划"))
@click.pass_context
def set_(context: click.Context, key: str, value: str, since: date | None, document: str, area: str) -> None:
    """Set KEY to VALUE from a day on."""
    with begin(context) as work:
        row = set_policy(work, SetPolicy(key=key, value=value, valid_from=since, document=document, area=area))
    emit(context, {"id": row.id, "key": key, "value": row.value, "document": row.document}, _("已设置 {key}", key=key))


@group.command("confirm", help=_("由另一人确认一个值"))
@click.argument("policy_id", type=int)
@click.pass_context
def confirm(context: click.Context, policy_id: int) -> None:
    """Confirm the value with number POLICY_ID."""
    with begin(context) as work:
        confirm_policy(work, policy_id)
    emit(context, {"id": policy_id, "confirmed": True}, _("已确认 {id}", id=policy_id))


@group.command("import", help=_("从 TOML 文件设置一批值：document、valid_from 和 [values] 表；有一个不对就都不写"))
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.pass_context
def import_(context: click.Context, file: Path) -> None:
    """Set every value of FILE, or none."""
    from core.errors import HuiminError, Objection, Refused

    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused([Objection(reason=f"{file}: {error}", field="file", code="E100")]) from error
    objections: list[Objection] = []
    since = data.get("valid_from")
    with begin(context) as work:
        for key, value in data.get("values", {}).items():
            wish = SetPolicy(
                key=key,
                value=value,
                valid_from=since,
                document=str(data.get("document", "")),
                area=data.get("area", ""),
            )
            try:
                set_policy(work, wish)
            except Refused as refusal:
                objections.extend(refusal.objections)
            except HuiminError as error:
                objections.append(Objection(reason=error.message, field=key, code=error.code, hint=error.hint))
        if objections:
            raise Refused(objections)
        count = len(data.get("values", {}))
    emit(context, {"set": count}, _("已设置 {count} 个参数", count=count))
