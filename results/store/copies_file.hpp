// A file that holds the two latest copies of something that changes: a new copy takes the place of the older one, so that
// at any instant, killed or without power, one whole copy is there. Its room is taken beforehand: a disk that
// fills up later does not keep it from being renewed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace longwatch {

/// Which copy of a file is the newest, and how much room there is for one.
struct CopiesPlace {
    std::int64_t room = 0;  ///< 0: no whole copy is there
    std::uint64_t number = 0;
    bool is_there = false;  ///< a file is, whole or not
    std::string seal;       ///< of that copy: no other run's has it
};

struct WholeCopies {
    std::vector<std::string> contents;  ///< the newer first
    bool is_one_damaged = false;        ///< a copy is there and not whole
    bool is_ours = false;  ///< such a file, or what is left of one, or one that holds nothing
    CopiesPlace place;
};

/// Throws std::system_error where the file cannot be read.
WholeCopies read_copies(std::filesystem::path const& path);

/// Renews one file's copies. Each begins with a line that says its number, its size and the room of a copy, and ends in a
/// seal; the second begins where the room of the first ends, at a multiple of 4096 bytes.
class CopiesFile {
public:
    /// Goes on with the file that is there, in place of what is damaged of it, or begins one with the first copy written.
    explicit CopiesFile(std::filesystem::path path, CopiesPlace const& place = {})
        : path_(std::move(path)), place_(place)
    {
    }

    /// Returns once the copy is on the disk. Throws std::system_error; an earlier copy is then still there. So is what another
    /// program has written there meanwhile: that is refused too.
    void write(std::string_view content);

private:
    std::filesystem::path path_;
    CopiesPlace place_;
};

}  // namespace longwatch
