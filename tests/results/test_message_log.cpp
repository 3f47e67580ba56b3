// The messages of an exercise, as rows of text and as a file.
#include <catch2/catch.hpp>

#include "results/store/hdf5_file.hpp"
#include "results/store/message_log.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"

namespace longwatch::test {
namespace {

MessageRow heard()
{
    MessageRow row;
    row.t_s = 12.000000000000002;
    row.what = "heard";
    row.link = "us-to-japan";
    row.kind = "track";
    row.maker = "radar-a";
    row.stamp = "us";
    row.origins = "kr+us";
    row.flight = 7;
    row.part = -1;
    row.number = 41;
    row.sequence_number = 18446744073709551615U;
    row.t_made_s = 11.5;
    row.t_sent_s = 0.1;
    row.t_arrives_s = 1e-300;
    return row;
}

std::string without_end(std::string row)
{
    row.pop_back();
    return row;
}

TEST_CASE("a message's row is read as it was written, to the last bit")
{
    auto const text = csv_row(heard());
    REQUIRE(text.back() == '\n');
    auto const read = message_row_of(without_end(text));
    REQUIRE(read);
    CHECK((*read == heard()));
    auto const head = message_log_head();
    CHECK(std::count(head.begin(), head.end(), ',') == std::count(text.begin(), text.end(), ','));
}

TEST_CASE("a row that was cut short anywhere, or is the head, is no row")
{
    auto const whole = without_end(csv_row(heard()));
    // Within the last number what is left may be a number too: no reader can tell.
    for (std::size_t n = 0; n <= whole.rfind(','); ++n) {
        INFO(whole.substr(0, n));
        CHECK_FALSE(message_row_of(std::string_view(whole).substr(0, n)));
    }
    CHECK_FALSE(message_row_of(without_end(message_log_head())));
    CHECK_FALSE(message_row_of(whole + ",1"));
    CHECK_FALSE(message_row_of(whole + "x"));
}

TEST_CASE("a message log holds every row, and where it comes from")
{
    Folder const folder;
    auto const path = folder.path / "messages.h5";
    auto other = heard();
    other.what = "link down";
    other.sequence_number = 3;
    other.flight = INT64_MAX;
    other.t_s = -0.5;
    auto first = heard();
    first.sequence_number = 2;
    write_message_log(
        path, {first, other},
        {"1.2.3", "abc", "2024-05-01T12:00:00Z", "small", "ff00", "direct", "exercise-1", 9});
    auto const bytes = bytes_of(path);
    auto const file = open_file_in_memory(bytes);
    CHECK(read_string_attribute(file, "file_type") == "longwatch messages");
    CHECK(read_string_attribute(file, "study") == "small");
    CHECK(read_string_attribute(file, "study_hash") == "ff00");
    CHECK(read_string_attribute(file, "arm") == "direct");
    CHECK(read_string_attribute(file, "exercise") == "exercise-1");
    CHECK(read_unsigned_attribute(file, "seed") == 9);
    CHECK(read_integer_attribute(file, "schema") == 1);
    CHECK(read_doubles(file, "messages/t_s", {2}) == std::vector<double>{first.t_s, -0.5});
    CHECK(read_strings(file, "messages/what", 9) == std::vector<std::string>{"heard", "link down"});
    CHECK(read_strings(file, "messages/link", 9) == std::vector<std::string>(2, "us-to-japan"));
    CHECK(read_strings(file, "messages/origins", 9) == std::vector<std::string>(2, "kr+us"));
    CHECK(read_integers(file, "messages/flight", {2}) == std::vector<std::int64_t>{7, INT64_MAX});
    CHECK(read_integers(file, "messages/part", {2}) == std::vector<std::int64_t>{-1, -1});
    CHECK(read_integers(file, "messages/number", {2}) == std::vector<std::int64_t>{41, 41});
    CHECK(read_integers(file, "messages/sequence_number", {2}) == std::vector<std::int64_t>{2, 3});
    CHECK(read_doubles(file, "messages/t_arrives_s", {2}) == std::vector<double>{1e-300, 1e-300});
}

TEST_CASE("a message log without a message is a file of none")
{
    Folder const folder;
    auto const path = folder.path / "messages.h5";
    write_message_log(path, {}, {});
    auto const bytes = bytes_of(path);
    auto const file = open_file_in_memory(bytes);
    CHECK(read_doubles(file, "messages/t_s", {0}).empty());
    CHECK(read_strings(file, "messages/kind", 9).empty());
}

}  // namespace
}  // namespace longwatch::test
