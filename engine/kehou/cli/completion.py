"""Scripts that complete kehou's commands, options and values in bash, zsh and fish.

They are written from the parsers, so that what is completed is what is accepted. A script holds
words alone and never runs kehou while one types; it is made anew after an upgrade.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kehou.cli.parser import help_of, parsers, text_of
from kehou.render import FORMATS

SHELLS: Final = ("bash", "zsh", "fish")
#: What stands for a file in a metavar.
_FILES: Final = (
    *("FILE", "REPORT", "PATH", "OLD", "NEW", "FOLDER", "PACK", "IN", "OUT"),
    *("SHEET", "NOTICE", "REPLY", "RANKING"),
)


@dataclass(frozen=True, slots=True)
class Value:
    """What may stand after an option or in a place: words, file names, or both.

    A word that ends with ``=`` is followed by a file name at once.
    """

    words: tuple[str, ...] = ()
    files: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """An option by all its names; ``value`` is None for a flag."""

    names: tuple[str, ...]
    help: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Command:
    """A command with its options, and what may stand in its places."""

    name: str
    help: str
    options: tuple[Option, ...]
    places: Value


def commands(known: Mapping[str, Sequence[str]]) -> list[Command]:
    """Every command of the table, the bare program first under an empty name.

    ``known`` are words for metavars that parsers do not list: rule ids, packs, schemas, tables.
    """
    parser, each = parsers()
    top = Command("", "", tuple(_options(parser, known)), Value(tuple(each)))
    return [top, *(_command(name, one, known) for name, one in each.items())]


def _command(
    name: str, parser: argparse.ArgumentParser, known: Mapping[str, Sequence[str]]
) -> Command:
    places = [_value(a, known) for a in parser._actions if not a.option_strings]
    several = tuple(dict.fromkeys(word for place in places for word in place.words))
    return Command(
        name,
        text_of(f"command.{name}"),
        tuple(_options(parser, known)),
        Value(several, any(place.files for place in places)),
    )


def _options(
    parser: argparse.ArgumentParser, known: Mapping[str, Sequence[str]]
) -> Iterator[Option]:
    for action in parser._actions:
        if action.option_strings:
            value = None if action.nargs == 0 else _value(action, known)
            yield Option(tuple(action.option_strings), help_of(action), value)


def _value(action: argparse.Action, known: Mapping[str, Sequence[str]]) -> Value:
    """What an action takes, by its choices, its type's, or its metavar."""
    metavar = str(action.metavar or "")
    allowed = action.choices or getattr(action.type, "allowed", ())
    if allowed:
        return Value(tuple(map(str, allowed)))
    formats: Sequence[str] = getattr(action.type, "formats", ())
    if formats:
        shown = [name for name in formats if not (name in FORMATS and FORMATS[name].binary)]
        return Value((*shown, *(f"{name}=" for name in formats)))
    if metavar == "NAME=FILE":
        return Value(tuple(f"{name}=" for name in known[metavar]))
    return Value(tuple(known.get(metavar, ())), metavar in _FILES)


def script(shell: str, found: Sequence[Command]) -> str:
    """The completion script of one shell."""
    return _WRITERS[shell](found)


# --- bash --------------------------------------------------------------------------------------

_BASH_HEAD = """\
# bash completion for kehou: put  eval "$(kehou completion bash)"  into ~/.bashrc
_kehou() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= word
    local words= files=
    COMPREPLY=()
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case $word in
"""
_BASH_TAIL = """\
    esac
    if [[ $cur == = || $prev == = ]]; then
        words= files=1
        [[ $cur == = ]] && cur=
    elif [[ $cur == -* ]]; then
        files=
    fi
    [[ -n $words ]] && mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
    if [[ -n $files ]]; then
        local -a found
        mapfile -t found < <(compgen -f -- "$cur")
        COMPREPLY+=("${found[@]}")
        compopt -o filenames 2>/dev/null
    fi
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _kehou kehou
"""


def _bash(found: Sequence[Command]) -> str:
    names = "|".join(one.name for one in found if one.name)
    lines = [_BASH_HEAD + f"            {names}) command=$word; break ;;"]
    lines += ["        esac", "    done", '    case "$command:$prev" in']
    for one in found:
        for option in one.options:
            if option.value is None:
                continue
            patterns = "|".join(f"{one.name}:{name}" for name in option.names)
            lines.append(f"        {patterns}) {_bash_value(option.value)} ;;")
    for one in found:
        flags = [name for option in one.options for name in option.names]
        value = Value((*one.places.words, *flags), one.places.files)
        lines.append(f"        {one.name}:*) {_bash_value(value)} ;;")
    return "\n".join(lines) + "\n" + _BASH_TAIL


