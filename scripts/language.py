"""Report words and names that the project does not use, with the term to write instead.

    python scripts/language.py                      compare every file with the baseline
    python scripts/language.py FILE ...             compare these files only (the pre-commit hook)
    python scripts/language.py --all [FILE ...]     print every hit, also those that the baseline allows
    python scripts/language.py --summary            count the hits by rule and by package (`data`: stored names)
    python scripts/language.py --write-baseline     write the baseline anew; no word may occur more often than before
    python scripts/language.py --commit-message F   check the subject of a commit message (the commit-msg hook)

The lists are in `scripts/language_terms.toml`. `tests/language_baseline.json` counts the hits that are left, by file
and word, so that a line may move. Hits may move between files as well (a module is renamed, merged or split), but the
total of a word may only shrink. Without a baseline file, `--write-baseline` starts a new one from all hits.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import subprocess
import sys
import tokenize
import tomllib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch, translate
from functools import cached_property
from pathlib import Path, PurePosixPath
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from page_texts import GAP, page, prose, template_names

ROOT = Path(__file__).resolve().parent.parent
TERMS = ROOT / "scripts" / "language_terms.toml"
BASELINE = ROOT / "tests" / "language_baseline.json"
TEMPLATES = frozenset({".html", ".j2", ".jinja"})
PAGES = TEMPLATES | {".md", ".toml"}
MAX_SUBJECT = 72
"""Characters of the first line of a commit message; git and most web pages cut it there."""
MAX_PACKAGES = 3
"""Packages that may hold a module of the same base name, so that a module can be found by its name."""
UNNAMED = frozenset({"__init__", "__main__"})
WRITTEN_BY_GIT = ("Merge ", "Revert ", "fixup! ", "squash! ", "amend! ")
NEVER = r"[^\s\S]"
"""A regular expression that matches nothing."""
LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
"""Unlike `str.lower`, it never changes the length of a text, so that positions stay."""

Baseline = dict[str, dict[str, int]]


class Hit(NamedTuple):
    """A disallowed word in a line of a file, and the word to write instead."""

    path: str
    line: int
    rule: str
    word: str
    write: str

    def __str__(self) -> str:
        """Return the line that is printed: `file:line: word -> preferred term`."""
        return f"{self.path}:{self.line}: {self.word} -> {self.write}"


QUERY = re.compile(r"\s*(?:select|create (?:table|view)|insert into|left join|group by|partition by|with \w+ as)\b")
"""Finds the start of an SQL query, whose words are names of tables and columns."""


class Fragment(NamedTuple):
    """A text to search, and the line on which it starts."""

    line: int
    text: str

    @property
    def is_data(self) -> bool:
        """Return True for a string that is data: without white space (a key, column, path or code), or an SQL query.

        Such a name can change with a format upgrade only, so its hits are counted apart from those in prose.
        """
        return not re.search(r"\s", self.text.strip()) or bool(QUERY.match(self.text))


@dataclass(frozen=True)
class Term:
    """A word or phrase that is not used in prose, in all its forms."""

    name: str
    write: str
    forms: tuple[str, ...]
    exceptions: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression of the forms as whole words, joined by white space, an underscore or a hyphen."""
        return re.compile(rf"(?<![a-z0-9])(?:{_alternatives(self.forms)})(?![a-z0-9])")

    @cached_property
    def exempt(self) -> re.Pattern[str] | None:
        """The regular expression of the phrases in which the word is allowed."""
        return re.compile(_alternatives(self.exceptions)) if self.exceptions else None

    @cached_property
    def parts(self) -> tuple[tuple[str, ...], ...]:
        """The words of each form. The slow pattern is searched only in texts that contain all of them."""
        return tuple(tuple(word for word in form.lower().split() if word != "*") for form in self.forms)

    def positions(self, text: str) -> Iterator[int]:
        """Yield the positions at which the term occurs in a lower-case text, except in permitted phrases."""
        if not any(all(word in text for word in words) for words in self.parts):
            return
        spans = [match.span() for match in self.exempt.finditer(text)] if self.exempt else []
        for match in self.pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in spans):
                yield match.start()


def _alternatives(forms: Iterable[str]) -> str:
    word = r"[a-z0-9']+"
    joined = (r"[\s_-]+".join(word + rf"(?:\s+{word})?" if part == "*" else re.escape(part) for part in form.split())
              for form in forms)  # fmt: skip
    return "|".join(joined)


