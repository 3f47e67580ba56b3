// longwatch: the program.
#include <csignal>
#include <new>
#include <string>

#include "host/command/command_line.hpp"
#include "host/command/output.hpp"
#include "host/ranks/ranks.hpp"
#include "host/study/study_error.hpp"
#include "results/show/terminal_text.hpp"

namespace {

using namespace longwatch;

void tell_problem(std::string const& problem)
{
    tell("longwatch: " + terminal_text(problem) + "\n");
}

}  // namespace

int main(int argc, char** argv)
{
    // A reader of our output that leaves early must not end a run: writes fail instead.
    std::signal(SIGPIPE, SIG_IGN);
    // Nor may a file that reaches its allowed size: what was written of it is to be cleared away.
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        auto const status = run_command_line(argc, argv);
        finish_output();
        return status;
    } catch (UsageError const& error) {
        // All ranks of a run are asked the same: the first one tells.
        auto const by = launched();
        if (!by || by->rank == 0) { tell_problem(error.what()); }
        return exit_bad_usage;
    } catch (StudyErrors const& errors) {
        tell(std::string(errors.what()) + "\n");
        return exit_bad_usage;
    } catch (std::bad_alloc const&) {
        tell_problem(
            "out of memory (the run needs more than this machine gives) use fewer --threads or "
            "a smaller --chunk");
        return exit_could_not_run;
    } catch (std::exception const& error) {
        tell_problem(error.what());
        return exit_could_not_run;
    }
}
