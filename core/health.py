"""What ``doctor`` asks of the core itself: machine, keys, database, backups, queues, plugins, accounts.

Each question answers None when all is well, else one sentence that says what to do.
"""

import codecs
import locale
import shutil
import stat
import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text
from sqlmodel import col

from core.breaker import degraded_in
from core.errors import Fault, HuiminError
from core.extension import HealthCheck
from core.keys import KeysUnusable, Vault
from core.texts import _, listed, mark

if TYPE_CHECKING:
    from core.host import Host

_GIGABYTE = 1024**3
_COPIES = 3
"""A backup needs room for the copy, the archive and the encrypted file at once."""
_CLOCK_TOLERANCE = timedelta(minutes=1)
_POSTGRESQL_SAFE = ("fsync", "full_page_writes", "synchronous_commit")
_NEXT_CALENDAR_FROM_MONTH = 11
"""The State Council publishes next year's days off in November."""


def disk_space(host: "Host") -> str | None:
    """Room for the database to grow and for a backup of it."""
    file = host.database.file
    size = file.stat().st_size if file else 0
    return space_problem(shutil.disk_usage(host.settings.data).free, size, host.settings.data)


def space_problem(free: int, database_size: int, folder: Path) -> str | None:
    """What is to be said of so many free bytes beside a database of so many."""
    needed = max(_GIGABYTE, _COPIES * database_size)
    if free >= needed:
        return None
    return _(
        "磁盘只剩 {free} MB，至少要 {needed} MB：请清理 {folder} 所在的磁盘，或换一块大的",
        free=free // 1024**2,
        needed=needed // 1024**2,
        folder=folder,
    )


def key_file(host: "Host") -> str | None:
    """The county's key: there, whole, closed to others, and not beside what it opens."""
    folder = host.settings.keys_folder
    file = folder / f"{host.settings.county.code}.key"
    if not file.is_file():
        return _("没有找到密钥 {file}：请把备用的密钥放回原处，没有它号码和附件都打不开", file=file)
    for path, mode in ((file, "600"), (folder, "700")):
        if is_open_to_others(path):
            return _("别人能读 {path}：请运行 chmod {mode} {path}", path=path, mode=mode)
    try:
        if not _opens_numbers(host, Vault.open(file)):
            return _("密钥 {file} 打不开已登记的号码，不是这份数据的密钥：请把原来的密钥放回原处", file=file)
    except HuiminError as error:
        return error.message
    for other in (host.settings.data, host.settings.home / host.settings.backup.folder):
        if other.resolve() in file.resolve().parents:
            return _("密钥放在 {folder} 里，会跟着数据一起丢：请移到别处，并设 HUIMIN_KEYS", folder=other)
    return None


def _opens_numbers(host: "Host", vault: Vault) -> bool:
    """Whether a key opens the last number registered; whoever works on with another key loses what both sealed."""
    from core.identity.models.persons import Document
    from core.identity.sealed import NUMBER_COLUMN

    last = select(col(Document.id), col(Document.number_sealed)).order_by(col(Document.id).desc())
    with host.database.transaction(write=False) as connection:
        found = connection.execute(last.limit(1)).first()
    try:
        return found is None or bool(vault.unseal(NUMBER_COLUMN, found.id or 0, found.number_sealed))
    except Fault:
        return False


def key_numbers(host: "Host") -> str | None:
    """Values under a key that the file has lost, as when an old copy of it was put back."""
    from core.sealed_columns import numbers_of, register_of

    try:
        ring = Vault.open(host.settings.key_file).ring
    except KeysUnusable:
        return None  # the question before said so
    with host.database.transaction(write=False) as connection:
        found = {one: numbers_of(connection, one) for one in register_of(host, connection).columns}
    lost = sorted({number for numbers in found.values() for number in numbers if number and number not in ring.masters})
    if not lost:
        return None
    places = [f"{one.table.name}.{one.name}" for one, numbers in found.items() if numbers.keys() & set(lost)]
    return _(
        "密钥文件里没有第 {numbers} 号密钥，{places} 里有用它加密的内容：请放回最后一次更换密钥之后的密钥文件",
        numbers=listed(lost),
        places=listed(places),
    )


def folder_modes(host: "Host") -> str | None:
    """Home, data, backups and database closed to others."""
    settings = host.settings
    paths = [settings.home, settings.data, settings.home / settings.backup.folder, host.database.file]
    wrong = [path for path in paths if path is not None and path.exists() and is_open_to_others(path)]
    if not wrong:
        return None
    return _("别人能读 {paths}：请运行 chmod go-rwx {first}", paths=listed(wrong), first=" ".join(map(str, wrong)))


