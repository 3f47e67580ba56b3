"""Shell completion and the manual page, made from the program's own help.

bash and zsh are asked as a user asks them, with the tab key's functions. LONGWATCH_PROGRAM names the program;
build/release/longwatch unless it does.
"""

import json
import os
import pty
import re
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(os.environ.get("LONGWATCH_PROGRAM", ROOT / "build/release/longwatch")).resolve()
STUDY = ROOT / "studies/trilateral-warning.toml"

pytestmark = pytest.mark.skipif(not PROGRAM.exists(), reason=f"{PROGRAM} is not built")


def generated(what: str) -> str:
    done = subprocess.run([PROGRAM, "generate", what], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


def helps() -> dict[str, str]:
    """Of each verb what --help says; of "" the program's own."""
    own = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True).stdout
    verbs = re.findall(r"^  ([a-z]+)  ", own[own.index("Subcommands:"):], re.M)
    assert len(verbs) >= 11
    return {"": own} | {verb: subprocess.run([PROGRAM, verb, "--help"], capture_output=True, text=True,
                                             check=True).stdout for verb in verbs}


def options(text: str) -> list[str]:
    """Option names of a help text, long ones and short ones."""
    listed = re.findall(r"^  (-[-\w,]+)", text, re.M)
    return [name for names in listed for name in names.split(",")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the user is: studies, results, folders, names with blanks, and the program on the path."""
    for name in ("a.toml", "b.toml", "my study.toml", "r.h5", "notes.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "a.toml").write_text(STUDY.read_text())
    (tmp_path / "sub").mkdir()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/longwatch").symlink_to(PROGRAM)
    (tmp_path / "complete.bash").write_text(generated("complete-bash"))
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions/_longwatch").write_text(generated("complete-zsh"))
    return tmp_path


# --- bash ---------------------------------------------------------------------------------------------------------------


ASK = r"""
source complete.bash
line=$1
COMP_WORDS=("${@:2}")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE=$line COMP_POINT=${#line}
function=$(complete -p longwatch | sed 's/.*-F \([^ ]*\).*/\1/')
$function longwatch "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""


def bash_offers(folder: Path, *words: str) -> list[str]:
    """What bash offers for the last of the words after the program's name."""
    typed = ["longwatch", *words]
    done = subprocess.run(["bash", "--norc", "-c", ASK, "_", " ".join(typed), *typed], capture_output=True, text=True,
                          cwd=folder, env={**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"})
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return sorted(word for word in done.stdout.splitlines() if word)


def test_bash_offers_every_verb_and_every_option(folder: Path) -> None:
    told = helps()
    assert bash_offers(folder, "") == sorted([*(verb for verb in told if verb), "--help", "--version"])
    for verb, text in told.items():
        if verb:
            assert bash_offers(folder, verb, "-") == sorted(options(text)), verb


@pytest.mark.parametrize("words, offered", [
    (["ch"], ["check"]),
    (["run", ""], ["a.toml", "b.toml", "bin", "functions", "my study.toml", "sub"]),
    (["run", "my"], ["my study.toml"]),
    (["run", "a.toml", "-o", "r"], ["r.h5"]),
    (["show", "r"], ["r.h5"]),
    (["run", "a.toml", "--device", ""], ["auto", "cpu", "cuda"]),
    (["run", "a.toml", "--device", "=", "c"], ["cpu", "cuda"]),
    (["run", "a.toml", "--fl"], ["--flights"]),
    (["run", "a.toml", "--flights", ""], []),
    (["value", "a.toml", "--arm", ""], ["bilateral", "direct", "national-only", "via-us-hub"]),
    (["value", "--arm", "b", "a.toml"], ["a.toml"]),
    (["replay", "a.toml", "-o", "s"], ["sub"]),
    (["merge", ""], ["bin", "functions", "r.h5", "sub"]),
    (["merge", "r.h5", "other.h5", "r"], ["r.h5"]),
    (["merge", "r.h5", "-o", "r"], ["r.h5"]),
    (["run", "a.toml", "--re"], ["--restart", "--resume"]),
    (["reconstruct", "--vehicle", "icbm"], ["icbm-light-liquid", "icbm-liquid", "icbm-solid"]),
    (["catalog", "uewr"], ["uewr", "uewr-beale", "uewr-fylingdales"]),
    (["catalog", "--kind", "s"], ["sensors", "sites"]),
    (["generate", "complete"], ["complete-bash", "complete-zsh"]),
    (["info", ""], ["--help", "--json", "-h"]),
    (["nonsense", ""], []),
])
def test_bash_offers_what_fits(folder: Path, words: list[str], offered: list[str]) -> None:
    if words[0] == "catalog" and words[1] == "uewr":
        offered = sorted({*offered, "uewr-fylingdales"})  # a model and a site of the same name
        assert sorted(set(bash_offers(folder, *words))) == offered
    else:
        assert bash_offers(folder, *words) == offered


def test_bash_arms_are_those_that_the_program_reads(folder: Path) -> None:
    for study in sorted((ROOT / "studies").glob("*.toml")):
        resolved = subprocess.run([PROGRAM, "check", study], capture_output=True, text=True, check=True).stdout
        arms = re.findall(r'\[\[arm\]\]\nname = "(.*)"', resolved)
        assert bash_offers(folder, "value", str(study), "--arm", "") == sorted(arms)


def test_nothing_that_a_file_says_is_expanded(folder: Path) -> None:
    commands = ["$(touch ran)", "`touch ran`", "x;touch ran", "${HOME}", "~", "a b", "*"]
    (folder / "hostile.toml").write_text("".join(f"[[arm]]\nname = '{name}'\n" for name in [*commands, "plain-1.0"]))
    assert bash_offers(folder, "value", "hostile.toml", "--arm", "") == ["plain-1.0"]
    threats = folder / "models/catalog/threats"
    threats.mkdir(parents=True)
    for name in commands[:2]:
        (threats / f"{name}.toml").write_text("")
    (folder / "models/catalog/sites.toml").write_text("[[site]]\nname = '$(touch ran)'\nmodel = 'uewr'\n")
    assert bash_offers(folder, "catalog", "$") == []
    assert not (folder / "ran").exists()


def test_an_arm_of_a_pipe_is_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.toml")
    assert bash_offers(folder, "value", "pipe.toml", "--arm", "x") == []


def test_the_bash_script_is_sound() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not here (scripts/setup --tests installs it)")
    done = subprocess.run(["shellcheck", "-s", "bash", "-"], input=generated("complete-bash"), text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stdout


# --- zsh ----------------------------------------------------------------------------------------------------------------


class Zsh:
    """An interactive zsh at a terminal."""

    def __init__(self, folder: Path) -> None:
        master, slave = pty.openpty()
        environment = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "TERM": "dumb", "HOME": str(folder)}
        self.process = subprocess.Popen(["zsh", "-f", "-i"], stdin=slave, stdout=slave, stderr=slave, cwd=folder,
                                        env=environment, start_new_session=True)
        os.close(slave)
        self.master = master
        # Every list of matches is printed whole, between marks, and the line is not changed.
        self.type("PS1= PROMPT_EOL_MARK= LISTMAX=0; unsetopt zle_bracketed_paste prompt_cr; stty -echo; "
                  "fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -D; "
                  "compadd() { builtin compadd -O _found \"$@\" 2>/dev/null; print -l -- ${_found[@]} >>found; "
                  "builtin compadd \"$@\"; }; "
                  "answer() { rm -f found; zle complete-word; zle kill-buffer; print done >>found; }; "
                  "zle -N answer; bindkey '^T' answer; print ready >found\n")
        self.found = folder / "found"
        self.wait("ready")

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def wait(self, word: str) -> list[str]:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if select.select([self.master], [], [], 0.02)[0]:
                os.read(self.master, 65536)
            if self.found.exists() and (lines := self.found.read_text().splitlines()) and lines[-1] == word:
                return lines[:-1]
        raise TimeoutError(f"zsh does not say '{word}'")

    def offers(self, line: str) -> set[str]:
        """The matches for what is typed."""
        self.found.unlink(missing_ok=True)
        self.type(line + "\x14")
        return {match for match in self.wait("done") if match}

    def end(self) -> None:
        os.close(self.master)
        self.process.kill()
        self.process.wait()


@pytest.fixture
def zsh(folder: Path):
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not here (scripts/setup --tests installs it)")
    shell = Zsh(folder)
    yield shell
    shell.end()


def test_zsh_offers_every_verb_and_option_and_what_fits(zsh: Zsh) -> None:
    told = helps()
    assert zsh.offers("longwatch ") >= {verb for verb in told if verb}
    for verb, text in told.items():
        if verb:
            assert zsh.offers(f"longwatch {verb} --") >= {name for name in options(text) if name[:2] == "--"}, verb
    assert {"a.toml", "b.toml", "my study.toml"} <= zsh.offers("longwatch run ")
    assert not {"r.h5", "notes.txt"} & zsh.offers("longwatch run ")
    assert "r.h5" in zsh.offers("longwatch show ") and "a.toml" not in zsh.offers("longwatch show ")
    assert zsh.offers("longwatch run a.toml --device ") == {"auto", "cpu", "cuda"}
    assert zsh.offers("longwatch run a.toml --device=c") == {"cpu", "cuda"}
    assert zsh.offers("longwatch value a.toml --arm ") == {"bilateral", "direct", "national-only", "via-us-hub"}
    assert zsh.offers("longwatch reconstruct --vehicle icbm") == {"icbm-light-liquid", "icbm-liquid", "icbm-solid"}
    assert "an-tpy-2" in zsh.offers("longwatch catalog an")
    assert zsh.offers("longwatch generate ") == {"complete-bash", "complete-zsh", "man", "schema"}


# --- manual page --------------------------------------------------------------------------------------------------------


def rendered(page: str) -> str:
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=200n"], input=page, text=True,
                          capture_output=True, check=True)
    assert done.stderr == ""
    # Hyphens, minus signs and dashes alike.
    return done.stdout.replace("\u2212", "-").replace("\u2010", "-")


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not here (scripts/setup --tests installs it)")
def test_the_manual_page_has_all_that_the_help_says() -> None:
    words = " ".join(rendered(generated("man")).split())
    for verb, text in helps().items():
        for name in options(text):
            assert name in words, (verb, name)
        if verb:
            assert f"longwatch {verb}" in words
        # Each example, and each paragraph of remarks, to the last word.
        footer = text[text.rindex("\n  -"):]
        for paragraph in footer.split("\n\n")[1:]:
            if "Subcommands:" not in paragraph and "Examples:" not in paragraph and "Exit status" not in paragraph:
                assert " ".join(paragraph.split()) in words, verb
        for example in re.findall(r"^  longwatch .*", text, re.M):
            assert " ".join(example.split()) in words
    for section in ("NAME", "SYNOPSIS", "VERBS", "EXIT STATUS", "ENVIRONMENT", "FILES", "EXAMPLES"):
        assert section in words


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="mandoc is not here (scripts/setup --tests installs it)")
def test_the_manual_page_has_no_fault_that_mandoc_finds() -> None:
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], input=generated("man"), text=True,
                          capture_output=True)
    if "missing date" in done.stdout + done.stderr:
        pytest.skip("the program was built without git, which gives the page its date")
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_generate_makes_nothing_else() -> None:
    done = subprocess.run([PROGRAM, "generate", "complete-bsh"], capture_output=True, text=True)
    assert done.returncode == 2 and "did you mean 'complete-bash'?" in done.stderr and done.stdout == ""


def test_the_schema_is_the_file_of_the_tree() -> None:
    assert generated("schema") == (ROOT / "docs/study.schema.json").read_text()
    json.loads(generated("schema"))