@dataclass(frozen=True)
class Name:
    """A pattern for identifiers that are not allowed."""

    word: str
    kind: str
    write: str


def _whole_words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words)) or NEVER})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Allowance:
    """Words that are allowed in some files, with the reason: stored names or, if `in_prose`, words of the subject."""

    reason: str
    words: tuple[str, ...]
    files: tuple[str, ...] = ("*",)
    in_prose: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The regular expression that matches the allowed words, but not a longer identifier that contains one."""
        return _whole_words(self.words)

    @cached_property
    def prose_pattern(self) -> re.Pattern[str]:
        """The words that are allowed in prose: words of the subject, and stored names that contain an underscore."""
        return _whole_words(word for word in self.words if self.in_prose or "_" in word)

    def includes(self, path: str) -> bool:
        """Return True if the allowance applies to a file."""
        return any(fnmatch(path, pattern) for pattern in self.files)


@dataclass(frozen=True)
class Rules:
    """The lists of `language_terms.toml`."""

    terms: tuple[Term, ...]
    names: tuple[Name, ...]
    skip: tuple[str, ...] = ()
    allowances: tuple[Allowance, ...] = ()

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], Name], ...]:
        return tuple((re.compile(translate(name.word)), name) for name in self.names if "*" in name.word)

    @cached_property
    def _exact(self) -> dict[str, Name]:
        return {name.word: name for name in self.names}

    def name(self, identifier: str) -> Name | None:
        """Return the rule that an identifier breaks, or None; case and outer underscores do not matter."""
        plain = identifier.strip("_").lower()
        exact = self._exact.get(plain)
        return exact or next((name for pattern, name in self._patterns if pattern.match(plain)), None)

    def in_file(self, path: str) -> tuple[Allowance, ...]:
        """Return the allowances of one file."""
        return tuple(allowance for allowance in self.allowances if allowance.includes(path))

    def skips(self, path: str) -> bool:
        """Return True if a file is not searched."""
        return any(fnmatch(path, pattern) for pattern in self.skip)


def read_rules(path: Path = TERMS) -> Rules:
    """Read the lists of words."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    terms = (
        Term(name, term["write"], tuple(term.get("words", [name])), tuple(term.get("unless", ())))
        for name, term in data["terms"].items()
    )
    names = (Name(word, group["kind"], group["write"]) for group in data["names"] for word in group["words"])
    allowances = (
        Allowance(entry["reason"], tuple(entry["words"]), tuple(entry.get("files", ["*"])), in_prose)
        for table, in_prose in (("stored", False), ("vocabulary", True))
        for entry in data.get(table, ())
    )
    return Rules(tuple(terms), tuple(names), tuple(data.get("skip", ())), tuple(allowances))


def blank_allowed(text: str, allowances: Iterable[Allowance], *, in_prose: bool = False) -> str:
    """Return a text with its allowed words blanked out, so that line numbers do not change."""
    for allowance in allowances:
        pattern = allowance.prose_pattern if in_prose else allowance.pattern
        text = pattern.sub(lambda match: GAP * len(match[0]), text)
    return text


# Reading a file


DEFINING = (ast.Name, ast.Attribute, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.arg, ast.alias,
            ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.MatchMapping)  # fmt: skip


def _targets(node: ast.AST) -> Iterator[str]:
    """Yield the identifiers that a node defines; uses of a name do not count."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
            yield name
        case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name


SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def read_tree(tree: ast.Module) -> tuple[list[Fragment], list[Fragment]]:
    """Return the identifiers that a module defines, and its strings (docstrings, and the literal parts of f-strings).

    An identifier counts once in each function, class or module body, at its first line.
    """
    first: dict[tuple[int, str], int] = {}
    strings: list[Fragment] = []
    waiting: list[tuple[ast.AST, int]] = [(tree, 0)]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                strings.append(Fragment(node.lineno, node.value))
            continue
        if isinstance(node, DEFINING):
            for name in _targets(node):
                line = node.lineno
                first[scope, name] = min(first.get((scope, name), line), line)
        inner = id(node) if isinstance(node, SCOPES) else scope
        waiting.extend((child, inner) for child in _children(node))
    return sorted(Fragment(line, name) for (_, name), line in first.items()), sorted(strings)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the children of a node, as `ast.iter_child_nodes`, but without leaves that have no name or string."""
    for value in node.__dict__.values():
        if isinstance(value, list):
            yield from (child for child in value if isinstance(child, ast.AST))
        elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
            yield value


