// Where results go: standard output, and files that are complete or not there.
#pragma once

#include <csignal>
#include <filesystem>
#include <string_view>

namespace longwatch {

struct Study;

/// Writes to standard output. A reader that has gone away is no error.
void print(std::string_view text);

/// Writes to standard error, for the user's eyes: where nobody listens, nothing happens.
void tell(std::string_view text);

/// Tells on standard error what is remarkable about a prepared study, though nothing is wrong.
void tell_remarks(Study const& study, std::int64_t flights);

/// Flushes standard output; throws CannotRun if what was printed did not arrive.
void finish_output();

/// The file that a new one of this type, as result_file_type, is to replace: the path, or what it links to. Throws CannotRun or
/// StoreError where no file can be or one is that is of no such type; UsageError where the path is the study itself.
std::filesystem::path replaceable_place(std::filesystem::path const& path,
                                        std::filesystem::path const& study, std::string_view type);

/// Throws CannotRun, which names the path as it was given, where nothing may be written to the place's folder.
void check_writable(std::filesystem::path const& place, std::filesystem::path const& path);

/// A replaceable_place in a folder that may be written to: asked before any flight is flown.
std::filesystem::path writable_place(std::filesystem::path const& path,
                                     std::filesystem::path const& study, std::string_view type);

/// Holds interruptions (Ctrl-C, termination, hang-up) back until the end of the scope, so that what is under way is
/// finished. Ignored ones, as hang-ups under nohup, stay so. Threads that start meanwhile hold them too, and must have
/// ended by then.
class InterruptionsHeld {
public:
    InterruptionsHeld();
    ~InterruptionsHeld() { let_through(); }
    /// One has come and waits. Any thread may ask.
    bool is_one_waiting() const;
    /// Those that wait are as if they had not come.
    void forget() const;
    /// Does what it would have done: as a rule the program ends here.
    void let_through();
    InterruptionsHeld(InterruptionsHeld const&) = delete;
    InterruptionsHeld& operator=(InterruptionsHeld const&) = delete;

private:
    sigset_t held_, before_;
};

}  // namespace longwatch
