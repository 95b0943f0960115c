"""What can be seen of the program without running it: nothing that guards is an assertion, and no words become SQL."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).parents[2]
PROGRAM = [
    file for folder in ("core", "plugins") for file in sorted((ROOT / folder).rglob("*.py"))
    if "__pycache__" not in file.parts and file.name not in ("testing.py", "contract.py")
]  # fmt: skip
OWN = r"\b(csrf_input|drawing|drawn\.qr)\s*\|\s*safe"
DANGEROUS = {"eval", "exec", "compile", "__import__"}
UNSAFE_MODULES = {"pickle", "marshal", "shelve", "telnetlib", "ftplib"}
NETWORK = {"urllib.request", "http.client", "requests", "httpx", "smtplib", "aiohttp"}


def trees():
    for file in PROGRAM:
        yield file.relative_to(ROOT), ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.proof("RS74")
def test_nothing_is_held_by_an_assertion(proof):
    """``python -O`` leaves assertions out: what guards raises."""
    found = [
        f"{file}:{node.lineno}" for file, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Assert)
    ]
    assert not found, found
    proof.counted(len(PROGRAM))


@pytest.mark.proof("RS74")
def test_no_text_is_run_as_program_and_no_module_opens_what_it_should_not(proof):
    found = []
    for file, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DANGEROUS:
                found.append(f"{file}:{node.lineno} {node.func.id}")
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [f"{file}:{node.lineno} {name}" for name in names if name in UNSAFE_MODULES | NETWORK]
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(
                ("subprocess.", "os.system", "os.popen")
            ):
                by_shell = any(one.arg == "shell" for one in node.keywords) or ast.unparse(node.func).startswith("os.")
                found += [f"{file}:{node.lineno} by a shell"] if by_shell else []
    assert not found, found
    proof.counted(len(PROGRAM))


@pytest.mark.proof("RS74")
def test_the_linters_rules_of_security_hold_for_the_whole_program(proof):
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--select", "S,B,E9,F", "core", "plugins", "cli.py"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout
    proof.counted(len(PROGRAM))


@pytest.mark.proof("RS44")
def test_no_template_switches_escaping_off(proof):
    """But for what the core draws itself: the keys of a form, and the squares of a code."""
    files = [file for folder in ("core", "plugins") for file in sorted((ROOT / folder).rglob("*.html"))]
    found = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if re.search(r"\|\s*safe\b|autoescape\s+false", line) and not re.search(OWN, line):
                found.append(f"{file.relative_to(ROOT)}:{number} {line.strip()}")
    assert not found, "\n".join(found)
    proof.counted(len(files))
