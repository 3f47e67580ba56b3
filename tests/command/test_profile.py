"""scripts/profile: instructions counted, told by kind and by part of the source, and put into the page."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/pages"))
sys.path.insert(0, str(ROOT / "scripts/benchmarks"))
import instructions  # noqa: E402
import pages  # noqa: E402

# A stretch of known work, told to both counters.
COUNTED = r"""
#include <valgrind/callgrind.h>
#include <ucontext.h>
#include <cstdio>
#include "tests/bench/step_counter.hpp"
[[gnu::noinline]] double work(double x, int n)
{
    for (int i = 0; i < n; ++i) { asm volatile("mulsd %0, %0" : "+x"(x)); }
    return x;
}
int main()
{
    double x = work(1, 10);
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_ZERO_STATS;
    x += work(x, 1000);
    CALLGRIND_DUMP_STATS_AT("threat stage 8");
    longwatch::StepCounter::start();
    x += work(x, 1000);
    auto const visited = longwatch::StepCounter::stop();
    for (auto const& place : visited) { std::printf("%lu %lu\n", place.address, place.visits); }
    return x < 0;
}
"""


@pytest.mark.skipif(shutil.which("valgrind") is None, reason="valgrind was not found")
def test_the_processors_own_count_is_callgrinds(tmp_path: Path) -> None:
    source, program = tmp_path / "counted.cpp", tmp_path / "counted"
    source.write_text(COUNTED, encoding="utf-8")
    subprocess.run(["g++", "-std=c++20", "-O2", "-g", f"-I{ROOT}", source, "-o", program], check=True, timeout=120)
    told = subprocess.run([program], capture_output=True, text=True, check=True, timeout=60).stdout
    own = sorted(int(visits) for _, visits in map(str.split, told.splitlines()) if int(visits) >= 100)
    subprocess.run(["valgrind", "--tool=callgrind", "--instr-atstart=no", "--dump-instr=yes", "--compress-strings=no",
                    "--compress-pos=no", f"--callgrind-out-file={tmp_path}/out", program], check=True, timeout=120,
                   capture_output=True)
    with (tmp_path / "out.1").open(encoding="utf-8") as dump:
        count = instructions.read_callgrind(dump, program.name)["threat", "stage"]
    # The loop: each of its instructions a thousand times, by both; around it the counters' own beginnings and ends differ.
    assert own == sorted(n for n in count.own.values() if n >= 100)
    assert own[0] >= 999 and len(own) >= 3
    assert count.flights == 8


def test_what_a_call_costs_is_counted_where_it_is_spent() -> None:
    dump = """desc: Trigger: Client Request: irbm fly 32
