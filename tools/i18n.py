"""Translations of the interface: one Qt Linguist file per room of ``labdesk/ui``, source strings in English.

    python tools/i18n.py update [ROOM]    collect strings (lupdate) and compile (lrelease); lists what is not translated
    python tools/i18n.py missing [ROOM]   the strings still without Chinese, one ``context<TAB>English<TAB>`` per line
    python tools/i18n.py fill ROOM        reads ``context<TAB>English<TAB>中文`` lines and compiles
    python tools/i18n.py check            exit 1 if a string lacks a language or a compiled file is stale

How a page author adds strings:
 1. write ``translate("Reception", "Scan the next tag")`` with ``translate = QCoreApplication.translate`` (lupdate knows this
    name only; ``self.tr`` gets a wrong context), literals only, placeholders as ``{0}`` filled by ``.format`` *outside* the call;
    look texts up when they are shown, never at import time;
 2. set them in ``retranslate()``, which is called on every change of language;
 3. ``python tools/i18n.py update reception`` and then ``missing reception > todo.tsv``;
 4. add the Chinese as third column, ``python tools/i18n.py fill reception < todo.tsv``;
 5. commit ``resources/translations/labdesk_zh_reception.ts`` and ``.qm`` together.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UI = ROOT / "labdesk" / "ui"
TRANSLATIONS = ROOT / "resources" / "translations"
#: Folders whose strings belong to the shell's file.
SHELL_FOLDERS = frozenset({"shell", "widgets", "people"})
_CHINESE = re.compile(r"[\u3400-\u9fff\uff01-\uff5e\u3001-\u303f]")
_PLACEHOLDER = re.compile(r"\{\w*\}")


@dataclass(frozen=True)
class Text:
    """A string of the interface with its Chinese; ``finished`` as Qt Linguist means it."""

    context: str
    source: str
    chinese: str
    finished: bool


def rooms(ui: Path = UI) -> dict[str, list[Path]]:
    """Room to its source files. The shell's room also holds what stands directly in ``ui``, and the desktop's entry."""
    found: dict[str, list[Path]] = {"shell": sorted(ui.glob("*.py"))}
    for folder in sorted(path for path in ui.iterdir() if path.is_dir() and path.name != "__pycache__"):
        room = "shell" if folder.name in SHELL_FOLDERS else folder.name
        found.setdefault(room, []).extend(sorted(folder.rglob("*.py")))
    found["shell"] += sorted((ui.parent / "app").glob("desktop*.py"))
    return found


def ts_file(room: str, folder: Path = TRANSLATIONS) -> Path:
    """The Linguist file of a room."""
    return folder / f"labdesk_zh_{room}.ts"


def collect(room: str, target: Path) -> None:
    """Runs lupdate over a room; translations already in ``target`` are kept, strings no longer used leave."""
    sources = [str(path) for path in rooms()[room]]
    _run("pyside6-lupdate", *sources, "-no-obsolete", "-locations", "none", "-ts", str(target))
    tree = ET.parse(target)
    for message in tree.getroot().iter("message"):
        for comment in message.findall(
            "extracomment"
        ):  # lupdate takes every "#:" of the code for a note to translators
            message.remove(comment)
    _write(tree, target)


def release(ts: Path, qm: Path) -> None:
    """Runs lrelease."""
    _run("pyside6-lrelease", "-silent", str(ts), "-qm", str(qm))


def read(ts: Path) -> list[Text]:
    """The strings of a Linguist file."""
    texts = []
    for context in ET.parse(ts).getroot().iter("context"):
        name = context.findtext("name", "")
        for message in context.iter("message"):
            translation = message.find("translation")
            chinese = (translation.text or "") if translation is not None else ""
            unfinished = translation is None or translation.get("type") == "unfinished"
            texts.append(Text(name, message.findtext("source", ""), chinese, not unfinished))
    return texts


def fill(ts: Path, lines: Iterable[str]) -> int:
    """Enters ``context<TAB>English<TAB>中文`` lines; returns how many strings were found and filled.

    Raises:
        ValueError: a line has another shape, or names a string that the file does not hold.
    """
    tree = ET.parse(ts)
    messages = {
        (context.findtext("name", ""), message.findtext("source", "")): message
        for context in tree.getroot().iter("context")
        for message in context.iter("message")
    }
    count = 0
    for line in lines:
        if not line.strip():
            continue
        context, source, chinese = (part.replace("\\n", "\n") for part in line.rstrip("\r\n").split("\t"))
        message = messages.get((context, source))
        if message is None:
            raise ValueError(f"no such string: {context}: {source}")
        translation = message.find("translation")
        if translation is None:
            translation = ET.SubElement(message, "translation")
        if chinese:
            translation.text = chinese
            translation.attrib.pop("type", None)
            count += 1
    _write(tree, ts)
    return count


def problems(texts: Iterable[Text], file: str) -> list[str]:
    """What is wrong with a file's strings."""
    found = []
    for text in texts:
        where = f"{file}: {text.context}: {text.source!r}"
        if _CHINESE.search(text.source):
            found.append(f"{where} is Chinese in the code; write English there and Chinese in the translation")
        if not text.finished or not text.chinese.strip():
            found.append(f"{where} has no Chinese translation")
        elif sorted(_PLACEHOLDER.findall(text.source)) != sorted(_PLACEHOLDER.findall(text.chinese)):
            found.append(f"{where} has other placeholders in Chinese: {text.chinese!r}")
    return found


