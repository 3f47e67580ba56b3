#include "results/store/message_log.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "results/store/atomic_file.hpp"
#include "results/store/hdf5_file.hpp"

namespace longwatch {

namespace {

constexpr std::int64_t schema = 1;
constexpr hsize_t chunk_rows = 4096;

template <class Number>
bool read(std::string_view text, Number& to)
{
    auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), to);
    return problem == std::errc{} && end == text.data() + text.size();
}

std::vector<std::string_view> cells_of(std::string_view row)
{
    std::vector<std::string_view> cells;
    for (std::size_t from = 0;;) {
        auto const comma = row.find(',', from);
        cells.push_back(row.substr(from, comma - from));
        if (comma == std::string_view::npos) { return cells; }
        from = comma + 1;
    }
}

/// One column of the rows as a dataset.
class LogColumns {
public:
    LogColumns(hid_t group, std::vector<MessageRow> const& rows) : group_(group), rows_(rows) {}

    void texts(char const* name, char const* description, std::string MessageRow::*member) const
    {
        std::vector<std::string> values;
        for (auto const& row : rows_) { values.push_back(row.*member); }
        write_strings(group_, to(name, "1", description), values);
    }
    void instants(char const* name, char const* description, double MessageRow::*member) const
    {
        std::vector<double> values;
        for (auto const& row : rows_) { values.push_back(row.*member); }
        write_doubles(group_, to(name, "s", description), values);
    }
    template <class Number>
    void numbers(char const* name, char const* description, Number MessageRow::*member) const
    {
        std::vector<std::int64_t> values;
        for (auto const& row : rows_) { values.push_back(static_cast<std::int64_t>(row.*member)); }
        write_integers(group_, to(name, "1", description), values);
    }

private:
    NewDataset to(char const* name, char const* unit, char const* description) const
    {
        Shape const chunk =
            rows_.empty() ? Shape{} : Shape{std::min<hsize_t>(chunk_rows, rows_.size())};
        return {name, unit, description, {rows_.size()}, chunk};
    }

    hid_t group_;
    std::vector<MessageRow> const& rows_;
};

}  // namespace

std::string message_log_head()
{
    return "t_s,what,link,kind,maker,stamp,origins,flight,part,number,sequence_number,t_made_s,"
           "t_sent_s,t_arrives_s\n";
}

std::string csv_row(MessageRow const& r)
{
    return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", r.t_s, r.what, r.link, r.kind,
                       r.maker, r.stamp, r.origins, r.flight, r.part, r.number, r.sequence_number,
                       r.t_made_s, r.t_sent_s, r.t_arrives_s);
}

std::optional<MessageRow> message_row_of(std::string_view csv)
{
    auto const cells = cells_of(csv);
    if (cells.size() != 14) { return std::nullopt; }
    MessageRow r;
    r.what = cells[1];
    r.link = cells[2];
    r.kind = cells[3];
    r.maker = cells[4];
    r.stamp = cells[5];
    r.origins = cells[6];
    bool const is_row = read(cells[0], r.t_s) && read(cells[7], r.flight) &&
                        read(cells[8], r.part) && read(cells[9], r.number) &&
                        read(cells[10], r.sequence_number) && read(cells[11], r.t_made_s) &&
                        read(cells[12], r.t_sent_s) && read(cells[13], r.t_arrives_s);
    return is_row ? std::optional(r) : std::nullopt;
}

void write_message_log(std::filesystem::path const& path, std::vector<MessageRow> const& rows,
                       MessageLogOrigin const& origin)
{
    QuietHdf5 const quiet;
    auto const file = new_file_in_memory();
    write_attribute(file, "file_type", std::string("longwatch messages"));
    write_attribute(file, "schema", schema);
    write_attribute(file, "code_version", origin.code_version);
    write_attribute(file, "git_hash", origin.git_hash);
    write_attribute(file, "created_utc", origin.created_utc);
    write_attribute(file, "study", origin.study);
    write_attribute(file, "study_hash", origin.study_hash);
    write_attribute(file, "seed", origin.seed);
    write_attribute(file, "arm", origin.arm);
    write_attribute(file, "exercise", origin.exercise);
    auto const group = new_group(file, "messages");
    LogColumns const columns(group, rows);
    columns.instants("t_s",
                     "when it left, came or was thrown away, since the beginning of the raid",
                     &MessageRow::t_s);
    columns.texts("what", "sent, heard, or why it was thrown away", &MessageRow::what);
    columns.texts("link", "name of the link", &MessageRow::link);
    columns.texts("kind", "alert, track, impact-prediction or all-clear", &MessageRow::kind);
    columns.texts("maker", "sensor or node that made it", &MessageRow::maker);
    columns.texts("stamp", "state that has re-stamped it", &MessageRow::stamp);
    columns.texts("origins", "states whose data it rests on", &MessageRow::origins);
    columns.numbers("flight", "number of the flight", &MessageRow::flight);
    columns.numbers("part", "of a prediction: release class and quality; of an all-clear: consumer",
                    &MessageRow::part);
    columns.numbers("number", "of a track: looks so far", &MessageRow::number);
    columns.numbers("sequence_number", "on its link", &MessageRow::sequence_number);
    columns.instants("t_made_s", "when it was made, by its maker's clock", &MessageRow::t_made_s);
    columns.instants("t_sent_s", "when it was sent, by its sender's clock", &MessageRow::t_sent_s);
    columns.instants("t_arrives_s", "when the link gives it out", &MessageRow::t_arrives_s);
    replace_file(path, image_of(file));
}

}  // namespace longwatch
