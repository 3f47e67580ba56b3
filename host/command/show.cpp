// longwatch show: prints what a result says.
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "results/show/show_json.hpp"
#include "results/show/show_text.hpp"
#include "results/store/store.hpp"

namespace longwatch {

ExitStatus show(std::string const& file, bool as_json)
{
    auto const result = read_result(file);
    print(as_json ? show_json(result) : show_text(result));
    return exit_fine;
}

}  // namespace longwatch
