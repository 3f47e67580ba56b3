#include "results/store/copies_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "results/store/atomic_file.hpp"
#include "results/store/seal.hpp"

namespace longwatch {

namespace {

// "longwatch checkpoint", then number, size of the content and room of a copy, sixteen hexadecimal digits each.
constexpr std::string_view mark = "longwatch checkpoint";
constexpr std::size_t digits = 16;
constexpr std::size_t head_size = mark.size() + 3 * (1 + digits) + 1;
constexpr std::int64_t page = 4096;
constexpr std::int64_t copies_size_max = std::int64_t{1} << 32;

struct Head {
    std::uint64_t number = 0, size = 0, room = 0;
};

std::string head_text(Head const& head)
{
    return fmt::format("{} {:016x} {:016x} {:016x}\n", mark, head.number, head.size, head.room);
}

std::optional<Head> head_at(std::string_view file, std::size_t at)
{
    if (at > file.size() || file.size() - at < head_size) { return std::nullopt; }
    auto const text = file.substr(at, head_size);
    if (!text.starts_with(mark)) { return std::nullopt; }
    Head head;
    std::size_t from = mark.size() + 1;
    for (auto* value : {&head.number, &head.size, &head.room}) {
        auto const* const begin = text.data() + from;
        std::from_chars(begin, begin + digits, *value, 16);
        from += digits + 1;
    }
    return head_text(head) == text ? std::optional(head) : std::nullopt;
}

/// The copy with its head and seal, where it is whole.
std::optional<std::string_view> whole_at(std::string_view file, std::size_t at, Head const& head)
{
    auto const rest = file.size() - at - head_size;
    if (rest < seal_size || head.size > rest - seal_size) { return std::nullopt; }
    auto const copy = file.substr(at, head_size + head.size + seal_size);
    return is_sealed(copy) ? std::optional(copy) : std::nullopt;
}

[[noreturn]] void copies_failed(char const* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

[[noreturn]] void refuse_other_run()
{
    throw std::system_error(EBUSY, std::generic_category(), "another run keeps its flights in it");
}

/// Such a file, damaged as it may be: the mark is at its begin or somewhere in it, or it holds nothing but zeros, as a disk
/// may that was without power.
bool is_of_ours(std::string_view file)
{
    auto const begin = file.substr(0, mark.size());
    return begin == mark.substr(0, begin.size()) || file.find(mark) != file.npos ||
           file.find_first_not_of('\0') == file.npos;
}

/// Opened to renew what it holds; below 0 where there is no file.
class OpenCopies {
public:
    explicit OpenCopies(std::filesystem::path const& path)
        : fd_(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW))
    {
        if (fd_ < 0 && errno != ENOENT) { copies_failed("it cannot be opened"); }
    }
    ~OpenCopies()
    {
        if (fd_ >= 0) { ::close(fd_); }
    }
    OpenCopies(OpenCopies const&) = delete;
    OpenCopies& operator=(OpenCopies const&) = delete;

    bool is_there() const { return fd_ >= 0; }

    /// Nobody else has written since: the latest copy is where it was put, and no whole later one where the next will be.
    void check_latest(CopiesPlace const& latest) const
    {
        auto const at = static_cast<std::int64_t>((latest.number - 1) % 2) * latest.room;
        auto const found = head_at(read(at, head_size), 0);
        bool const is_it =
            found && found->number == latest.number &&
            found->room == static_cast<std::uint64_t>(latest.room) &&
            read(at + static_cast<std::int64_t>(head_size + found->size), seal_size) == latest.seal;
        if (!is_it || has_later(latest)) { refuse_other_run(); }
    }

    void write(std::string_view bytes, std::int64_t offset) const
    {
        while (!bytes.empty()) {
            auto const written = ::pwrite(fd_, bytes.data(), bytes.size(), offset);
            if (written < 0 && errno == EINTR) { continue; }
            if (written < 0) { copies_failed("writing failed"); }
            bytes.remove_prefix(static_cast<std::size_t>(written));
            offset += written;
        }
        if (::fdatasync(fd_) != 0) { copies_failed("writing failed"); }
    }

private:
    bool has_later(CopiesPlace const& latest) const
    {
        auto const at = static_cast<std::int64_t>(latest.number % 2) * latest.room;
        auto const head = head_at(read(at, head_size), 0);
        if (!head || head->number <= latest.number) { return false; }
        auto const copy = read(at, static_cast<std::size_t>(latest.room));
        return whole_at(copy, 0, *head).has_value();
    }

    /// Less than so many bytes where the file ends.
    std::string read(std::int64_t offset, std::size_t size) const
    {
        std::string bytes(size, '\0');
        std::size_t got = 0;
        while (got < size) {
            auto const more = ::pread(fd_, bytes.data() + got, size - got,
                                      offset + static_cast<std::int64_t>(got));
            if (more < 0 && errno == EINTR) { continue; }
            if (more < 0) { copies_failed("reading failed"); }
            if (more == 0) { break; }
            got += static_cast<std::size_t>(more);
        }
        bytes.resize(got);
        return bytes;
    }

    int fd_;
};

}  // namespace

void CopiesFile::write(std::string_view content)
{
    auto const copy_of = [&](CopiesPlace& place) {
        auto copy =
            head_text({place.number, content.size(), static_cast<std::uint64_t>(place.room)});
        copy += content;
        place.seal = seal_of(copy);
        return copy + place.seal;
    };
    auto const needed = static_cast<std::int64_t>(head_size + content.size() + seal_size);
    if (place_.room > 0) {
        OpenCopies const file(path_);
        place_.is_there = file.is_there();
        if (file.is_there()) { file.check_latest(place_); }
        if (file.is_there() && needed <= place_.room) {
            CopiesPlace next{place_.room, place_.number + 1, true, {}};
            file.write(copy_of(next), static_cast<std::int64_t>(place_.number % 2) * place_.room);
            place_ = next;
            return;
        }
    }
    // Half as much again, for counts grow while a run lasts. Zeros are written where the second copy will be, so that
    // its room is taken on any file system.
    CopiesPlace first{(needed + needed / 2 + page - 1) / page * page, 1, true, {}};
    auto bytes = copy_of(first);
    bytes.resize(static_cast<std::size_t>(2 * first.room), '\0');
    if (place_.is_there) {
        replace_file(path_, bytes);
    } else if (!make_file(path_, bytes)) {
        refuse_other_run();
    }
    place_ = first;
}

WholeCopies read_copies(std::filesystem::path const& path)
{
    auto const file = load_file(path, copies_size_max);
    WholeCopies out;
    out.is_ours = is_of_ours(file);
    out.place.is_there = true;
    struct Found {
        Head head;
        std::size_t at;
        std::string_view copy;
    };
    std::vector<Found> found;
    for (std::size_t at = 0; at < file.size(); at += page) {
        auto const head = head_at(file, at);
        if (!head) { continue; }
        auto const copy = whole_at(file, at, *head);
        if (!copy) {
            out.is_one_damaged = true;
            continue;
        }
        found.push_back({*head, at, *copy});
        // Whatever the copy holds is no head.
        at = (at + copy->size() - 1) / page * page;
    }
    if (found.empty()) {
        out.is_one_damaged = !file.empty();
        return out;
    }
    // Where a whole copy is alone, the other is damaged unless nothing was ever written in its place.
    if (found.size() == 1) {
        auto const other = found.front().at == 0 ? found.front().head.room : 0;
        out.is_one_damaged = out.is_one_damaged || other >= file.size() || file[other] != '\0';
    }
    std::ranges::sort(found,
                      [](Found const& a, Found const& b) { return a.head.number > b.head.number; });
    auto const& newest = found.front();
    out.place = {static_cast<std::int64_t>(newest.head.room), newest.head.number, true,
                 std::string(newest.copy.substr(newest.copy.size() - seal_size))};
    for (auto const& one : found) {
        out.contents.emplace_back(
            one.copy.substr(head_size, one.copy.size() - head_size - seal_size));
    }
    return out;
}

}  // namespace longwatch
