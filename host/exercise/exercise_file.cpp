#include "host/exercise/exercise_file.hpp"

#include <cmath>
#include <limits>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "models/math/real.hpp"
#include "results/store/atomic_file.hpp"

namespace longwatch {

namespace {

using nlohmann::json;

constexpr std::size_t shown_size_max = 64;

/// Without the library's own number of it.
std::string json_reason(json::exception const& error)
{
    std::string const text = error.what();
    auto const end = text.find("] ");
    return end == std::string::npos ? text : text.substr(end + 2);
}

/// Goes through a text without keeping it, and ends where there is too much of it.
class WithinBounds : public json::json_sax_t {
public:
    std::string const& problem() const { return problem_; }

    bool null() override { return counts(); }
    bool boolean(bool) override { return counts(); }
    bool number_integer(json::number_integer_t) override { return counts(); }
    bool number_unsigned(json::number_unsigned_t) override { return counts(); }
    bool number_float(json::number_float_t, std::string const&) override { return counts(); }
    bool string(std::string&) override { return counts(); }
    bool binary(json::binary_t&) override { return counts(); }
    bool start_object(std::size_t) override { return opens(); }
    bool key(std::string&) override { return counts(); }
    bool end_object() override { return closes(); }
    bool start_array(std::size_t) override { return opens(); }
    bool end_array() override { return closes(); }
    bool parse_error(std::size_t, std::string const&, json::exception const& error) override
    {
        problem_ = json_reason(error);
        return false;
    }

private:
    bool counts()
    {
        if (++values_ <= json_values_max) { return true; }
        problem_ = fmt::format("it has more than {} values", json_values_max);
        return false;
    }
    bool opens()
    {
        if (++depth_ <= json_depth_max) { return counts(); }
        problem_ = fmt::format("it is nested deeper than {}", json_depth_max);
        return false;
    }
    bool closes()
    {
        --depth_;
        return true;
    }

    int depth_ = 0;
    std::int64_t values_ = 0;
    std::string problem_;
};

std::string bounds_problem(std::string_view bytes, json::input_format_t format)
{
    WithinBounds bounds;
    bool const is_sound = json::sax_parse(bytes.begin(), bytes.end(), &bounds, format);
    return is_sound ? "" : bounds.problem();
}

json load_value(std::filesystem::path const& file, std::int64_t size_max,
                json::input_format_t format)
{
    auto const bytes = load_exercise_file(file, size_max);
    bool const is_text = format == json::input_format_t::json;
    auto problem = bounds_problem(bytes, format);
    if (problem.empty()) {
        try {
            return is_text ? json::parse(bytes) : json::from_msgpack(bytes);
        } catch (json::exception const& error) {
            problem = json_reason(error);
        }
    }
    throw std::runtime_error(fmt::format("{} cannot be read as {} ({})", file.string(),
                                         is_text ? "JSON" : "MessagePack", problem));
}

/// Short, and printable.
std::string shown_value(json const& value)
{
    switch (value.type()) {
    case json::value_t::object: return "a table";
    case json::value_t::array: return fmt::format("a list of {}", value.size());
    case json::value_t::binary: return "bytes";
    case json::value_t::number_float: return fmt::format("{}", value.get<double>());
    case json::value_t::string: {
        auto const& text = value.get_ref<std::string const&>();
        auto const shown = json(text.substr(0, shown_size_max))
                               .dump(-1, ' ', true, json::error_handler_t::replace);
        return text.size() > shown_size_max ? shown + "..." : shown;
    }
    default: return value.dump();
    }
}

}  // namespace

std::string load_exercise_file(std::filesystem::path const& file, std::int64_t size_max)
{
    try {
        return load_file(file, size_max);
    } catch (std::system_error const& error) {
        auto const why = error.code() == std::errc::file_too_large
                             ? fmt::format("it has more than {} bytes", size_max)
                             : std::string(error.what());
        throw std::runtime_error(fmt::format("{} cannot be read ({})", file.string(), why));
    }
}

void check_appendable(std::filesystem::path const& file)
{
    auto const there = std::filesystem::symlink_status(file);
    if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) {
        throw std::runtime_error(file.string() + " is no plain file (remove it)");
    }
}

json load_json(std::filesystem::path const& file, std::int64_t size_max)
{
    return load_value(file, size_max, json::input_format_t::json);
}

json load_msgpack(std::filesystem::path const& file, std::int64_t size_max)
{
    return load_value(file, size_max, json::input_format_t::msgpack);
}

std::string msgpack_problem(std::string_view bytes)
{
    return bounds_problem(bytes, json::input_format_t::msgpack);
}

std::optional<json> json_of_text(std::string_view text)
{
    if (!bounds_problem(text, json::input_format_t::json).empty()) { return std::nullopt; }
    auto value = json::parse(text, nullptr, false);
    if (value.is_discarded()) { return std::nullopt; }
    return value;
}

FileValue FileValue::at(std::string_view key) const
{
    if (!value_->is_object()) { refuse("a table"); }
    auto const found = value_->find(key);
    if (found == value_->end()) { throw WrongValue(fmt::format("{} is missing", key)); }
    return {*found, key};
}

bool FileValue::has(std::string_view key) const { return value_->contains(key); }

std::vector<FileValue> FileValue::list(std::size_t least, std::size_t most) const
{
    auto const size = value_->size();
    if (!value_->is_array() || size < least || size > most) {
        refuse(least == most ? fmt::format("a list of {}", least)
                             : fmt::format("a list of {} to {}", least, most));
    }
    std::vector<FileValue> elements;
    elements.reserve(size);
    for (auto const& element : *value_) { elements.emplace_back(element, key_); }
    return elements;
}

std::int64_t FileValue::whole(std::int64_t least, std::int64_t most) const
{
    constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
    bool const is_too_large =
        value_->is_number_unsigned() && value_->get<std::uint64_t>() > largest;
    auto const number = value_->is_number_integer() ? value_->get<std::int64_t>() : 0;
    if (!value_->is_number_integer() || is_too_large || number < least || number > most) {
        refuse(fmt::format("a whole number from {} to {}", least, most));
    }
    return number;
}

std::uint64_t FileValue::natural() const
{
    if (!value_->is_number_unsigned()) { refuse("a whole number from 0 to 2^64 - 1"); }
    return value_->get<std::uint64_t>();
}

double FileValue::number() const
{
    if (!value_->is_number()) { refuse("a number"); }
    return value_->get<double>();
}

double FileValue::seconds() const
{
    double const t_s = value_->is_number() ? value_->get<double>() : std::nan("");
    if (!(std::abs(t_s) <= never_s)) { refuse(fmt::format("seconds, at most {}", never_s)); }
    return t_s;
}

bool FileValue::flag() const
{
    if (!value_->is_boolean()) { refuse("true or false"); }
    return value_->get<bool>();
}

std::string const& FileValue::text() const
{
    if (!value_->is_string()) { refuse("a text"); }
    return value_->get_ref<std::string const&>();
}

void FileValue::refuse(std::string const& what_belongs) const
{
    throw WrongValue(fmt::format("{}: {} ({} belongs there)", key_.substr(0, shown_size_max),
                                 shown_value(*value_), what_belongs));
}

}  // namespace longwatch
