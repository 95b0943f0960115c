"""The commands of a plugin's acts and starts, with their options."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from core.acts import Act, Acting, Done, Room, Start
from core.cli.output import emit, say
from core.cli.shell import begin
from core.entries import command_options, entries_of, given
from core.texts import _

if TYPE_CHECKING:
    from pydantic import BaseModel

    from core.work import UnitOfWork


def wish_options(acting: Acting, wish: "type[BaseModel]", *skip: str) -> Callable[[Any], Any]:
    """The fields of a wish as options; a person is asked for as ``--person``, by number or citizen number."""
    people = [name for name in acting.people if name in wish.model_fields and name not in skip]
    plain = command_options(wish, vocabularies=acting.vocabularies, skip=(*skip, *people), long=acting.long)

    def add(command: Any) -> Any:
        command = plain(command)
        for name in reversed(people):
            word = f"--{name.removesuffix('_id')}"
            command = click.option(word, name, required=True, help=_("人员编号或身份证号"))(command)
        return command

    return add


def wish_given(wish: "type[BaseModel]", values: Mapping[str, Any]) -> dict[str, Any]:
    """The options that were given; the parts of a list are set apart by commas."""
    plain = given(values)
    for one in entries_of(wish):
        if one.kind == "several" and isinstance(plain.get(one.name), str):
            parts = plain[one.name].replace("，", ",").replace("、", ",").split(",")
            plain[one.name] = [part.strip() for part in parts if part.strip()]
    return plain


def say_done(context: click.Context, done: Done, text: str) -> None:
    """Print what an act answers; its warnings are said beside it."""
    for one in done.warnings or ():
        say(f"{one.code} {one.reason}")
    emit(context, done.answer(), text)


def add_act(parent: click.Group, acting: Acting, room: Room, act: Act, argument: str = "ID") -> None:
    """Add an act as a command of a group; ``argument`` is what its help calls the number of the thing."""

    @parent.command(act.name, help=acting.speak(act.title))
    @click.argument("thing", metavar=argument)
    @wish_options(acting, act.wish)
    @click.pass_context
    def run(context: click.Context, thing: str, **values: Any) -> None:
        from core.wishes import checked

        with begin(context) as work:
            typed = _with_people(acting, work, act.right, wish_given(act.wish, values))
            done = act.do(work, thing, checked(act.wish, **room.completed(work, act, thing, typed)))
        say_done(context, done, acting.speak(act.done))


def add_acts(parent: click.Group, acting: Acting, room: str, argument: str = "ID", *skip: str) -> None:
    """Add all acts of a room as commands of a group, but for those to ``skip``."""
    known = acting.rooms[room]
    for act in known.acts.values():
        if act.name not in skip:
            add_act(parent, acting, known, act, argument)


def add_start(
    parent: click.Group, acting: Acting, start: str, name: str = "add", *, argument: str = "", field: str = "",
    says: str = "", title: str = "",
) -> None:  # fmt: skip
    """Add a start as a command of a group; ``field`` of the wish is its argument, called ``argument`` in the help.

    ``says`` is what is said afterwards, with what was made in it (``{number}``), when it is not the start's own word;
    ``title`` is its line in the help, when it is not the start's own.
    """
    known = acting.starts[start]

    def run(context: click.Context, subject: str = "", **values: Any) -> None:
        from core.wishes import checked

        typed = wish_given(known.wish, values) | ({field: subject} if field else {})
        with begin(context) as work:
            done = known.make(work, checked(known.wish, **_with_people(acting, work, known.right, typed)))
        say_done(context, done, acting.speak(says, **done.data) if says else _made(acting, known, done))

    made: Any = wish_options(acting, known.wish, *([field] if field else []))(click.pass_context(run))
    if field:
        made = click.argument("subject", metavar=argument)(made)
    parent.command(name, help=acting.speak(title or known.title))(made)


def _made(acting: Acting, start: Start, done: Done) -> str:
    said, number = acting.speak(start.done), done.data.get("number") or done.data.get("id")
    return _("{said} {number}", said=said, number=number) if number else said


def _with_people(acting: Acting, work: "UnitOfWork", right: str, values: dict[str, Any]) -> dict[str, Any]:
    """The options with people that were typed turned into their ids."""
    from core.identity.queries import find_person

    typed = [name for name in acting.people if isinstance(values.get(name), str)]
    return values | {name: find_person(work, values[name], right).id for name in typed}
