// Files of an exercise, and words on its wire, that a stranger may have written: read within bounds, and refused with what stands
// there and what belongs there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace longwatch {

/// What writes reaches no deeper than 8, and no more values. The library reads MessagePack, and copies, by calling itself.
inline constexpr int json_depth_max = 32;
inline constexpr std::int64_t json_values_max = std::int64_t{1} << 25;

/// The bytes of a plain file. Throws std::runtime_error, which names it, where it cannot be read or is larger than `size_max`.
std::string load_exercise_file(std::filesystem::path const& file, std::int64_t size_max);
/// Throws std::runtime_error where the name is something else's than a plain file's: what is appended would go elsewhere.
void check_appendable(std::filesystem::path const& file);

/// The value in a file. Throws std::runtime_error, which names it.
nlohmann::json load_json(std::filesystem::path const& file, std::int64_t size_max);
nlohmann::json load_msgpack(std::filesystem::path const& file, std::int64_t size_max);
/// What keeps bytes from being read as MessagePack; "" for nothing.
std::string msgpack_problem(std::string_view bytes);
/// Of a word or a line; nothing where it is no JSON within bounds.
std::optional<nlohmann::json> json_of_text(std::string_view text);

/// A value that does not belong where it stands, without the name of the file.
struct WrongValue : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A value of a file under its key. Whatever is asked for and not there is refused by a WrongValue. Elements of a list have its key.
class FileValue {
public:
    FileValue(nlohmann::json const& value, std::string_view key) : value_(&value), key_(key) {}

    FileValue at(std::string_view key) const;
    bool has(std::string_view key) const;
    std::vector<FileValue> list(std::size_t least, std::size_t most) const;
    std::int64_t whole(std::int64_t least, std::int64_t most) const;
    /// 0 to 2^64 - 1.
    std::uint64_t natural() const;
    /// NaN and infinities too.
    double number() const;
    /// An instant or a span, up to never.
    double seconds() const;
    bool flag() const;
    std::string const& text() const;
    template <class Numbers>
    void get_to(Numbers& numbers) const
    {
        auto to = std::begin(numbers);
        for (auto const& one : list(std::size(numbers), std::size(numbers))) {
            *to++ = one.number();
        }
    }

    [[noreturn]] void refuse(std::string const& what_belongs) const;

private:
    nlohmann::json const* value_;
    std::string_view key_;
};

}  // namespace longwatch
