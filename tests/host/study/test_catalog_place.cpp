// What a study from a stranger can reach: its own folder, the program's catalogue, and what the user gives.
#include "host/study/catalog_place.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "host/study/catalog_model.hpp"
#include "host/study/read_catalog.hpp"
#include "tests/support/small_study.hpp"

namespace longwatch::test {
namespace {

namespace fs = std::filesystem;
using Catch::Contains;

fs::path const shipped = fs::path(LW_SOURCE_DIR) / "models" / "catalog";

/// The small study with a sensor of the catalogue, which is somewhere.
std::string with_catalog(std::string const& catalog, std::string const& model = "an-tpy-2")
{
    return changed("seed = 7",
                   "seed = 7\ncatalog = \"" + catalog + "\"\n[[sensor]]\nname = \"more\"\n" +
                       "node = \"radars\"\nlatitude_deg = 11\nlongitude_deg = 21\nmodel = \"" +
                       model + "\"");
}

std::string said_of(fs::path const& path, StudyReading const& with = {})
{
    try {
        read_study(path, with);
    } catch (StudyErrors const& errors) {
        return errors.what();
    }
    return "";
}

std::string said_of(Folder const& folder, std::string const& catalog,
                    std::string const& model = "an-tpy-2")
{
    return said_of(write_study(folder, with_catalog(catalog, model)));
}

}  // namespace

TEST_CASE("a study names a catalogue in its own folder, or the program's", "[study][hostile]")
{
    Folder const folder;
    fs::create_directory(folder.path / "own");
    fs::create_directory(folder.path / "own" / "sensors");
    fs::copy_file(shipped / "sensors" / "an-tpy-2.toml",
                  folder.path / "own" / "sensors" / "an-tpy-2.toml");
    CHECK(said_of(folder, "own") == "");
    CHECK(said_of(folder, "./own/../own") == "");
    CHECK(said_of(folder, shipped.generic_string()) == "");
}

TEST_CASE("a study names no other folder, by whatever way", "[study][hostile]")
{
    Folder const folder, elsewhere;
    fs::create_directories(elsewhere.path / "sensors");
    auto const secret = elsewhere.path / "sensors" / "secret.toml";
    std::ofstream(secret) << "password = \"swordfish\"\n";
    auto const outside = elsewhere.path.generic_string();
    auto const up = "../" + elsewhere.path.filename().string();
    fs::create_directory_symlink(elsewhere.path, folder.path / "link");
    for (auto const& catalog : {outside, up, std::string("link"), std::string("/"),
                                std::string(".."), std::string("/etc"), "link/../" + up}) {
        auto const said = said_of(folder, catalog, "secret");
        INFO(catalog);
        CHECK_THAT(said, Contains("leads out of the folder of the study"));
        CHECK_THAT(said, !Contains("password") && !Contains("swordfish"));
    }
    // Where the user gives the folder, it is read, whatever the study says.
    auto const study = write_study(folder, with_catalog("/", "secret"));
    CHECK_THAT(said_of(study, {.catalog = elsewhere.path}), Contains("model 'secret'"));
}

TEST_CASE("links in a catalogue lead nowhere else", "[study][hostile]")
{
    Folder const folder, elsewhere;
    auto const secret = elsewhere.path / "secret.toml";
    std::ofstream(secret) << "password = \"swordfish\"\n";
    auto const own = folder.path / "own";
    fs::create_directories(own / "sensors");
    fs::create_symlink(secret, own / "sensors" / "linked.toml");
    CHECK_THAT(said_of(folder, "own", "linked"), Contains("leads out of the catalogue"));
    fs::remove_all(own / "sensors");
    fs::create_directory_symlink(elsewhere.path, own / "sensors");
    CHECK_THAT(said_of(folder, "own", "secret"), Contains("leads out of the catalogue"));
    // Nor are the names there told.
    CHECK_THAT(said_of(folder, "own", "secre"), !Contains("secret"));
    // A link that stays inside is none of anybody's business.
    fs::remove(own / "sensors");
    fs::create_directory(own / "sensors");
    fs::copy_file(shipped / "sensors" / "an-tpy-2.toml", own / "real.toml");
    fs::create_symlink("../real.toml", own / "sensors" / "an-tpy-2.toml");
    CHECK(said_of(folder, "own") == "");
}

TEST_CASE("a model is no path, device or pipe", "[study][hostile]")
{
    Folder const folder;
    auto const own = folder.path / "own";
    fs::create_directories(own / "sensors");
    for (auto const* model : {"../../secret", "/etc/passwd", "..", "a/b", "a.b", "A", "a b"}) {
        CHECK_THAT(said_of(folder, "own", model),
                   Contains("must be the name of a catalogue model"));
    }
    REQUIRE(::mkfifo((own / "sensors" / "pipe.toml").c_str(), 0600) == 0);
    CHECK_THAT(said_of(folder, "own", "pipe"), Contains("not a plain file"));
    fs::create_symlink("/dev/zero", own / "sensors" / "zero.toml");
    CHECK_THAT(said_of(folder, "own", "zero"), Contains("leads out of the catalogue"));
    fs::create_symlink("round.toml", own / "sensors" / "round.toml");
    CHECK_FALSE(said_of(folder, "own", "round").empty());
    std::ofstream(own / "sensors" / "vast.toml") << std::string((4u << 20) + 1, '#');
    CHECK_THAT(said_of(folder, "own", "vast"), Contains("4 MiB"));
}

TEST_CASE("a catalogue shown on its own follows no link that leads out of it", "[study][hostile]")
{
    Folder const folder, elsewhere;
    auto const secret = elsewhere.path / "secret.toml";
    std::ofstream(secret) << "password = \"swordfish\"\n";
    auto const own = folder.path / "own";
    fs::copy(shipped, own, fs::copy_options::recursive);
    auto const said = [&](auto const& read) -> std::string {
        try {
            read();
        } catch (StudyErrors const& errors) {
            return errors.what();
        }
        return "";
    };
    auto const is_refused = [&](auto const& read) {
        auto const words = said(read);
        CHECK_THAT(words, Contains("leads out of the catalogue"));
        CHECK_THAT(words, !Contains("password") && !Contains("swordfish"));
    };
    CHECK(said([&] { read_catalog_models(own, "sites"); }).empty());
    fs::remove(own / "sites.toml");
    fs::create_symlink(secret, own / "sites.toml");
    is_refused([&] { read_catalog_models(own, "sites"); });
    is_refused([&] { read_sensor_sites(own); });
    fs::remove(own / "threats" / "irbm-liquid.toml");
    fs::create_symlink(secret, own / "threats" / "irbm-liquid.toml");
    is_refused([&] { read_catalog_threat(own, "irbm-liquid"); });
    fs::remove_all(own / "threats");
    fs::create_directory_symlink(elsewhere.path, own / "threats");
    is_refused([&] { catalog_names(own, "threats"); });
    is_refused([&] { read_catalog_models(own, "threats"); });
    is_refused([&] { read_catalog_threat(own, "secret"); });
}

TEST_CASE("a pipe in a catalogue is told as the catalogue's", "[study][hostile]")
{
    Folder const folder;
    auto const own = folder.path / "own";
    fs::create_directories(own / "sensors");
    REQUIRE(::mkfifo((own / "sensors" / "pipe.toml").c_str(), 0600) == 0);
    CHECK_THROWS_WITH(read_catalog_models(own, "sensors"),
                      Contains("cannot read '" + (own / "sensors" / "pipe.toml").generic_string() +
                               "' (it is not a plain file)"));
}

TEST_CASE("a file that no study can name is no model, and figures take what is no number",
          "[study][hostile]")
{
    Folder const folder;
    auto const own = folder.path / "own";
    fs::create_directories(own / "links");
    for (char const* const name : {"a\x1b[31m", "b\nc", "Upper", "d e", "\xff"}) {
        std::ofstream(own / "links" / (std::string(name) + ".toml")) << "source = \"x\"\n";
    }
    std::ofstream(own / "links" / "plain.toml")
        << "source = 5\nlatency_s = \"soon\"\nrelease = [1]\navailability = true\n";
    CHECK(catalog_names(own, "links") == std::vector<std::string>{"plain"});
    auto const models = read_catalog_models(own, "links");
    REQUIRE(models.size() == 1);
    CHECK(figures_of(models[0], own).empty());
    std::ofstream(own / "sites.toml") << "site = [5, { name = 7, model = 8 }]\n";
    auto const sites = read_catalog_models(own, "sites");
    REQUIRE(sites.size() == 1);
    CHECK(sites[0].name.empty());
}

TEST_CASE("a study may itself be no pipe", "[study][hostile]")
{
    Folder const folder;
    auto const pipe = folder.path / "study.toml";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK_THAT(said_of(pipe), Contains("not a plain file"));
}

}  // namespace longwatch::test
