// Writes a first study, to be changed.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "host/command/catalog_folder.hpp"
#include "host/command/embedded_texts.hpp"
#include "host/command/output.hpp"
#include "host/command/verbs.hpp"
#include "host/study/catalog_place.hpp"
#include "host/study/table_view.hpp"

namespace longwatch {

namespace fs = std::filesystem;

namespace {

/// The catalogue as a study in this folder names it: relative where both lie below a common folder, so
/// that they can move together. Absolute where they have only the root in common, and where a
/// symbolic link lies on the way, since ".." then leads elsewhere.
fs::path catalog_from(fs::path const& folder, fs::path const& catalog)
{
    auto const from = fs::weakly_canonical(folder), to = fs::canonical(catalog);
    bool const is_plain = from == fs::absolute(folder / "").lexically_normal().parent_path();
    bool const share = from.has_relative_path() && to.has_relative_path() &&
                       *from.relative_path().begin() == *to.relative_path().begin();
    return is_plain && share ? to.lexically_relative(from) : to;
}

/// The starter study with its catalogue at this place.
std::string starter_with(fs::path const& catalog)
{
    std::string text(starter_study());
    std::string const shipped = "catalog = \"../models/catalog\"";
    auto const at = text.find(shipped);
    return text.replace(at, shipped.size(), "catalog = " + toml_text(catalog.generic_string()));
}

[[noreturn]] void cannot_write(std::string const& file, char const* why)
{
    throw CannotRun(fmt::format("cannot write {} ({})", file, why));
}

/// A new file, complete or not there; one that is there stays as it is.
void write_new(std::string const& file, std::string const& text)
{
    std::FILE* const out = std::fopen(file.c_str(), "wxe");
    if (out == nullptr && errno == EEXIST) {
        throw CannotRun(fmt::format(
            "cannot write {} (it exists, and is not replaced) give another name, or remove it",
            file));
    }
    if (out == nullptr) { cannot_write(file, std::strerror(errno)); }
    bool const written = std::fwrite(text.data(), 1, text.size(), out) == text.size();
    int const why = errno;
    if (std::fclose(out) == 0 && written) { return; }
    std::remove(file.c_str());
    cannot_write(file, std::strerror(why));
}

/// As it is given to a shell.
std::string shell_word(std::string const& text)
{
    constexpr std::string_view plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./+:@%,";
    if (!text.empty() && text.find_first_not_of(plain) == text.npos) { return text; }
    std::string quoted = "'";
    for (char const c : text) { quoted += c == '\'' ? std::string("'\\''") : std::string(1, c); }
    return quoted + "'";
}

}  // namespace

ExitStatus init(InitOptions const& options)
{
    fs::path const path = options.file;
    if (options.file.empty()) { throw UsageError("FILE '' (must be a file name)"); }
    auto const folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) {
        throw CannotRun(fmt::format("cannot write {} (the folder {} does not exist) make it first",
                                    options.file, folder.string()));
    }
    auto const catalog = catalog_from(folder, catalog_folder(options.catalog));
    write_new(options.file, starter_with(catalog));
    auto result = path;
    result.replace_extension(".h5");
    // A study may not lead to just any folder: then the user goes on giving it.
    auto const given = options.catalog && !may_be_named(*options.catalog, folder)
                           ? " --catalog " + shell_word(*options.catalog)
                           : "";
    print(
        fmt::format("{0} is a study that runs as it is; change it, then\n"
                    "  longwatch check {1}{3}\n"
                    "  longwatch run {1} -o {2}{3}\n",
                    options.file, shell_word(options.file), shell_word(result.string()), given));
    return exit_fine;
}

}  // namespace longwatch
