"""Commands of persons: find, show, register, papers, accounts, life events, and what a second person decides.

ID is a person's id or a full number. Numbers typed at a shell stay in its history: prefer the id.
"""

from datetime import date
from pathlib import Path
from typing import Any

import click

from core.cli import DATE, Group, begin, emit, look, say, table
from core.identity.erasure_cli import COMMANDS as ERASURE
from core.identity.second_person_cli import COMMANDS, event_data, person_of, take_back_on
from core.texts import _


@click.group("person", cls=Group, help=_("人员：查找、登记、证件、账户、生命事件、第二人确认"))
def group() -> None:
    """Persons."""


for command in (*COMMANDS, *ERASURE):
    group.add_command(command)


@group.command("find", help=_("按姓名、拼音首字母、证件尾号或完整号码查找\n\n例：huimin person find 王桂"))
@click.argument("text")
@click.pass_context
def find(context: click.Context, text: str) -> None:
    """People that match TEXT."""
    from core.identity.cards import found_people

    with look(context) as work:
        found = found_people(work, text)
    rows = [
        [one["id"], one["name"], one["id_masked"], one["household"] or "--", one["area"]] for one in found["people"]
    ]
    headers = [_("编号"), _("姓名"), _("证件号码"), _("户号"), _("户籍地")]
    emit(context, found, table(headers, rows) if rows else _("没有符合条件的人"))
    if found["more"]:
        say(_("还有更多，请多写几个字"))


@group.command("show", help=_("看一个人的档案，号码只显示首尾"))
@click.argument("person_id", metavar="ID")
@click.pass_context
def show(context: click.Context, person_id: str) -> None:
    """One person in full, numbers masked."""
    from core.identity.cards import card_data, card_text
    from core.identity.queries import find_person, id_of, person_card

    with look(context) as work:
        card = person_card(work, id_of(find_person(work, person_id)))
        data = card_data(work, card)
    emit(context, data, card_text(data))


@group.command("add", help=_("登记一个人\n\n例：huimin person add 王桂兰 --citizen-id … --hukou 430223103201"))
@click.argument("name")
@click.option("--citizen-id", default="", help=_("公民身份号码"))
@click.option("--sex", default="", help=_("男、女；不写就从号码读"))
@click.option("--born", "birth_date", type=DATE, default=None, help=_("出生日期；有号码时不用写"))
@click.option("--ethnicity", default="", help=_("民族"))
@click.option("--hukou", "hukou_area", required=True, help=_("户籍地，12 位村（社区）代码"))
@click.option("--residence", "residence_area", default="", help=_("居住地；不写就是户籍地"))
@click.option("--address", default="", help=_("详细地址"))
@click.option("--phone", default="", help=_("联系电话"))
@click.option("--account", "bank_account", default="", help=_("银行账号"))
@click.option("--sex-note", default="", help=_("性别与号码不一致时的说明"))
@click.option("--shared-reason", default="", help=_("账户与别的家庭共用的理由"))
@click.option("--unidentified", is_flag=True, help=_("身份不明，发临时编号"))
@click.pass_context
def add(context: click.Context, unidentified: bool, **given: Any) -> None:
    """Register a person."""
    from core.identity.persons import NewPerson, register_person, register_unidentified
    from core.wishes import checked

    wish = checked(NewPerson, **given)
    with begin(context) as work:
        person = register_unidentified(work, wish) if unidentified else register_person(work, wish)
        data = {"id": person.id, "name": person.name, "birth_date": person.birth_date, "sex": person.sex}
    emit(context, data, _("已登记：{name}，编号 {id}", name=data["name"], id=data["id"]))