def comments(source: str) -> list[Fragment]:
    """Return the comments of a module; comments on consecutive lines are joined to one text."""
    if "#" not in source:
        return []
    blocks: list[Fragment] = []
    last = -1
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        text, line = token.string.lstrip("#"), token.start[0]
        if line == last + 1:
            blocks[-1] = Fragment(blocks[-1].line, f"{blocks[-1].text}\n{text}")
        else:
            blocks.append(Fragment(line, text))
        last = line
    return blocks


def _split_words(identifier: str) -> str:
    """Return an identifier with its words separated: `KeptBack` becomes `Kept_Back`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", identifier)


# Searching


def find_terms(path: str, fragments: Sequence[Fragment], rules: Rules, rule: str = "term") -> Iterator[Hit]:
    """Yield the unused words and phrases in the texts of one file."""
    joined = GAP.join(fragment.text for fragment in fragments).translate(LOWER)
    starts = [0]
    for fragment in fragments:
        starts.append(starts[-1] + len(fragment.text) + 1)
    for term in rules.terms:
        for position in term.positions(joined):
            number = bisect_right(starts, position) - 1
            line = fragments[number].line + joined.count("\n", starts[number], position)
            yield Hit(path, line, rule, term.name, term.write)


def find_names(path: str, identifiers: Iterable[Fragment], rules: Rules) -> Iterator[Hit]:
    """Yield the identifiers of one file that are on the lists of names."""
    for line, identifier in identifiers:
        if name := rules.name(identifier):
            yield Hit(path, line, "name", name.word, name.write)


def module_name(path: str) -> str:
    """Return the name of a module; for `__init__.py`, the name of its package."""
    pure = PurePosixPath(path)
    return pure.parent.name if pure.stem == "__init__" else pure.stem


def _not_allowed(names: Iterable[Fragment], allowed: Sequence[Allowance]) -> list[Fragment]:
    return [name for name in names if not any(entry.pattern.fullmatch(name.text) for entry in allowed)]


def find_in_python(path: str, source: str, rules: Rules) -> list[Hit]:
    """Return all hits in the source of a module and in its name."""
    allowed = rules.in_file(path)
    defined, strings = read_tree(ast.parse(source, filename=path))
    names = [Fragment(1, module_name(path)), *defined]
    identifiers = _not_allowed(names, allowed)
    stored = [Fragment(item.line, blank_allowed(prose(item.text), allowed)) for item in strings if item.is_data]
    sentences = [item for item in strings if not item.is_data]
    texts = [Fragment(line, blank_allowed(prose(text), allowed, in_prose=True))
             for line, text in [*sentences, *comments(source)]]  # fmt: skip
    words = [Fragment(line, _split_words(name)) for line, name in identifiers if not rules.name(name)]
    return [
        *find_names(path, identifiers, rules),
        *find_terms(path, [*texts, *words], rules),
        *find_terms(path, stored, rules, "data"),
    ]


TOML_VALUE = re.compile(r"(?<==).*|^[^=\n]*$", re.MULTILINE)
TOML_NAME = re.compile(r'"[^\s"]*"')
"""A value without white space: a code, or the name of a table, column or file."""
TOML_HEADER = re.compile(r"^\s*\[[^\n=]*\]\s*$", re.MULTILINE)


def toml_keys(text: str) -> str:
    """Return the text of a TOML file with everything but its keys and headers blanked out."""

    def blank(match: re.Match[str]) -> str:
        return match[0] if TOML_HEADER.fullmatch(match[0]) else GAP * len(match[0])

    return TOML_VALUE.sub(blank, text)


def find_in_toml(path: str, text: str, rules: Rules) -> list[Hit]:
    """Return all hits in a TOML file: keys count as names of data, values and comments as prose."""
    keys = toml_keys(text)
    values = "".join(sign if key == GAP or sign == "\n" else GAP for sign, key in zip(text, keys, strict=True))
    allowed = rules.in_file(path)
    values = TOML_NAME.sub(lambda match: blank_allowed(match[0], allowed), values)
    return [
        *find_terms(path, [Fragment(1, blank_allowed(page(values), allowed, in_prose=True))], rules),
        *find_terms(path, [Fragment(1, blank_allowed(keys, allowed))], rules, "data"),
    ]


MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", re.DOTALL)
"""An expression or statement of Jinja, or a tag of HTML."""


def find_in_file(path: str, rules: Rules, root: Path = ROOT) -> list[Hit]:
    """Return all hits in one file; none for kinds of file that are not searched."""
    suffix = PurePosixPath(path).suffix
    if rules.skips(path) or (suffix != ".py" and suffix not in PAGES):
        return []
    text = (root / path).read_text(encoding="utf-8")
    if suffix == ".py":
        return find_in_python(path, text, rules)
    if suffix == ".toml":
        return find_in_toml(path, text, rules)
    allowed = rules.in_file(path)
    names = _not_allowed(map(Fragment._make, template_names(text) if suffix in TEMPLATES else ()), allowed)
    text = MARKUP.sub(lambda match: blank_allowed(match[0], allowed), text)
    texts = [Fragment(1, blank_allowed(page(text), allowed, in_prose=True))]
    return [*find_names(path, names, rules), *find_terms(path, texts, rules)]


def find_base_names(paths: Iterable[str]) -> list[Hit]:
    """Return the modules under `src` whose base name occurs in more than three packages."""
    modules = defaultdict(list)
    for path in map(PurePosixPath, paths):
        if path.suffix == ".py" and path.parts[0] == "src" and path.stem not in UNNAMED:
            modules[path.stem].append(path.as_posix())
    common = {name: holders for name, holders in sorted(modules.items()) if len(holders) > MAX_PACKAGES}
    return [Hit(path, 1, "module", f"{name}.py", f"a name of its own ({len(holders)} packages have a {name}.py)")
            for name, holders in common.items() for path in sorted(holders)]  # fmt: skip


def project_files(root: Path = ROOT) -> list[str]:
    """Return every file that is in the repository, or would be added to it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode()
    return sorted({path for path in listing.split("\0") if path and (root / path).is_file()})


