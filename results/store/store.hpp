// Writing and reading result files. docs/io_format.md describes what is in one.
#pragma once

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "results/store/result_file.hpp"

namespace longwatch {

/// A result cannot be written or read: what() is a message for the user, naming the file and why.
struct StoreError : std::runtime_error {
    StoreError(std::filesystem::path file, std::string const& message, bool whole = false)
        : std::runtime_error(message), path(std::move(file)), is_whole(whole)
    {
    }
    std::filesystem::path path;
    /// The file is as it was written: it is of another kind, or another version of Longwatch wrote it.
    bool is_whole;
};

/// Throws StoreError where `path` holds something that a file of this type, as result_file_type, must not replace: a folder, a
/// device, a file of another type, or one that is neither empty nor ours, whole or damaged. Nothing there is fine.
void check_replaceable(std::filesystem::path const& path, std::string_view type);

/// Writes under a temporary name in the same folder and renames when all is on the disk: `path` holds
/// the old file or the whole new one, never a part. A file that is replaced hands on its permissions.
/// Throws StoreError, leaving nothing behind; also where check_replaceable does.
void write_result(std::filesystem::path const& path, ResultFile const& result);

/// What write_result() puts into a file. Throws std::runtime_error where HDF5 fails.
std::string sealed_bytes(ResultFile const& result);

/// Writes an HDF5 image made on demand, sealed, in the same way; throws StoreError for HDF5's failures too.
void write_sealed(std::filesystem::path const& path, std::string_view type,
                  std::function<std::string()> const& make_image);

/// Throws StoreError for what is no whole, unchanged result of this major schema version.
ResultFile read_result(std::filesystem::path const& path);

/// The result in an HDF5 image, without seal. Throws std::runtime_error for what is none.
ResultFile result_of_image(std::string_view image);

/// What a sealed file says it is, as result_file_type. Throws StoreError for what is no whole, unchanged
/// file of ours.
std::string sealed_file_type(std::filesystem::path const& path);

}  // namespace longwatch