ob=/somewhere/profile
fn=longwatch::fly
0x10 5 7
calls=3 0x40 9
0x14 5 300
0x18 6 2
ob=/usr/lib/libm.so.6
fn=exp'2
0x99 0 11
"""
    count = instructions.read_callgrind(dump.splitlines(), "build/profile")["irbm", "fly"]
    assert count.own == {0x10: 7, 0x18: 2} and count.others == {"libm.so.6": 11} and count.all == 20


def test_steps_are_read_by_stage() -> None:
    counts = instructions.read_steps(["stage icbm share 8", "0x20 5", "libm.so.6 4", "stage icbm engage 8", "0x20 6"])
    assert counts["icbm", "share"].own == {0x20: 5} and counts["icbm", "share"].others == {"libm.so.6": 4}
    assert counts["icbm", "engage"].all == 6


@pytest.mark.parametrize(("line", "kind"), [
    ("vfmadd213pd %zmm1,%zmm2,%zmm3", "multiply-adds"),
    ("vfnmadd231pd 0x40(%rsp),%zmm2,%zmm3", "multiply-adds"),
    ("vmulpd %zmm1,%zmm2,%zmm3", "sums, products"),
    ("vsubpd %zmm1,%zmm2,%zmm3{%k1}", "sums, products"),
    ("vdivpd %ymm1,%ymm2,%ymm3", "divisions, roots, estimates"),
    ("vrsqrt14pd %zmm1,%zmm2", "divisions, roots, estimates"),
    ("vcmpltpd %zmm1,%zmm2,%k1", "comparisons, choices"),
    ("vblendmpd %zmm1,%zmm2,%zmm3{%k1}", "comparisons, choices"),
    ("vblendvpd %ymm1,%ymm2,%ymm3,%ymm4", "comparisons, choices"),
    ("kortestb %k1,%k1", "comparisons, choices"),
    ("vrndscalepd $0x9,%zmm1,%zmm2", "rounding, conversions"),
    ("vcvttpd2qq %zmm1,%zmm2", "rounding, conversions"),
    ("vpgatherqq (%rax,%zmm1,8),%zmm2{%k1}", "gathers, scatters"),
    ("vscatterqpd %zmm1,(%rax,%zmm2,8){%k1}", "gathers, scatters"),
    ("vunpcklpd %zmm1,%zmm2,%zmm3", "shuffles"),
    ("vpermt2pd %zmm1,%zmm2,%zmm3", "shuffles"),
    ("vpunpckhqdq %xmm1,%xmm2,%xmm3", "shuffles"),
    ("vpmuludq %zmm1,%zmm2,%zmm3", "vector integers"),
    ("vpxorq %zmm1,%zmm2,%zmm3", "vector integers"),
    ("vmovapd %zmm1,0x40(%rsp)", "loads and stores on the stack"),
    ("vmovupd (%rax,%rcx,8),%zmm1", "loads"),
    ("vmovupd %zmm1,(%rax,%rcx,8)", "stores"),
    ("vmovupd %zmm1,(%rax){%k1}", "stores"),
    ("vbroadcastsd 0x123(%rip),%zmm1        # 1234 <x>", "loads"),
    ("vmovapd %zmm1,%zmm2", "moves between registers"),
    ("vmulsd %xmm1,%xmm2,%xmm3", "scalar numbers"),
    ("vmovsd (%rax),%xmm1", "loads"),
    ("mov (%rax,%rcx,8),%rdx", "loads"),
    ("mov %rdx,0x8(%rax)", "stores"),
    ("push %rbp", "loads and stores on the stack"),
    ("mov %rax,%rdx", "integers, addresses"),
    ("lea 0x8(%rax),%rdx", "integers, addresses"),
    ("add $0x8,%rax", "integers, addresses"),
    ("jne 1234 <x>", "jumps, calls"),
    ("call 1234 <x>", "jumps, calls"),
])
def test_instructions_are_told_by_what_they_do(line: str, kind: str) -> None:
    assert instructions.kind_of(line) == kind
    assert kind in instructions.KIND_NAMES


def test_an_instruction_is_of_the_innermost_model_or_stage_it_was_inlined_into() -> None:
    root = instructions.ROOT
    frames = [("_mm512_add_pd", "/usr/include/avx512fintrin.h", 1), ("operator+<double>", f"{root}/models/math/vec3.hpp", 30),
              ("square<xsimd::batch<double> >", f"{root}/models/math/real.hpp", 9),
              ("gravity<xsimd::batch<double> >", f"{root}/models/earth/gravity.hpp", 20),
              ("fly_at<xsimd::batch<double> >", f"{root}/kernels/stages/fly_stage.hpp", 40)]
    assert instructions.part_of(frames) == "`gravity` (earth/gravity.hpp)"
    assert instructions.part_of(frames[:3]) == "`square` (math/real.hpp)"
    assert instructions.part_of(frames[:2]) == "(others)"


def test_a_lambda_compiled_apart_is_of_the_function_it_stands_in() -> None:
    path = "models/math/real.hpp"
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    (line,) = (k for k, text in enumerate(lines, start=1) if "return smaller(larger(x, low), high);" in text)
    frames = [("operator()<double>", f"{instructions.ROOT}/{path}", line)]
    assert instructions.part_of(frames) == "`clamp` (math/real.hpp)"


def test_a_section_of_the_page_is_renewed_and_the_rest_kept() -> None:
    page = "before\n<!-- counts -->\nold\nold\n<!-- end of counts -->\nafter\n"
    assert pages.with_section(page, "counts", "new") == "before\n<!-- counts -->\nnew\n<!-- end of counts -->\nafter\n"
    with pytest.raises(ValueError, match="no section 'parts'"):
        pages.with_section(page, "parts", "new")


def test_the_page_tells_every_stage_of_every_threat() -> None:
    """What is stored is of the stages that the program has, in their order, and its shares add up."""
    page = (ROOT / "docs/profile.md").read_text(encoding="utf-8")
    source = (ROOT / "kernels/backend/stage_times.hpp").read_text(encoding="utf-8")
    stages = re.findall(r'"(\w+)"', source[source.index("stage_names{"):source.index("};")])
    assert len(stages) >= 7
    counts = page[page.index("<!-- counts -->"):page.index("<!-- end of counts -->")]
    tables = counts.split("**")[2::2]
    assert len(tables) == 3
    for table in tables:
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line.startswith("| ")]
        assert [row[0] for row in rows] == ["stage", *stages, "all"]
        shares = [k for k, heading in enumerate(rows[0]) if heading == "share, %"]
        assert len(shares) >= 2
        for column in shares:
            assert sum(float(row[column]) for row in rows[1:-1]) == pytest.approx(100, abs=0.5)