def find_all(rules: Rules, paths: Sequence[str], root: Path = ROOT) -> list[Hit]:
    """Return all hits in these files."""
    return [*(hit for path in paths for hit in find_in_file(path, rules, root)), *find_base_names(paths)]


# The baseline


def count(hits: Iterable[Hit]) -> Baseline:
    """Return the number of hits by file and word."""
    counts: Baseline = {}
    for (path, word), number in sorted(Counter((hit.path, hit.word) for hit in hits).items()):
        counts.setdefault(path, {})[word] = number
    return counts


def totals(counts: Mapping[str, Mapping[str, int]]) -> Counter[str]:
    """Return the number of hits by word, over all files."""
    total: Counter[str] = Counter()
    for words in counts.values():
        total.update(words)
    return total


def read_baseline(path: Path = BASELINE) -> Baseline | None:
    """Return the counts of the baseline; None if there is no baseline."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def compare(hits: Sequence[Hit], baseline: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return one line for each difference from the baseline: hits above it, and entries that are too high."""
    counts = count(hits)
    lines = []
    places = defaultdict(list)
    for hit in hits:
        places[hit.path, hit.word].append(str(hit))
    for path, word in _entries(counts, baseline):
        now, allowed = counts.get(path, {}).get(word, 0), baseline.get(path, {}).get(word, 0)
        if now > allowed:
            lines += places[path, word]
            lines.append(f"{path}: {word}: {now} found, {allowed} allowed by the baseline")
        elif now < allowed:
            lines.append(f"{path}: {word}: {now} found, {allowed} in the baseline: run `{WRITE}`")
    return lines


WRITE = "python scripts/language.py --write-baseline"


def _entries(*counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str]]:
    return sorted({(path, word) for part in counts for path, words in part.items() for word in words})


def growth(counts: Baseline, baseline: Baseline, allowed: Iterable[str] = ()) -> list[str]:
    """Return one line for each word that occurs more often than the baseline allows."""
    now, before = totals(counts), totals(baseline)
    return [f"{word}: {now[word]} found, {before[word]} in the baseline"
            for word in sorted(now) if now[word] > before[word] and word not in set(allowed)]  # fmt: skip


