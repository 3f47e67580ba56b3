#include "host/command/reader_python.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "host/command/exit_status.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

/// What a spawned program finds open.
class SpawnFiles {
public:
    explicit SpawnFiles(bool quiet)
    {
        posix_spawn_file_actions_init(&actions_);
        if (!quiet) { return; }
        for (int const stream : {STDOUT_FILENO, STDERR_FILENO}) {
            posix_spawn_file_actions_addopen(&actions_, stream, "/dev/null", O_WRONLY, 0);
        }
    }
    ~SpawnFiles() { posix_spawn_file_actions_destroy(&actions_); }
    SpawnFiles(SpawnFiles const&) = delete;
    SpawnFiles& operator=(SpawnFiles const&) = delete;
    SpawnFiles(SpawnFiles&&) = delete;
    SpawnFiles& operator=(SpawnFiles&&) = delete;
    posix_spawn_file_actions_t const* get() const { return &actions_; }

private:
    posix_spawn_file_actions_t actions_;
};

/// -P: a file of the working folder must not pass for a library.
bool has_reader(std::string const& python)
{
    static constexpr char const* look =
        "import importlib.util, sys; sys.exit(not importlib.util.find_spec('longwatch_reader'))";
    try {
        return run_program({python, "-P", "-c", look}, true) == 0;
    } catch (CannotRun const&) {
        return false;
    }
}

/// In every folder above the program. Not in the folder worked in, which may have come with the file to report on.
std::vector<std::string> likely_pythons()
{
    std::vector<std::string> found;
    fs::path const below = fs::path(".venv") / "bin" / "python";
    std::error_code ignored;
    auto folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    for (; folder.has_relative_path(); folder = folder.parent_path()) {
        if (fs::exists(folder / below, ignored)) { found.push_back((folder / below).string()); }
    }
    found.emplace_back("python3");
    return found;
}

/// The wheel that a Debian package brings; empty where there is none.
fs::path shipped_wheel()
{
    std::error_code ignored;
    auto const program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    auto const folder = program.parent_path() / "share" / "longwatch" / "python";
    for (auto const& entry : fs::directory_iterator(folder, ignored)) {
        if (entry.path().extension() == ".whl") { return entry.path(); }
    }
    return {};
}

std::string how_to_install()
{
    auto const wheel = shipped_wheel();
    if (wheel.empty()) {
        return "install it with: python3 -m pip install ./scripts/longwatch_reader, or name a "
               "Python that has it with --python";
    }
    return fmt::format(
        "install it with: python3 -m venv ENV && ENV/bin/pip install {}, and name that Python with "
        "--python ENV/bin/python",
        wheel.string());
}

}  // namespace

std::string python_with_reader(std::optional<std::string> const& given)
{
    char const* const variable = std::getenv("LONGWATCH_PYTHON");
    if (given || (variable != nullptr && *variable != '\0')) {
        std::string python = given ? *given : variable;
        if (has_reader(python)) { return python; }
        throw CannotRun(
            fmt::format("cannot make the report with {} {} (it is no Python 3.11 or newer that has "
                        "longwatch_reader) {}",
                        given ? "--python" : "LONGWATCH_PYTHON", python, how_to_install()));
    }
    auto const likely = likely_pythons();
    for (auto const& python : likely) {
        if (has_reader(python)) { return python; }
    }
    throw CannotRun(fmt::format(
        "cannot make the report (no Python 3.11 or newer with longwatch_reader is found; looked at "
        "{}) {}",
        fmt::join(likely, ", "), how_to_install()));
}

int run_program(std::vector<std::string> const& arguments, bool quiet)
{
    std::vector<char*> argv;
    // posix_spawn takes them as not const, and changes nothing of ours.
    for (auto const& text : arguments) { argv.push_back(const_cast<char*>(text.c_str())); }
    argv.push_back(nullptr);
    SpawnFiles const files(quiet);
    pid_t child = 0;
    int const problem = posix_spawnp(&child, argv[0], files.get(), nullptr, argv.data(), environ);
    if (problem != 0) {
        throw CannotRun(fmt::format("cannot start {} ({})", arguments[0], std::strerror(problem)));
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            throw CannotRun(
                fmt::format("cannot wait for {} ({})", arguments[0], std::strerror(errno)));
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace longwatch
