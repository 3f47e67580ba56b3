// longwatch check: is a study sound, and what does it say once every default is filled in?
#include <fmt/format.h>

#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"

namespace longwatch {

ExitStatus check(std::string const& path)
{
    auto study = read_study(path);
    prepare(study);  // so that threats which reach no aim are told too
    tell_remarks(study, study.flights);
    print(study.resolved);
    if (!study.resolved.empty() && study.resolved.back() != '\n') { print("\n"); }
    print(fmt::format("# study hash: {}\n", study.hash));
    return exit_fine;
}

}  // namespace longwatch