def write_baseline(hits: Sequence[Hit], path: Path = BASELINE, allowed: Iterable[str] = ()) -> list[str]:
    """Write the baseline again; if a word grew, write nothing and return these words."""
    counts, baseline = count(hits), read_baseline(path)
    grown = growth(counts, baseline, allowed) if baseline is not None else []
    if not grown:
        path.write_text(json.dumps(counts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return grown


# Commit messages


def check_subject(message: str, rules: Rules) -> list[str]:
    """Return one line for each error in the first line of a commit message."""
    lines = [line.rstrip() for line in message.splitlines() if line.strip() and not line.startswith("#")]
    subject = lines[0] if lines else ""
    if subject.startswith(WRITTEN_BY_GIT):
        return []
    problems = [f"{hit.word} -> {hit.write}" for hit in find_terms("", [Fragment(1, prose(subject))], rules)]
    if len(subject) > MAX_SUBJECT:
        problems.append(f"The subject has {len(subject)} characters: write at most {MAX_SUBJECT}.")
    return problems


# The command


def package(path: str) -> str:
    """Return the part of the project to which a file belongs: a package of `assay`, or a top-level folder."""
    parts = PurePosixPath(path).parts
    if parts[:2] == ("src", "assay"):
        return "/".join(parts[:3]) if len(parts) > 3 else "src/assay"
    return parts[0]


def summary(hits: Sequence[Hit]) -> list[str]:
    """Return a table of hits by rule and package, and the most frequent words."""
    rules = ("term", "name", "module", "data")
    cells = Counter((package(hit.path), hit.rule) for hit in hits)
    rows = [(name, *(cells[name, rule] for rule in rules)) for name in sorted({package(hit.path) for hit in hits})]
    rows.append(("all", *(sum(row[1 + number] for row in rows) for number in range(len(rules)))))  # type: ignore[misc]
    head = f"{'':24}" + "".join(f"{rule:>7}" for rule in rules)
    lines = [head, *("{:24}{:7}{:7}{:7}{:7}".format(*row) for row in rows)]
    words = Counter(hit.word for hit in hits).most_common(40)
    return [*lines, "", "; ".join(f"{word} {number}" for word, number in words)]


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="files to check; all files of the project if there are none")
    actions = parser.add_mutually_exclusive_group()
    actions.add_argument("--all", action="store_true", help="print every hit")
    actions.add_argument("--summary", action="store_true", help="count the hits by rule and package")
    actions.add_argument("--write-baseline", action="store_true", help="write the baseline anew")
    actions.add_argument("--commit-message", type=Path, metavar="FILE", help="check the subject in this file")
    parser.add_argument("--allow-growth", action="append", default=[], metavar="WORD",
                        help="with --write-baseline: this word was added to the lists, its total may grow")  # fmt: skip
    return parser.parse_args(argv)


def _relative(names: Iterable[str]) -> list[str]:
    """The paths of files from the root of the project; files outside it are left to others."""
    paths = (Path(name).resolve() for name in names)
    return [path.relative_to(ROOT).as_posix() for path in paths if path.is_relative_to(ROOT)]


def _hits(rules: Rules, files: Sequence[str]) -> list[Hit]:
    """All hits, or those in some files; a base name is compared with all modules in either case."""
    if not files:
        return find_all(rules, project_files())
    inside = [hit for path in files for hit in find_in_file(path, rules)]
    return [*inside, *(hit for hit in find_base_names(project_files()) if hit.path in files)]


def _compare(hits: Sequence[Hit], files: Sequence[str]) -> list[str]:
    baseline = read_baseline() or {}
    return compare(hits, {path: words for path, words in baseline.items() if not files or path in files})


def _write(hits: Sequence[Hit], allowed: Iterable[str]) -> list[str]:
    grown = write_baseline(hits, allowed=allowed)
    advice = "Nothing was written. Replace the words that grew: without an option the command prints where they are."
    return [*grown, advice] if grown else []


def _run(options: argparse.Namespace) -> tuple[list[str], bool]:
    """The lines to print, and whether the command succeeds."""
    rules = read_rules()
    if options.commit_message:
        problems = check_subject(options.commit_message.read_text(encoding="utf-8"), rules)
        return problems, not problems
    files = _relative(options.files)
    hits = _hits(rules, [] if options.write_baseline else files)
    if options.all:
        return [str(hit) for hit in sorted(hits)], True
    if options.summary:
        return summary(hits), True
    problems = _write(hits, options.allow_growth) if options.write_baseline else _compare(hits, files)
    return problems, not problems


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return 1 if there is something to correct."""
    lines, success = _run(_arguments(argv))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0 if success else 1


if __name__ == "__main__":
    sys.exit(main())
