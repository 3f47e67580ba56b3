// docs/io_format.md against a file that the store has written, both ways.
#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "results/show/show_json.hpp"
#include "results/store/schema.hpp"
#include "results/store/store.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::test {
namespace {

namespace fs = std::filesystem;

// Path of a dataset or attribute, and "type | dimensions | unit | meaning" as in the page.
using Listing = std::map<std::string, std::string>;

// From the root of the tree, where the tests run.
std::string text_of(fs::path const& path)
{
    std::ifstream file(fs::path(__FILE__).parent_path().parent_path().parent_path() / path);
    if (!file) { file.open(path); }
    REQUIRE(file);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string trimmed(std::string text)
{
    text.erase(0, text.find_first_not_of(' '));
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
}

// The rows of the page's tables whose first cell is a name in backquotes that begins with a slash.
Listing listed_in_page(std::string const& page)
{
    Listing found;
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("| `/", 0) != 0) { continue; }
        std::vector<std::string> cells;
        std::istringstream row(line.substr(1));
        for (std::string cell; std::getline(row, cell, '|');) { cells.push_back(trimmed(cell)); }
        auto const name = cells[0].substr(1, cells[0].size() - 2);
        std::string rest;
        for (std::size_t i = 1; i < cells.size(); ++i) { rest += (i > 1 ? " | " : "") + cells[i]; }
        CHECK(found.emplace(name, rest).second);
    }
    return found;
}

std::string type_name(hid_t type)
{
    if (H5Tget_class(type) == H5T_STRING) {
        return H5Tis_variable_str(type) > 0 ? "text" : "chars";
    }
    if (H5Tequal(type, H5T_STD_I64LE) > 0) { return "int64"; }
    if (H5Tequal(type, H5T_STD_U64LE) > 0) { return "uint64"; }
    if (H5Tequal(type, H5T_IEEE_F64LE) > 0) { return "float64"; }
    return "other";
}

std::string text_attribute(hid_t object, char const* name)
{
    hid_t const attribute = H5Aopen(object, name, H5P_DEFAULT);
    REQUIRE(attribute >= 0);
    hid_t const type = H5Aget_type(attribute);
    char* value = nullptr;
    REQUIRE(H5Aread(attribute, type, &value) >= 0);
    std::string const text = value == nullptr ? "" : value;
    H5free_memory(value);
    H5Tclose(type);
    H5Aclose(attribute);
    return text;
}

std::string dimensions_of(hid_t dataset)
{
    hid_t const space = H5Dget_space(dataset);
    int const rank = H5Sget_simple_extent_ndims(space);
    H5Sclose(space);
    std::string names;
    for (int i = 0; i < rank; ++i) {
        char name[256] = "no scale";
        if (H5DSis_scale(dataset) > 0) {
            H5DSget_scale_name(dataset, name, sizeof name);
        } else {
            H5DSiterate_scales(
                dataset, static_cast<unsigned>(i), nullptr,
                [](hid_t, unsigned, hid_t scale, void* to) {
                    return H5DSget_scale_name(scale, static_cast<char*>(to), 256) < 0 ? herr_t{-1}
                                                                                      : herr_t{1};
                },
                name);
        }
        names += (i == 0 ? "" : ", ") + std::string(name);
    }
    return names.empty() ? "-" : names;
}

void list_attributes(hid_t object, Listing& found)
{
    H5Aiterate2(
        object, H5_INDEX_NAME, H5_ITER_INC, nullptr,
        [](hid_t owner, char const* name, H5A_info_t const*, void* to) {
            hid_t const attribute = H5Aopen(owner, name, H5P_DEFAULT);
            hid_t const type = H5Aget_type(attribute);
            (*static_cast<Listing*>(to))["/@" + std::string(name)] = type_name(type);
            H5Tclose(type);
            H5Aclose(attribute);
            return herr_t{0};
        },
        &found);
}

void list_datasets(hid_t group, std::string const& path, Listing& found)
{
    hsize_t count = 0;
    H5G_info_t info;
    REQUIRE(H5Gget_info(group, &info) >= 0);
    for (count = 0; count < info.nlinks; ++count) {
        char name[256];
        REQUIRE(H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, count, name, sizeof name,
                                   H5P_DEFAULT) > 0);
        hid_t const object = H5Oopen(group, name, H5P_DEFAULT);
        REQUIRE(object >= 0);
        if (H5Iget_type(object) == H5I_GROUP) {
            list_datasets(object, path + name + "/", found);
        } else {
            hid_t const type = H5Dget_type(object);
            CHECK(text_attribute(object, "unit") == text_attribute(object, "units"));
            found[path + name] = type_name(type) + " | " + dimensions_of(object) + " | " +
                                 text_attribute(object, "units") + " | " +
                                 text_attribute(object, "description");
            H5Tclose(type);
        }
        H5Oclose(object);
    }
}

Listing listed_in_file(fs::path const& path)
{
    Listing found;
    hid_t const file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    REQUIRE(file >= 0);
    list_attributes(file, found);
    list_datasets(file, "/", found);
    H5Fclose(file);
    return found;
}

}  // namespace

TEST_CASE("docs/io_format.md lists what is in a file, and nothing else", "[results]")
{
    Folder const folder;
    auto const path = folder.path / "result.h5";
    write_result(path, made_result({.flights = 600}));
    auto page = listed_in_page(text_of("docs/io_format.md"));
    auto const file = listed_in_file(path);
    CHECK(file.size() > 60);
    for (auto const& [name, what] : file) {
        INFO(name);
        auto const row = page.find(name);
        REQUIRE(row != page.end());
        // Of an attribute the file knows the type only.
        bool const is_attribute = name.rfind("/@", 0) == 0;
        CHECK((is_attribute ? row->second.substr(0, row->second.find(' ')) : row->second) == what);
    }
    for (auto const& [name, what] : page) {
        INFO(name << " is in the page and not in the file");
        CHECK(file.count(name) == 1);
    }
}

TEST_CASE("schema, page and Python reader share one version", "[results]")
{
    std::smatch found;
    auto const page = text_of("docs/io_format.md");
    REQUIRE(std::regex_search(page, found, std::regex("Schema version: \\*\\*([0-9.]+)\\*\\*")));
    CHECK(found[1] == schema_version());
    // It opens with the version: nothing but the title is before it.
    CHECK(found.position(0) < 120);
    auto const reader = text_of("scripts/longwatch_reader/longwatch_reader/reader.py");
    REQUIRE(std::regex_search(reader, found, std::regex("SCHEMA_VERSION = \"([0-9.]+)\"")));
    CHECK(found[1] == schema_version());
}

TEST_CASE("docs/io_format.md names every key of the JSON", "[results]")
{
    auto const page = text_of("docs/io_format.md");
    auto const result = made_result();
    // Keys that are names of the study are no keys of the format.
    auto const& threats = result.names.threats;
    auto const shown = nlohmann::json::parse(show_json(result)).flatten();
    for (auto const& [pointer, value] : shown.items()) {
        std::istringstream parts(pointer);
        for (std::string key; std::getline(parts, key, '/');) {
            bool const is_name = std::count(threats.begin(), threats.end(), key) > 0;
            bool const is_index = key.find_first_not_of("0123456789") == std::string::npos;
            if (is_name || is_index) { continue; }
            INFO(key);
            CHECK(page.find("`" + key + "`") != std::string::npos);
        }
    }
}

}  // namespace longwatch::test
