"""Instructions that a program executed, by their places in it: read from callgrind or from its own count, and told as parts of
the source and as kinds of machine instructions."""

import collections
import functools
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Kinds of x86-64 instructions by their mnemonics, the first that fits; p: packed. What moves is told apart by where to.
# Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
KINDS = (
    ("multiply-adds", r"vfn?m(add|sub)\d+p"),
    ("sums, products", r"v(add|sub|mul|addsub)p"),
    ("divisions, roots, estimates", r"v(div|sqrt|rcp14|rsqrt14)p"),
    ("comparisons, choices", r"v(cmp\w*|blendv?|blendm|min|max|and|andn|or|xor|test|movmsk)p[sd]|k\w+"
                             r"|vp(blend|test|movq2m|movm2q|ternlog)"),
    ("rounding, conversions", r"v(round|rndscale|scalef|getexp|getmant|fixupimm)p|vcvt\w*p[sd]"),
    ("gathers, scatters", r"vp?(gather|scatter)"),
    ("shuffles", r"v(perm|unpck|shuf|insert|extract|movddup|movhl|movlh|align|p(unpck|shuf|insr|extr|slldq|srldq|erm|align))"),
    ("moves", r"v?mov(n?[au]p|dq|nt|s[sd]$|[lh]p|d$|q$)|v(broadcast|lddqu)"),
    ("scalar numbers", r"v?\w+s[sd]$|v?cvt\w*s[sdi]2?\w*$|vu?comis"),
    ("vector integers", r"vp"),
    ("jumps, calls", r"j\w+|call|ret|leave"),
    ("integers, addresses", r""),
)
ARITHMETIC = tuple(name for name, _ in KINDS[:3])
MOVES = ("loads", "stores", "loads and stores on the stack", "moves between registers")
KIND_NAMES = tuple(name for name, _ in KINDS if name != "moves") + MOVES

# What is part of no model: the number types and what reads memory for them. Their instructions belong to who calls them.
NO_PART = ("kernels/lanes/", "models/math/real.hpp", "models/math/vec3.hpp", "kernels/columns/columns.hpp")


@dataclass
class Count:
    """Instructions of one stage of one threat."""

    flights: int
    own: collections.Counter = field(default_factory=collections.Counter)  # by address within the program's file
    others: collections.Counter = field(default_factory=collections.Counter)  # by library

    @property
    def all(self) -> int:
        return self.own.total() + self.others.total()


Counts = dict[tuple[str, str], Count]  # by threat and stage


def read_steps(lines: Iterable[str]) -> Counts:
    """What `profile step` prints."""
    counts: Counts = {}
    now = Count(0)
    for line in lines:
        first, *rest = line.split()
        if first == "stage":
            threat, stage, flights = rest
            now = counts.setdefault((threat, stage), Count(int(flights)))
        elif first.startswith("0x"):
            now.own[int(first, 16)] += int(rest[0])
        elif len(rest) == 1:
            now.others[first] += int(rest[0])
    return counts


def read_callgrind(lines: Iterable[str], program: str) -> Counts:
    """A dump with --dump-instr=yes and nothing compressed; its label names threat, stage and flights. What a call costs
    inside is told once more where it is called, and passed over."""
    counts: Counts = {}
    now, library, is_of_call = Count(0), "", False
    for line in lines:
        if told := re.match(r"desc: Trigger: Client Request: (\S+) (\S+) (\d+)", line):
            now = counts.setdefault((told[1], told[2]), Count(int(told[3])))
        elif line.startswith("ob="):
            library = Path(line[3:].strip()).name
        elif line.startswith("calls="):
            is_of_call = True
        elif line.startswith("0x"):
            address, _, *cost = line.split()
            if cost and not is_of_call:
                if library == Path(program).name:
                    now.own[int(address, 16)] += int(cost[0])
                else:
                    now.others[library] += int(cost[0])
            is_of_call = False
    return counts


def kind_of(instruction: str) -> str:
    """Of a line of disassembly in AT&T's notation: destination last."""
    name, _, operands = instruction.strip().partition(" ")
    kind = next(kind for kind, beginning in KINDS if re.match(beginning, name))
    is_whole = kind == "integers, addresses" or name in ("movq", "movd")
    if kind != "moves" and not (is_whole and re.match(r"mov|push|pop", name)):
        return kind
    if name.startswith(("push", "pop")) or re.search(r"\((%rsp|%rbp)", operands):
        return "loads and stores on the stack"
    if "(" not in operands:
        return "integers, addresses" if is_whole else "moves between registers"
    return "stores" if re.search(r"\)(\s*\{%k\d\})?\s*(#.*)?$", operands) else "loads"


def read_kinds(disassembly: Iterable[str]) -> dict[int, str]:
    """Kind of the instruction at each address, from what objdump -d says."""
    kinds = {}
    for line in disassembly:
        if told := re.match(r"\s*([0-9a-f]+):\t(?:(?:lock|rep\w*|notrack|bnd|data16|cs) )*(.+)", line):
            kinds[int(told[1], 16)] = kind_of(told[2])
    return kinds


def kinds_of_program(program: Path) -> dict[int, str]:
    done = subprocess.run(["objdump", "-d", "--no-show-raw-insn", program], capture_output=True, text=True, check=True)
    return read_kinds(done.stdout.splitlines())


@functools.cache
def function_at(path: str, line: int) -> str:
    """The function that a line of the tree is in, by the way we write them: for lambdas that were compiled apart."""
    above = (ROOT / path).read_text(encoding="utf-8").splitlines()[:line]
    heads = (re.search(r"LW_(?:FUNC|APART|DEVICE_APART)\b.*?(operator\(\)|\w+)\(", text) for text in reversed(above))
    return next((head[1] for head in heads if head), "lambda")


def part_of(frames: list[tuple[str, str, int]]) -> str:
    """The innermost function of a model, a stage or a draw among (function, file, line), the innermost first; where there is
    none, the outermost of ours."""
    found = []
    for function, file, line in frames:
        _, inside, path = file.partition(f"{ROOT}/")
        is_lambda = function.startswith("operator()")
        if not path.startswith(("models/", "kernels/")) or (function.startswith("operator") and not is_lambda):
            continue
        name = function_at(path, line) if is_lambda else re.sub(r"<.*", "", function)
        found.append(f"`{name}` ({Path(path).parent.name}/{Path(path).name})")
        if not path.startswith(NO_PART):
            return found[-1]
    return found[-1] if found else "(others)"


def parts_of_program(program: Path, addresses: Iterable[int]) -> dict[int, str]:
    """Part of the source that each instruction is of, through all that was inlined."""
    asked = sorted(set(addresses))
    text = "".join(f"{address:#x}\n" for address in asked)
    done = subprocess.run(["llvm-symbolizer", f"--obj={program}", "--inlines", "--functions=short"], input=text,
                          capture_output=True, text=True, check=True)
    answers = done.stdout.strip("\n").split("\n\n")
    assert len(answers) == len(asked)
    parts = {}
    for address, answer in zip(asked, answers, strict=True):
        lines = answer.splitlines()
        places = [line.rsplit(":", 2) for line in lines[1::2]]
        parts[address] = part_of([(function, file, int(line))
                                  for function, (file, line, _) in zip(lines[::2], places, strict=True)])
    return parts


def by(count: Count, names: dict[int, str]) -> collections.Counter:
    """Instructions by what the places are named; libraries' by library."""
    out: collections.Counter = collections.Counter()
    for address, n in count.own.items():
        out[names.get(address, "(others)")] += n
    for library, n in count.others.items():
        out[f"`{library}`"] += n
    return out