@group.command("death", help=_("登记死亡；登错了加 --revoke 和 --reason 撤销"))
@click.argument("person_id", metavar="ID")
@click.option("--on", type=DATE, required=True, help=_("死亡日期"))
@click.option("--source", default="", help=_("依据，例如火化证明"))
@click.option("--revoke", is_flag=True, help=_("撤销这天的死亡登记"))
@click.option("--reason", default="", help=_("撤销的事由"))
@click.pass_context
def death(context: click.Context, person_id: str, on: date, source: str, revoke: bool, reason: str) -> None:
    """Record a death, or take it back."""
    from core.identity.events import DEATH, Death, record_death

    if revoke:
        take_back_on(context, person_id, DEATH, (on, reason))
        return
    with begin(context) as work:
        event = record_death(work, person_of(work, person_id), Death(on=on, source=source))
        data = event_data(event)
    emit(context, data, _("已登记死亡：{day}。各项待遇从次月起停发", day=on))


@group.command("move", help=_("登记迁移：县内改户籍地或居住地，--out 是迁出本县"))
@click.argument("person_id", metavar="ID")
@click.option("--on", type=DATE, required=True, help=_("迁移日期"))
@click.option("--hukou", "hukou_area", default=None, help=_("新的户籍地代码"))
@click.option("--residence", "residence_area", default=None, help=_("新的居住地代码"))
@click.option("--address", default=None, help=_("新的详细地址"))
@click.option("--out", "destination", default=None, help=_("迁往的地方"))
@click.option("--source", default="", help=_("依据"))
@click.option("--revoke", is_flag=True, help=_("撤销这天的迁移登记"))
@click.option("--reason", default="", help=_("撤销的事由"))
@click.pass_context
def move(
    context: click.Context, person_id: str, on: date, destination: str | None, revoke: bool, reason: str, **given: Any
) -> None:
    """Record a move, or take it back."""
    from core.identity.events import MOVE, MOVED_OUT, Move, MoveOut, record_move, record_move_out
    from core.wishes import checked

    if revoke:
        take_back_on(context, person_id, MOVE if destination is None else MOVED_OUT, (on, reason))
        return
    with begin(context) as work:
        person = person_of(work, person_id)
        if destination is None:
            event = record_move(work, person, checked(Move, on=on, **given))
        else:
            wish = checked(MoveOut, on=on, destination=destination, source=given["source"])
            event = record_move_out(work, person, wish)
        data = event_data(event)
    emit(context, data, _("已登记迁移：{day}", day=on))


@group.command("name", help=_("登记改名，原名留作曾用名"))
@click.argument("person_id", metavar="ID")
@click.argument("name")
@click.option("--until", type=DATE, default=None, help=_("原名用到哪天"))
@click.option("--reason", default="", help=_("事由"))
@click.pass_context
def name_(context: click.Context, person_id: str, **given: Any) -> None:
    """Give a person another legal name."""
    from core.identity.persons import NewName, change_name
    from core.wishes import checked

    with begin(context) as work:
        person = change_name(work, person_of(work, person_id), checked(NewName, **given))
        data = {"id": person.id, "name": person.name}
    emit(context, data, _("已改名：{name}", name=data["name"]))


@group.command("contact", help=_("改联系电话和地址"))
@click.argument("person_id", metavar="ID")
@click.option("--phone", default=None, help=_("联系电话；写空就是去掉"))
@click.option("--address", default=None, help=_("详细地址"))
@click.pass_context
def contact(context: click.Context, person_id: str, **given: Any) -> None:
    """Change phone and address."""
    from core.identity.persons import Contact, change_contact
    from core.wishes import checked

    with begin(context) as work:
        person = change_contact(work, person_of(work, person_id), checked(Contact, **given))
        data = {"id": person.id, "phone_tail": person.phone_tail, "address": person.address}
    emit(context, data, _("已更改联系方式"))


