"""The mutants of scripts/hygiene: where they are made, what they are, and that a weak test is told from a good one."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts/hygiene"))
import mutants  # noqa: E402
import mutate  # noqa: E402
import workshop  # noqa: E402

SOURCE = '''#include "a/b-1.hpp"
// x + 1 of a comment
template <class Real>
Real f(Real const& x, bool on)
{
    static_assert(sizeof(Real) > 4);
    char const* const text = "2 * 3";
    if (!on && x < 0) { return smaller(x, Real(2.5)); }
    return select(on, x + 1, Real(-3e2));
}
'''


def changes(source: str) -> set[tuple[str, str, str]]:
    return {(place.kind, place.before, choice) for place in mutants.places_in(Path("a.hpp"), source) for choice in place.choices}


def test_every_operator_constant_negation_and_pair_of_arms_is_a_place_and_nothing_else_is() -> None:
    assert changes(SOURCE) == {
        ("negation", "!", ""), ("operator", "&&", "||"), ("operator", "<", "<="), ("operator", "<", ">="), ("constant", "0", "1"),
        ("function", "smaller", "larger"), ("constant", "2.5", "2.75"), ("operator", "+", "-"), ("constant", "1", "0"),
        ("constant", "3e2", "330.0"), ("arms", " x + 1, Real(-3e2)", " Real(-3e2), x + 1"),
        ("sign", "select(on, x + 1, Real(-3e2))", "-(select(on, x + 1, Real(-3e2)))")}


def test_a_mutant_differs_from_the_source_at_its_place_alone_and_is_the_same_for_the_same_seed() -> None:
    places = mutants.places_in(Path("a.hpp"), SOURCE)
    made = list(mutants.shuffled(places, 7))
    assert len(made) == len(places) and made == list(mutants.shuffled(places, 7))
    assert [one.place for one in made] != [one.place for one in mutants.shuffled(places, 8)]
    for one in made:
        begin, end = one.place.begin, one.place.end
        assert one.of(SOURCE) == SOURCE[:begin] + one.after + SOURCE[end:] != SOURCE
    assert {one.line(SOURCE) for one in made} == {8, 9}


def test_a_file_without_anything_to_change_has_no_place() -> None:
    assert changes('#define X 3\n/* 1 + 2\n   3 */\nint const* f(int&& a, std::vector<int>* b1);\n') == set()


def test_the_interval_is_wilsons() -> None:
    # 8 of 10: (0.490, 0.943), Brown, Cai and DasGupta (2001), by their formula (4).
    assert mutate.wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert mutate.wilson(10, 10)[1] == pytest.approx(1)


HEADER = "inline double area(double a, double b)\n{\n    while (a < 0) { a += 1; }\n    return a * b;\n}\n"
MAIN = "bool test();\nint main() { return test() ? 0 : 1; }\n"


def tree(root: Path, test: str) -> workshop.Bench:
    """A tree of one header and one test; its bench."""
    files = {"models/area.hpp": HEADER, "tests/models/test_area.cpp": f'#include "models/area.hpp"\nbool test() {{ {test} }}\n',
             "main.cpp": MAIN}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "build").mkdir()
    (root / "build/made.hpp").write_text("", encoding="utf-8")
    command = ["c++", "-std=c++20", "-include", f"{root}/build/made.hpp", f"-I{root}"]
    commands = {Path(name): command for name in files if name.endswith(".cpp")}
    build = workshop.Build(root, root / "build", commands, {Path("main.cpp"): root / "main.o"}, ["c++", "../main.o"], [])
    bench = workshop.Bench(build, root / "bench", map(Path, files))
    assert bench.compiled(Path("main.cpp"), root / "main.o") == ""
    return bench


def outcomes(bench: workshop.Bench) -> dict[tuple[str, str], str]:
    job = workshop.Job((Path("tests/models/test_area.cpp"),))
    return {(one.place.before, one.after): bench.outcome(one, [(job, 1)]).status
            for place in mutants.places_in(Path("models/area.hpp"), HEADER)
            for one in (mutants.Mutant(place, choice) for choice in place.choices)}


def test_a_weak_test_lets_a_mutant_survive_that_a_good_one_kills(tmp_path: Path) -> None:
    weak = outcomes(tree(tmp_path / "weak", "return area(2, 2) == 4 && area(1, 1) == 1;"))
    good = outcomes(tree(tmp_path / "good", "return area(2, 3) == 6 && area(-0.5, 2) == 1 && area(0, 5) == 0;"))
    assert weak["*", "/"] == "killed" and weak["+=", "-="] == "survived" and weak["<", "<="] == "survived"
    assert good["*", "/"] == "killed" and good["<", "<="] == "killed"
    assert good["+=", "-="] == "timed out"  # away from zero without end


def test_a_mutant_is_made_in_the_copy_alone_and_taken_out_again(tmp_path: Path) -> None:
    bench = tree(tmp_path, "return area(2, 3) == 6;")
    outcomes(bench)
    assert (tmp_path / "models/area.hpp").read_text(encoding="utf-8") == HEADER
    assert (bench.tree / "models/area.hpp").read_text(encoding="utf-8") == HEADER


def test_what_does_not_compile_is_told_and_not_counted(tmp_path: Path) -> None:
    bench = tree(tmp_path, "return true;")
    place = mutants.Place(Path("models/area.hpp"), 0, 6, "constant", "inline", ("in line",))
    outcome = bench.outcome(mutants.Mutant(place, "in line"), [(workshop.Job((Path("tests/models/test_area.cpp"),)), 1)])
    assert outcome.status == "does not compile" and "error" in outcome.by
    assert not mutate.Tried(1, mutants.Mutant(place, "in line"), outcome).counts


def test_the_nearest_tests_come_first_and_those_that_do_not_reach_it_not_at_all(tmp_path: Path) -> None:
    for name, text in {"tests/a/far.cpp": '#include "models/b/two.hpp"\n', "tests/b/near.cpp": '#include "models/a/one.hpp"\n',
                       "tests/a/near.cpp": '#include "models/a/one.hpp"\n', "tests/a/none.cpp": "",
                       "models/b/two.hpp": '#include "models/a/one.hpp"\n', "models/a/one.hpp": ""}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    tests = [Path(f"tests/{name}.cpp") for name in ("a/far", "b/near", "a/none", "a/near")]
    includes = workshop.Includes(tmp_path)
    reached = includes.reach(tests, Path("models/a/one.hpp"))
    assert reached == [Path(f"tests/{name}.cpp") for name in ("a/near", "b/near", "a/far")]


def test_a_source_that_is_joined_with_others_is_refused_for_nothing_would_compile_its_mutant(tmp_path: Path) -> None:
    include = '#include "results/sum.hpp"\n'
    for name, text in {"results/sum.hpp": "", "results/sum.cpp": include, "tests/results/test_other.cpp": "",
                       "tests/results/test_sum.cpp": include}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    source, other, near = Path("results/sum.cpp"), Path("tests/results/test_other.cpp"), Path("tests/results/test_sum.cpp")
    includes, tests = workshop.Includes(tmp_path), [other, near]
    assert mutate.jobs_of(source, tests, [source], includes, 8) == [workshop.Job((source,), (other, near), (near,))]
    with pytest.raises(ValueError, match="results/sum.cpp is not compiled on its own"):
        mutate.jobs_of(source, tests, [], includes, 8)