def is_open_to_others(path: Path) -> bool:
    """Whether group or others have any right to a file or folder."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def database_settings(host: "Host") -> str | None:
    """What keeps a committed act through a power cut."""
    from core.database import PRAGMAS

    with host.database.transaction(write=False) as connection:
        if host.database.dialect == "sqlite":
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in PRAGMAS}
            wrong = [f"{name} = {value}" for name, value in found.items() if value != PRAGMAS[name]]
        else:
            found = {name: connection.execute(text(f"SHOW {name}")).scalar() for name in _POSTGRESQL_SAFE}
            wrong = [f"{name} = {value}" for name, value in found.items() if value == "off"]
    if not wrong:
        return None
    return _("数据库设置不安全（{settings}），断电会丢数据：请改回默认值后重启", settings=listed(wrong))


def audit_guards(host: "Host") -> str | None:
    """The triggers that keep the audit chain from being changed."""
    from core import guards
    from core.audit.models import GUARDED

    with host.database.transaction(write=False) as connection:
        lost = guards.lost(connection, GUARDED)
    if not lost:
        return None
    return _("审计表的保护不见了：{names}。请从备份恢复，并查明是谁动了数据库", names=listed(lost))


def migrations(host: "Host") -> str | None:
    """Revisions that have not run, and data that are newer than what is installed."""
    from core.upgrading import newer, newer_words, older_words, plan

    ahead = newer(host)
    if ahead:
        return newer_words(ahead)
    waiting = plan(host)
    if not waiting:
        return None
    return older_words(waiting)


def clock(host: "Host") -> str | None:
    """The machine's time against the newest audit record."""
    from core.audit.models import Record

    with host.database.transaction(write=False) as connection:
        newest = connection.scalar(select(func.max(col(Record.at))))
    if newest is None:
        return None
    behind = datetime.fromtimestamp(newest / 1_000_000, UTC) - host.clock.now()
    if behind <= _CLOCK_TOLERANCE:
        return None
    minutes = int(behind.total_seconds() // 60)
    return _("时钟比最后一条审计记录慢 {minutes} 分钟：请校准服务器时间（timedatectl）", minutes=minutes)


def encoding(host: "Host") -> str | None:
    """Whether names of files and lines of output can be Chinese on this machine."""
    return encoding_problem(sys.getfilesystemencoding(), locale.getpreferredencoding(do_setlocale=False))


def encoding_problem(*names: str) -> str | None:
    """What is to be said of encodings that are not UTF-8."""
    other = [name for name in names if codecs.lookup(name).name != "utf-8"]
    if not other:
        return None
    return _("系统的字符编码是 {name}，中文会变成乱码：请设 LANG=C.UTF-8 后重启", name=other[0])


def neighbours(host: "Host") -> str | None:
    """Other counties of the home whose file cannot be used: where the error stands, not what stands there."""
    from core.settings import SettingsRefused, counties_folder, load

    home = host.settings.home
    wrong: list[str] = []
    for file in sorted(counties_folder(home).glob("*.toml")):
        if file == host.settings.file:
            continue
        try:
            load(home, file.stem)
        except SettingsRefused as refused:
            wrong += [f"{one.file}:{one.line}" for one in refused.problems]
        except HuiminError as error:  # a folder by the name of a file
            wrong.append(error.message)
    if not wrong:
        return None
    return _(
        "别的县的设置文件用不了：{places}。请运行 huimin --county 代码 config check，改好后重新启动",
        places=listed(wrong),
    )


def fonts(host: "Host") -> str | None:
    """A Chinese font for PDF."""
    from core.errors import TryAgain
    from core.fonts import SERIF, chinese

    try:
        chinese(SERIF)
    except TryAgain as error:
        return _("{problem}。{mend}", problem=error.message, mend=error.hint or "")
    return None


def backup_age(host: "Host") -> str | None:
    """How old the newest backup is."""
    from core.backups import kept

    found = kept(host)
    if not found:
        return _("还没有备份：请运行 huimin backup，并设成每天自动运行")
    with host.database.transaction(write=False) as connection:
        hours = int(host.policies.find(connection, "backup.stale_hours", _today(host)).value)
    age = int((host.clock.now() - found[0].made_at).total_seconds() // 3600)
    if age <= hours:
        return None
    return _("最近的备份是 {age} 小时前的：请运行 huimin backup，并查看每天的自动备份", age=age)


def parked_jobs(host: "Host") -> str | None:
    """Background work that gave up."""
    from core.status import facts

    count = facts(host)["parked_jobs"]
    return _("有 {count} 个后台任务停下了：请运行 huimin jobs list，改好后重试", count=count) if count else None


def quarantined_plugins(host: "Host") -> str | None:
    """Plugins of the county file that do not run."""
    if not host.complete().quarantined:
        return None
    reasons = listed(_("{name}（{reason}）", name=name, reason=why) for name, why in sorted(host.quarantined.items()))
    return _("插件没有运行：{reasons}。请改好，或运行 huimin plugin disable", reasons=reasons)


def degraded_plugins(host: "Host") -> str | None:
    """Plugins that failed too often."""
    found = degraded_in(host)
    if not found:
        return None
    reasons = listed(_("{name}（{reason}）", name=name, reason=one.reason) for name, one in sorted(found.items()))
    return _("插件降级了：{reasons}。请查明原因，再运行 huimin plugin resume 或 huimin plugin disable", reasons=reasons)


def calendar(host: "Host") -> str | None:
    """Working days of this year, and from November on of the next."""
    from core.calendar import calendar_of
    from core.errors import Refused
    from core.identity.actors import system_actor

    today = _today(host)
    years = [today.year, *([today.year + 1] if today.month >= _NEXT_CALENDAR_FROM_MONTH else [])]
    with host.look(system_actor(host)) as work:
        days = calendar_of(work)
        for year in years:
            try:
                days.works(date(year, 1, 4))
            except Refused as refusal:
                return refusal.objections[0].reason
    return None


def second_factors(host: "Host") -> str | None:
    """Accounts with a money role and no second factor."""
    from core.identity.models.accounts import Account, Grant

    money = [name for name, role in host.roles.items() if role.second_factor]
    day = _today(host)
    asked = (
        select(col(Account.name))
        .join(Grant, col(Grant.account_id) == col(Account.id))
        .where(
            col(Account.enabled),
            col(Account.second_factor_sealed).is_(None),
            col(Grant.role).in_(money),
            col(Grant.valid_from) <= day,
            col(Grant.valid_to).is_(None) | (col(Grant.valid_to) >= day),
        )
        .distinct()
        .order_by(col(Account.name))
    )
    with host.database.transaction(write=False) as connection:
        names = connection.scalars(asked).all()
    if not names:
        return None
    return _("管资金的账号还没有绑定动态码：{names}。请本人登录后在“我的”里绑定", names=listed(names))


def core_checks() -> Iterable[HealthCheck]:
    """Every question of the core, in the order in which a person would look."""
    return [
        HealthCheck(name="core.disk", title=mark("磁盘空间"), check=disk_space),
        HealthCheck(name="core.key", title=mark("密钥"), check=key_file, fatal=True),
        HealthCheck(name="core.key_numbers", title=mark("密钥编号"), check=key_numbers),
        HealthCheck(name="core.modes", title=mark("文件权限"), check=folder_modes, fatal=True),
        HealthCheck(name="core.database", title=mark("数据库设置"), check=database_settings, fatal=True),
        HealthCheck(name="core.guards", title=mark("审计保护"), check=audit_guards, fatal=True),
        HealthCheck(name="core.migrations", title=mark("数据库版本"), check=migrations),
        HealthCheck(name="core.clock", title=mark("时钟"), check=clock),
        HealthCheck(name="core.encoding", title=mark("字符编码"), check=encoding, fatal=True),
        HealthCheck(name="core.counties", title=mark("同机的县"), check=neighbours),
        HealthCheck(name="core.fonts", title=mark("印刷字体"), check=fonts),
        HealthCheck(name="core.backup", title=mark("备份"), check=backup_age),
        HealthCheck(name="core.jobs", title=mark("后台任务"), check=parked_jobs),
        HealthCheck(name="core.plugins", title=mark("插件"), check=quarantined_plugins),
        HealthCheck(name="core.degraded", title=mark("降级的插件"), check=degraded_plugins),
        HealthCheck(name="core.calendar", title=mark("工作日历"), check=calendar),
        HealthCheck(name="core.second_factors", title=mark("动态码"), check=second_factors),
    ]


def _today(host: "Host") -> date:
    from core.work import COUNTY_TIME

    return host.clock.now().astimezone(COUNTY_TIME).date()
