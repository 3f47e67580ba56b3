// The nodes' processes on this machine: started, killed, started again, and gone when the exercise is.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

namespace longwatch {

class NodeProcesses {
public:
    /// `longwatch node STUDY --name NAME --exercise FOLDER`, of the program that runs.
    NodeProcesses(std::filesystem::path study, std::filesystem::path folder)
        : study_(std::move(study)), folder_(std::move(folder))
    {
    }
    ~NodeProcesses();
    NodeProcesses(NodeProcesses const&) = delete;
    NodeProcesses& operator=(NodeProcesses const&) = delete;

    /// Its standard error goes to NAME/log in the folder. Throws std::runtime_error.
    void start(std::string const& name);
    /// At once, as a power cut would.
    void kill(std::string const& name);
    /// Waits for all; kills those that have not ended by then. Names of those that did not end well.
    std::string end(std::chrono::seconds at_most);

private:
    std::filesystem::path study_, folder_;
    std::map<std::string, pid_t> running_;
};

}  // namespace longwatch
