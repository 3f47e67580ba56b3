// Every message of an exercise, as each end of each link saw it: rows, as CSV and as HDF5.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace longwatch {

/// A message that left by a link, came by it, or was thrown away at its end. Instants are seconds since the beginning of the raid.
struct MessageRow {
    double t_s = 0;    ///< when that was, on the exercise's clock
    std::string what;  ///< sent, heard, or why it was thrown away
    std::string link, kind, maker, stamp;
    std::string origins;  ///< of the states whose data it rests on, with '+' between
    std::int64_t flight = 0, part = 0, number = 0;
    std::uint64_t sequence_number = 0;
    double t_made_s = 0;     ///< by its maker's clock
    double t_sent_s = 0;     ///< by its sender's clock
    double t_arrives_s = 0;  ///< when the link gives it out

    bool operator==(MessageRow const&) const = default;
};

/// Where an exercise comes from.
struct MessageLogOrigin {
    std::string code_version, git_hash, created_utc, study, study_hash, arm, exercise;
    std::uint64_t seed = 0;
};

/// The head of the CSV file, and a row of it; names in them have no commas.
std::string message_log_head();
std::string csv_row(MessageRow const& row);
/// Nothing where the text is no row, as one that was cut short.
std::optional<MessageRow> message_row_of(std::string_view csv);

/// Throws std::system_error or Hdf5Failure.
void write_message_log(std::filesystem::path const& file, std::vector<MessageRow> const& rows,
                       MessageLogOrigin const& origin);

}  // namespace longwatch
