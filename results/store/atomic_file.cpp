#include "results/store/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace longwatch {

namespace {

[[noreturn]] void fail(int code, std::string const& what)
{
    throw std::system_error(code, std::generic_category(), what);
}

// An error that says all there is to say, without the system's words after it.
class Refused : public std::system_error {
public:
    Refused(int code, char const* why) : std::system_error(code, std::generic_category()), why_(why)
    {
    }
    char const* what() const noexcept override { return why_; }

private:
    char const* why_;
};

[[noreturn]] void refuse(int code, char const* why) { throw Refused(code, why); }

// A file descriptor, closed when it goes.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor()
    {
        if (fd_ >= 0) { ::close(fd_); }
    }
    Descriptor(Descriptor const&) = delete;
    Descriptor& operator=(Descriptor const&) = delete;
    Descriptor(Descriptor&&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;
    operator int() const { return fd_; }
    int close()
    {
        int const fd = fd_;
        fd_ = -1;
        return ::close(fd);
    }

private:
    int fd_;
};

// A file that is removed unless it is kept.
struct TemporaryFile {
    std::filesystem::path path;
    bool keep = false;

    explicit TemporaryFile(std::filesystem::path p) : path(std::move(p)) {}
    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;
    TemporaryFile(TemporaryFile&&) = delete;
    TemporaryFile& operator=(TemporaryFile&&) = delete;
    ~TemporaryFile()
    {
        if (!keep) { ::unlink(path.c_str()); }
    }
};

void write_all(int fd, std::string_view bytes)
{
    while (!bytes.empty()) {
        auto const written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) { continue; }
        if (written < 0) { fail(errno, "writing failed"); }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

int open_to_read(std::filesystem::path const& path)
{
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

std::int64_t size_of_plain(int fd)
{
    struct stat status = {};
    if (::fstat(fd, &status) != 0) { fail(errno, "it cannot be opened"); }
    if (S_ISDIR(status.st_mode)) { refuse(EISDIR, "it is a folder"); }
    if (!S_ISREG(status.st_mode)) { refuse(EINVAL, "it is not a plain file"); }
    return status.st_size;
}

std::string read_at(int fd, off_t from, std::size_t size)
{
    std::string bytes(size, '\0');
    std::size_t filled = 0;
    while (filled < size) {
        auto const got =
            ::pread(fd, bytes.data() + filled, size - filled, from + static_cast<off_t>(filled));
        if (got < 0 && errno == EINTR) { continue; }
        if (got < 0) { fail(errno, "reading failed"); }
        if (got == 0) { break; }
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

// Before anything is written, so that nobody reads what the replaced file hid.
void hand_on_permissions(std::filesystem::path const& path, int fd)
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0) { return; }
    if (::fchmod(fd, status.st_mode & 0777) != 0) { fail(errno, "permissions cannot be kept"); }
}

/// False where a file has that name already.
bool rename_to_new(std::filesystem::path const& from, std::filesystem::path const& to)
{
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return true;
    }
    if (errno == EEXIST) { return false; }
    // Network file systems do not know it.
    bool const is_unknown = errno == EINVAL || errno == ENOSYS || errno == ENOTSUP;
    if (!is_unknown) { fail(errno, "renaming failed"); }
    if (std::filesystem::exists(std::filesystem::symlink_status(to))) { return false; }
    if (::rename(from.c_str(), to.c_str()) != 0) { fail(errno, "renaming failed"); }
    return true;
}

/// As replace_file and make_file do, which differ in how the file gets its name. False where it does not.
template <class Rename>
bool write_beside(std::filesystem::path const& path, std::string_view bytes, Rename const& rename)
{
    if (std::filesystem::is_directory(path)) { refuse(EISDIR, "it is a folder"); }
    if (!path.has_filename()) { fail(EINVAL, "it names no file"); }
    auto const folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    auto const name = "." + path.filename().string().substr(0, 200) + "." +
                      std::to_string(::getpid()) + ".partial";
    auto const partial = folder / name;
    ::unlink(partial.c_str());  // of an earlier process with our number that was killed
    Descriptor file(::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (file < 0) { fail(errno, "no file can be made in its folder"); }
    TemporaryFile temporary(partial);
    hand_on_permissions(path, file);
    write_all(file, bytes);
    if (::fsync(file) != 0) { fail(errno, "writing failed"); }
    if (file.close() != 0) { fail(errno, "writing failed"); }
    if (!rename(partial, path)) { return false; }
    temporary.keep = true;
    // The rename too must survive a power cut; where a folder cannot be synced there is no more to do.
    Descriptor const parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent >= 0) { ::fsync(parent); }
    return true;
}

}  // namespace

void replace_file(std::filesystem::path const& path, std::string_view bytes)
{
    write_beside(path, bytes, [](auto const& from, auto const& to) {
        if (::rename(from.c_str(), to.c_str()) != 0) { fail(errno, "renaming failed"); }
        return true;
    });
}

bool make_file(std::filesystem::path const& path, std::string_view bytes)
{
    return write_beside(path, bytes, rename_to_new);
}

std::string load_file(std::filesystem::path const& path, std::int64_t size_max)
{
    Descriptor const file(open_to_read(path));
    if (file < 0) { fail(errno, "it cannot be opened"); }
    auto const size = size_of_plain(file);
    if (size > size_max) { refuse(EFBIG, "no result is that large"); }
    return read_at(file, 0, static_cast<std::size_t>(size));
}

std::optional<FileEnds> ends_of_file(std::filesystem::path const& path, std::size_t first,
                                     std::size_t last)
{
    Descriptor const file(open_to_read(path));
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) { return std::nullopt; }
    if (file < 0) { fail(errno, "it is there and cannot be opened"); }
    FileEnds ends;
    ends.size = size_of_plain(file);
    auto const size = static_cast<std::size_t>(ends.size);
    last = std::min(last, size);
    ends.first = read_at(file, 0, std::min(first, size));
    ends.last = read_at(file, static_cast<off_t>(size - last), last);
    return ends;
}

}  // namespace longwatch