@group.command("document", help=_("添加证件：RIC 身份证、HKB 户口簿、HMT_RP、FPR、PASS、OFFICER、BIRTH、DISAB"))
@click.argument("person_id", metavar="ID")
@click.argument("kind")
@click.argument("number")
@click.option("--issuer", default="", help=_("护照的签发国家，三个字母"))
@click.pass_context
def document(context: click.Context, person_id: str, **given: Any) -> None:
    """Add a paper."""
    from core.identity.documents import NewDocument, add_document
    from core.wishes import checked

    wish = checked(NewDocument, **{**given, "kind": given["kind"].upper()})
    with begin(context) as work:
        paper = add_document(work, person_of(work, person_id), wish)
        data = {"id": paper.id, "kind": paper.kind, "tail": paper.tail, "primary": paper.is_primary}
    emit(context, data, _("已添加证件，尾号 {tail}", tail=data["tail"]))


@group.command("account", help=_("登记银行账号，原账号停用；--end 只停用"))
@click.argument("person_id", metavar="ID")
@click.argument("number", required=False)
@click.option("--name", "account_name", default="", help=_("银行户名，与姓名不同时写"))
@click.option("--shared-reason", default="", help=_("与别的家庭共用的理由"))
@click.option("--end", is_flag=True, help=_("停用现在的账号"))
@click.option("--reason", default="", help=_("停用的事由"))
@click.pass_context
def account(context: click.Context, person_id: str, number: str | None, end: bool, reason: str, **given: Any) -> None:
    """Set or end the bank account."""
    from core.identity.bank_accounts import NewBankAccount, end_account, set_account
    from core.wishes import checked

    if end == bool(number):
        raise click.UsageError(_("写新账号，或用 --end 停用"), context)
    warning = None
    with begin(context) as work:
        person = person_of(work, person_id)
        if end:
            kept = end_account(work, person, reason)
        else:
            kept, warning = set_account(work, person, checked(NewBankAccount, number=number, **given))
        data = {"id": kept.id, "tail": kept.tail, "valid_to": kept.valid_to}
    if warning is not None:
        say(warning.reason)
    done = _("已停用账号，尾号 {tail}", tail=kept.tail) if end else _("已登记账号，尾号 {tail}", tail=kept.tail)
    emit(context, {**data, "warnings": [warning.code] if warning else []}, done)


@group.command("reveal", help=_("查看完整号码，写明事由，记入审计"))
@click.argument("person_id", metavar="ID")
@click.option("--what", type=click.Choice(["document", "account", "phone"]), default="document", help=_("哪一种号码"))
@click.option("--reason", required=True, help=_("事由"))
@click.pass_context
def reveal(context: click.Context, person_id: str, what: str, reason: str) -> None:
    """Show a whole number; leaves a read record."""
    from core.errors import NotFound
    from core.identity.queries import person_card

    with look(context) as work:
        card = person_card(work, person_of(work, person_id, "person.reveal"))
        in_use = next((one.number for one in card.accounts if one.valid_to is None), None)
        number = {"document": card.id_number, "account": in_use, "phone": card.phone}[what]
        if number is None:
            raise NotFound(_("没有登记这种号码"))
        plain = number.reveal(work, reason)
    emit(context, {"id": card.person.id, "what": what, "number": plain}, plain)


@group.command("attach", help=_("给一个人添加附件（PDF、图片、Word、Excel）"))
@click.argument("person_id", metavar="ID")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--title", default="", help=_("名称；不写就用文件名"))
@click.pass_context
def attach(context: click.Context, person_id: str, file: Path, title: str) -> None:
    """Keep a file with a person."""
    from core.errors import NotFound
    from core.identity.attachments import NewAttachment, add_attachment

    if not file.is_file():
        raise NotFound(_("找不到文件 {file}", file=file))
    with begin(context) as work:
        owner = f"person:{person_of(work, person_id)}"
        kept = add_attachment(
            work, NewAttachment(owner=owner, file_name=file.name, data=file.read_bytes(), title=title)
        )
        data = {"id": kept.id, "title": kept.title, "size": kept.size, "media_type": kept.media_type}
    emit(context, data, _("已添加附件：{title}", title=data["title"]))
