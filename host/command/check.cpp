// longwatch check: is a study sound, and what does it say once every default is filled in?
#include <fmt/format.h>

#include "host/command/catalog_folder.hpp"
#include "host/command/keys_json.hpp"
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "host/plan/false_warnings.hpp"
#include "host/plan/prepare.hpp"
#include "host/study/study.hpp"

namespace longwatch {

namespace {

/// As comments of the resolved study; nothing where no sensor ever reports falsely.
std::string false_warnings_text(Study const& study)
{
    std::string text;
    auto const rates = false_warnings_per_year(*study.scenario);
    for (std::size_t a = 0; a < rates.size(); ++a) {
        for (std::size_t c = 0; c < rates[a].size(); ++c) {
            if (rates[a][c] == 0) { continue; }
            text += fmt::format("# false warnings a year: {:.3g} of {} in {}\n", rates[a][c],
                                study.consumers[c], study.arms[a]);
        }
    }
    return text;
}

}  // namespace

ExitStatus check(CheckOptions const& options)
{
    std::vector<AskedTable> asked;
    auto with = reading_with(options.catalog);
    with.asked = &asked;
    auto study = read_study(options.study, with);
    if (options.keys) {
        print(keys_json(asked));
        return exit_fine;
    }
    prepare(study);  // so that threats which reach no aim are told too
    tell_remarks(study, study.flights);
    print(study.resolved);
    if (!study.resolved.empty() && study.resolved.back() != '\n') { print("\n"); }
    print(false_warnings_text(study));
    print(fmt::format("# study hash: {}\n", study.hash));
    return exit_fine;
}

}  // namespace longwatch
