#include "host/replay/replay_folder.hpp"

#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "host/command/exit_status.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(fs::path const& folder, std::string const& why)
{
    throw CannotRun(fmt::format("cannot write a replay to {} ({}) give another folder with -o",
                                folder.string(), why));
}

bool holds_replay(fs::path const& folder)
{
    constexpr std::int64_t index_bytes_max = 1 << 20;
    try {
        // A plain file only: a pipe would be waited for.
        auto const text = load_file(folder / replay_index_name, index_bytes_max);
        auto const index = nlohmann::json::parse(text, nullptr, false);
        return index.is_object() && index.contains("file_type") &&
               index["file_type"] == replay_file_type;
    } catch (std::system_error const&) {
        return false;
    }
}

void check_there(fs::path const& folder)
{
    std::error_code problem;
    if (!fs::is_directory(folder, problem)) { refuse(folder, "it is there and not a folder"); }
    bool const is_empty = fs::is_empty(folder, problem);
    if (problem) { refuse(folder, problem.message()); }
    if (!is_empty && !holds_replay(folder)) {
        refuse(folder, "it holds other files and no replay, which alone would be replaced");
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) { refuse(folder, std::strerror(errno)); }
}

}  // namespace

void check_replay_folder(fs::path const& folder)
{
    if (folder.empty()) { refuse(folder, "it has no name"); }
    std::error_code problem;
    auto const status = fs::symlink_status(folder, problem);
    if (status.type() == fs::file_type::none) { refuse(folder, problem.message()); }
    if (status.type() != fs::file_type::not_found) { return check_there(folder); }
    auto const plain = folder.has_filename() ? folder : folder.parent_path();
    auto const parent = plain.has_parent_path() ? plain.parent_path() : fs::path(".");
    if (!fs::exists(parent, problem)) {
        refuse(folder, "the folder " + parent.string() + " does not exist");
    }
    if (!fs::is_directory(parent, problem)) {
        refuse(folder, parent.string() + " is not a folder");
    }
    if (::access(parent.c_str(), W_OK | X_OK) != 0) {
        refuse(folder, "folder " + parent.string() + ": " + std::strerror(errno));
    }
}

void write_replay(fs::path const& folder, std::vector<ReplayFile> const& files)
{
    try {
        fs::create_directory(folder);
        // An index without files, until they are all there: so that a replay cut short is known as one.
        nlohmann::ordered_json const unfinished = {{"file_type", replay_file_type},
                                                   {"unfinished", true}};
        replace_file(folder / replay_index_name, unfinished.dump(1) + "\n");
        for (ReplayFile const& file : files) { replace_file(folder / file.name, file.bytes); }
    } catch (std::system_error const& error) {
        refuse(folder, error.what());
    }
}

}  // namespace longwatch