def _bash_value(value: Value) -> str:
    return f"words={_quoted(' '.join(value.words))} files={'1' if value.files else ''}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


# --- zsh ---------------------------------------------------------------------------------------

_ZSH_HEAD = """\
#compdef kehou
# zsh completion for kehou: put  eval "$(kehou completion zsh)"  into ~/.zshrc after compinit
_kehou() {
    local cur=${words[CURRENT]} prev=${words[CURRENT-1]} command= word files=
    local -a choices described ending
    for word in ${words[2,CURRENT-1]}; do
        case $word in
"""
_ZSH_TAIL = """\
    esac
    if [[ $cur == *=* ]]; then
        compset -P '*='
        _files
        return
    fi
    ending=(${(M)choices:#*=})
    choices=(${choices:#*=})
    (( $#described )) && _describe kehou described
    (( $#choices )) && compadd -a choices
    (( $#ending )) && compadd -S '' -a ending
    [[ -n $files && $cur != -* ]] && _files
    return 0
}
(( $+functions[compdef] )) && compdef _kehou kehou
"""


def _zsh(found: Sequence[Command]) -> str:
    names = "|".join(one.name for one in found if one.name)
    lines = [_ZSH_HEAD + f"            {names}) command=$word; break ;;"]
    lines += ["        esac", "    done", '    case "$command:$prev" in']
    for one in found:
        for option in one.options:
            if option.value is None:
                continue
            patterns = "|".join(f"{one.name}:{name}" for name in option.names)
            words = " ".join(map(_quoted, option.value.words))
            lines.append(
                f"        ({patterns}) choices=({words}) files={int(option.value.files) or ''} ;;"
            )
    helps = {one.name: one.help for one in found}
    for one in found:
        told = [(name, option.help) for option in one.options for name in option.names]
        if not one.name:
            told = [*((name, helps[name]) for name in one.places.words), *told]
        described = " ".join(_quoted(f"{name}:{_bare(words)}") for name, words in told)
        words = " ".join(map(_quoted, one.places.words)) if one.name else ""
        lines.append(
            f"        ({one.name}:*) choices=({words}) described=({described}) "
            f"files={int(one.places.files) or ''} ;;"
        )
    return "\n".join(lines) + "\n" + _ZSH_TAIL


def _bare(words: str) -> str:
    return words.replace("\\", "").replace(":", "\\:")


# --- fish --------------------------------------------------------------------------------------


def _fish(found: Sequence[Command]) -> str:
    names = " ".join(one.name for one in found if one.name)
    lines = [
        "# fish: kehou completion fish > ~/.config/fish/completions/kehou.fish",
        "complete -c kehou -e",
        "complete -c kehou -f",
        f"set -g __kehou_commands {names}",
    ]
    for one in found:
        when = (
            f"__fish_seen_subcommand_from {one.name}"
            if one.name
            else "not __fish_seen_subcommand_from $__kehou_commands"
        )
        lines += _fish_command(one, {c.name: c.help for c in found}, f"-n {_fish_text(when)}")
    return "\n".join(lines) + "\n"


def _fish_command(one: Command, helps: Mapping[str, str], when: str) -> Iterator[str]:
    if one.name:
        if one.places.words:
            words = _fish_text(" ".join(one.places.words))
            yield f"complete -c kehou {when} -a {words}"
        if one.places.files:
            yield f"complete -c kehou {when} -F"
    else:
        for name in one.places.words:
            yield f"complete -c kehou {when} -a {name} -d {_fish_text(helps[name])}"
    for option in one.options:
        flags = " ".join(
            f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names
        )
        taken = ""
        if option.value is not None:
            taken = " -r" + (" -F" if option.value.files else " -f")
            if option.value.words:
                taken += f" -a {_fish_text(' '.join(option.value.words))}"
        yield f"complete -c kehou {when} {flags}{taken} -d {_fish_text(option.help)}"


def _fish_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_WRITERS: Final[dict[str, Callable[[Sequence[Command]], str]]] = {
    "bash": _bash,
    "zsh": _zsh,
    "fish": _fish,
}
