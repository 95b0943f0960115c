"""The command that explains: topics of the command line, the help of screens, the list of words."""

from pathlib import Path

import click

from core.cli.output import emit, table
from core.cli.shell import Shell
from core.errors import NotFound
from core.help import Topic, Word, command_topics, screens, words
from core.texts import _

WORDS = "words"


@click.command("help", help=_("说明：退出码、格式、设置、资金、隐私；也可以写网页地址或 words"))
@click.argument("topic", required=False)
@click.pass_context
def help_(context: click.Context, topic: str | None) -> None:
    """Explain TOPIC, or list what can be explained."""
    if topic == WORDS:
        _say_words(context, words())
        return
    known = {**command_topics(), **(_screens(context.obj) if topic is None or topic.startswith("/") else {})}
    if topic is None:
        listed = [(one.at, one.heading) for one in known.values()]
        data = [{"topic": at, "title": title} for at, title in (*listed, (WORDS, _("用词")))]
        emit(context, data, table([_("主题"), _("说明")], [(one["topic"], one["title"]) for one in data]))
        return
    if topic not in known:
        raise NotFound(_("没有 {topic} 的说明，huimin help 列出全部", topic=topic))
    found = known[topic]
    text = "\n".join([found.heading, *(f"  {one}" for one in found.sentences)])
    emit(context, {"topic": topic, "title": found.heading, "sentences": found.sentences}, text)


def _say_words(context: click.Context, known: list[Word]) -> None:
    data = [{"chinese": one.chinese, "english": one.english, "meaning": _(one.meaning)} for one in known]
    rows = [(one["chinese"], one["english"], one["meaning"]) for one in data]
    emit(context, data, table([_("中文"), _("英文"), _("意思")], rows))


def _screens(shell: Shell) -> dict[str, Topic]:
    """The help of the screens that run in this county; of those of the core without one."""
    from core.errors import HuiminError

    try:
        loaded = shell.host.loaded
    except HuiminError:
        return screens([])
    return screens((Path(one.module.__file__ or "").parent, one.manifest.name) for one in loaded if not one.room)