def in_code(path: Path) -> tuple[set[tuple[str, str]], list[str]]:
    """The strings that Python sees in a file, and calls that lupdate would miss or misread."""
    found: set[tuple[str, str]] = set()
    wrong = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        where = f"{path.name}:{node.lineno}"
        if name in {"tr", "_translate"}:
            wrong.append(f"{where}: use translate(context, text), lupdate does not understand {name}()")
        elif name == "translate" and len(node.args) == 2:
            values = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if len(values) == 2:
                found.add((values[0], values[1]))
            else:
                wrong.append(f"{where}: translate() needs two literals")
    return found, wrong


def code_problems(room: str, texts: Iterable[Text]) -> list[str]:
    """Strings of a room's code that did not reach its Linguist file."""
    known = {(text.context, text.source) for text in texts}
    found = []
    for path in rooms()[room]:
        strings, wrong = in_code(path)
        found += wrong
        found += [f"{path.name}: lupdate missed {context}: {source!r}" for context, source in sorted(strings - known)]
    return found


def check() -> list[str]:
    """Everything that is wrong, over all rooms."""
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        for room in rooms():
            committed, fresh = ts_file(room), ts_file(room, Path(scratch))
            if committed.exists():
                fresh.write_bytes(committed.read_bytes())
            collect(room, fresh)
            texts = read(fresh) if fresh.exists() else []
            found += code_problems(room, texts)
            if not texts:
                continue
            if not committed.exists() or set(read(committed)) != set(texts):
                found.append(f"{committed.name} is stale; run: python tools/i18n.py update {room}")
            found += problems(texts, committed.name)
            release(fresh, fresh.with_suffix(".qm"))
            compiled = committed.with_suffix(".qm")
            if not compiled.exists() or compiled.read_bytes() != fresh.with_suffix(".qm").read_bytes():
                found.append(f"{compiled.name} is stale; run: python tools/i18n.py update {room}")
    return found


def update(chosen: Iterable[str]) -> None:
    """Collects and compiles."""
    for room in chosen:
        collect(room, ts_file(room))
        if not read(ts_file(room)):
            ts_file(room).unlink()
            continue
        release(ts_file(room), ts_file(room).with_suffix(".qm"))


def missing(chosen: Iterable[str]) -> list[str]:
    """Strings without Chinese, as lines for :func:`fill`."""
    return [
        "\t".join((text.context, text.source.replace("\n", "\\n"), ""))
        for room in chosen
        if ts_file(room).exists()
        for text in read(ts_file(room))
        if not text.finished
    ]


def _write(tree: ET.ElementTree[ET.Element], ts: Path) -> None:
    ET.indent(tree, "    ")
    body = ET.tostring(tree.getroot(), encoding="unicode")
    ts.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")


def _run(tool: str, *arguments: str) -> None:
    program = Path(sys.executable).parent / tool
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{tool} failed: {done.stderr or done.stdout}")


def main(arguments: list[str]) -> int:
    """The command line."""
    verb, named = (arguments[0], arguments[1:]) if arguments else ("", [])
    chosen = named or list(rooms())
    if verb == "update":
        update(chosen)
        sys.stdout.writelines(f"not translated: {line}\n" for line in missing(chosen))
        return 0
    if verb == "missing":
        sys.stdout.writelines(f"{line}\n" for line in missing(chosen))
        return 0
    if verb == "fill" and len(named) == 1:
        sys.stdout.write(f"{fill(ts_file(named[0]), sys.stdin)} filled\n")
        release(ts_file(named[0]), ts_file(named[0]).with_suffix(".qm"))
        return 0
    if verb == "check":
        found = check()
        sys.stdout.writelines(f"{line}\n" for line in found)
        return 1 if found else 0
    sys.stderr.write(__doc__ or "")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
