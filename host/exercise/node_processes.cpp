#include "host/exercise/node_processes.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace longwatch {

NodeProcesses::~NodeProcesses()
{
    for (auto const& [name, process] : running_) {
        ::kill(process, SIGKILL);
        ::waitpid(process, nullptr, 0);
    }
}

void NodeProcesses::start(std::string const& name)
{
    std::array<std::string, 7> words{"longwatch", "node",       study_.string(), "--name",
                                     name,        "--exercise", folder_.string()};
    std::array<char*, 8> arguments{};
    for (std::size_t k = 0; k < words.size(); ++k) { arguments[k] = words[k].data(); }
    auto const log = (folder_ / name / "log").string();
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
    // Interruptions that the exercise holds back are not held back from its nodes.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    // Of a group of their own: what a terminal interrupts is the exercise, which ends them.
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    pid_t process = 0;
    int const problem =
        ::posix_spawn(&process, "/proc/self/exe", &files, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    if (problem != 0) {
        throw std::runtime_error("cannot start node " + name + " (" + std::strerror(problem) + ")");
    }
    running_[name] = process;
}

void NodeProcesses::kill(std::string const& name)
{
    auto const at = running_.find(name);
    if (at == running_.end()) { return; }
    ::kill(at->second, SIGKILL);
    ::waitpid(at->second, nullptr, 0);
    running_.erase(at);
}

std::string NodeProcesses::end(std::chrono::seconds at_most)
{
    using namespace std::chrono_literals;
    std::string badly;
    auto const until = std::chrono::steady_clock::now() + at_most;
    for (auto const& [name, process] : running_) {
        int status = 0;
        pid_t ended = 0;
        while ((ended = ::waitpid(process, &status, WNOHANG)) == 0) {
            if (std::chrono::steady_clock::now() > until) {
                ::kill(process, SIGKILL);
                ended = ::waitpid(process, &status, 0);
                break;
            }
            std::this_thread::sleep_for(5ms);
        }
        bool const is_well = ended == process && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (!is_well) { badly += (badly.empty() ? "" : ", ") + name; }
    }
    running_.clear();
    return badly;
}

}  // namespace longwatch
