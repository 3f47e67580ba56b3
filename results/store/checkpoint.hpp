// The checkpoint of a run that is not finished: FILE.partial beside its result FILE.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "results/store/copies_file.hpp"
#include "results/store/flown_part.hpp"

namespace longwatch {

inline constexpr char const* checkpoint_file_type = "longwatch checkpoint";

/// FILE.partial
std::filesystem::path checkpoint_path(std::filesystem::path const& result);

/// A part as bytes: what a checkpoint holds a copy of, and what ranks of a run send each other.
std::string bytes_of(FlownPart const& part);
/// Throws std::runtime_error where the bytes are no part, or one of another format.
FlownPart part_of_bytes(std::string const& bytes);

/// Keeps what a run has flown.
class CheckpointFile {
public:
    /// Goes on with a checkpoint that was found, or begins one.
    explicit CheckpointFile(std::filesystem::path path, CopiesPlace const& place = {})
        : path_(std::move(path)), copies_(path_, place)
    {
    }

    /// Returns once it is on the disk. Throws StoreError; what was kept before is then still there.
    void keep(FlownPart const& part);

private:
    std::filesystem::path path_;
    CopiesFile copies_;
};

struct FoundCheckpoint {
    std::optional<FlownPart> part;  ///< absent where no whole checkpoint is left
    /// What is damaged, and what that means; "" where all is well.
    std::string damage;
    CopiesPlace place;  ///< for a CheckpointFile to go on with
};

/// Absent where there is no file. Throws StoreError for a file that is no checkpoint or cannot be read, and for a
/// checkpoint of another format.
std::optional<FoundCheckpoint> find_checkpoint(std::filesystem::path const& path);

}  // namespace longwatch
