#include "tests/fuzz/recipe.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <limits>
#include <random>
#include <vector>

#include "results/store/checkpoint.hpp"
#include "results/store/hdf5_file.hpp"
#include "results/store/seal.hpp"
#include "results/store/store.hpp"
#include "tests/support/file_bytes.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/synthetic_result.hpp"

namespace longwatch::fuzz {

namespace {

constexpr std::array<std::int64_t, 18> hard_integers = {0,
                                                        1,
                                                        -1,
                                                        2,
                                                        3,
                                                        64,
                                                        1023,
                                                        1024,
                                                        1025,
                                                        1'000'000,
                                                        1'000'001,
                                                        INT32_MAX,
                                                        INT64_C(1) << 32,
                                                        INT64_C(1) << 53,
                                                        INT64_MAX,
                                                        INT64_MIN,
                                                        INT64_MAX - 1,
                                                        -1000};
constexpr std::array hard_doubles = {0.0,
                                     1.0,
                                     -1.0,
                                     1e308,
                                     -1e308,
                                     5e-324,
                                     std::numeric_limits<double>::quiet_NaN(),
                                     std::numeric_limits<double>::infinity()};
constexpr std::array hard_texts = {"",
                                   "a",
                                   "4.0",
                                   "4.1",
                                   "5.0",
                                   "-1",
                                   "longwatch result",
                                   "longwatch checkpoint",
                                   "longwatch placement",
                                   "<script>alert(1)</script>",
                                   "\x1b[31m",
                                   "\xff\xfe",
                                   "line\nline",
                                   "| a | b |",
                                   "sobol",
                                   "impact",
                                   "[[threat]]\nname = \"a\"\n",
                                   "= [",
                                   "monte-carlo"};

struct Found {
    std::vector<std::string> groups = {"/"}, datasets;
};

herr_t note_object(hid_t, char const* name, H5O_info_t const* info, void* to)
{
    auto& found = *static_cast<Found*>(to);
    if (info->type == H5O_TYPE_GROUP && std::string_view(name) != ".") {
        found.groups.emplace_back(name);
    }
    if (info->type == H5O_TYPE_DATASET) { found.datasets.emplace_back(name); }
    return 0;
}

herr_t note_name(hid_t, char const* name, H5A_info_t const*, void* to)
{
    static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
}

class Changer {
public:
    Changer(hid_t file, Found const& found, unsigned seed)
        : file_(file), random_(seed), found_(found)
    {
    }

    void change()
    {
        switch (below(12)) {
        case 0:
        case 1:
        case 2: set_attribute(); break;
        case 3:
        case 4:
        case 5: set_values(); break;
        case 6: remake_attribute(); break;
        case 7: resize(); break;
        case 8: remake_dataset(); break;
        case 9: link(); break;
        case 10: remove(); break;
        default: rename_one();
        }
    }

private:
    std::size_t below(std::size_t count)
    {
        return count < 2 ? 0 : std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }
    template <class List>
    auto const& one_of(List const& list)
    {
        return list[below(list.size())];
    }
    std::string dataset() { return found_.datasets.empty() ? "none" : one_of(found_.datasets); }
    std::string group() { return one_of(found_.groups); }

    /// Some attribute of an object, mostly of the root.
    std::pair<std::string, std::string> attribute()
    {
        auto const object = below(4) != 0 ? std::string("/") : dataset();
        Handle const at(H5Oopen(file_, object.c_str(), H5P_DEFAULT), H5Oclose, "object");
        std::vector<std::string> names;
        H5Aiterate2(at, H5_INDEX_NAME, H5_ITER_INC, nullptr, note_name, &names);
        return {object, names.empty() ? "none" : one_of(names)};
    }

    /// Writes some value into attribute or dataset by the type it has.
    void fill(hid_t type, std::size_t count, std::vector<char>& bytes, std::string& text)
    {
        auto const size = H5Tget_size(type);
        bytes.assign(std::max<std::size_t>(count * size, 8), 0);
        text = one_of(hard_texts);
        for (std::size_t i = 0; i < count; ++i) {
            auto* const to = bytes.data() + i * size;
            auto const whole = one_of(hard_integers);
            double const real = one_of(hard_doubles);
            char const* const chars = text.c_str();
            if (H5Tget_class(type) == H5T_STRING) {
                std::copy_n(reinterpret_cast<char const*>(&chars), sizeof(chars), to);
            } else {
                auto const* const from = H5Tget_class(type) == H5T_FLOAT
                                             ? reinterpret_cast<char const*>(&real)
                                             : reinterpret_cast<char const*>(&whole);
                std::copy_n(from, std::min<std::size_t>(size, 8), to);
            }
        }
    }

    void set_attribute()
    {
        auto const [object, name] = attribute();
        Handle const at(
            H5Aopen_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT),
            H5Aclose, "attribute");
        Handle const type(H5Aget_type(at), H5Tclose, "type");
        Handle const space(H5Aget_space(at), H5Sclose, "space");
        auto const count = H5Sget_simple_extent_npoints(space);
        if (!is_plain(type) || count < 1 || count > 1000) { return; }
        std::vector<char> bytes;
        std::string text;
        fill(type, static_cast<std::size_t>(count), bytes, text);
        H5Awrite(at, type, bytes.data());
    }

    static bool is_plain(hid_t type)
    {
        auto const kind = H5Tget_class(type);
        bool const is_text = kind == H5T_STRING && H5Tis_variable_str(type) > 0;
        return is_text || ((kind == H5T_INTEGER || kind == H5T_FLOAT) && H5Tget_size(type) <= 8);
    }

    /// One element of a dataset, or a few.
    void set_values()
    {
        Handle const at(H5Dopen2(file_, dataset().c_str(), H5P_DEFAULT), H5Dclose, "dataset");
        Handle const type(H5Dget_type(at), H5Tclose, "type");
        Handle const space(H5Dget_space(at), H5Sclose, "space");
        auto const count = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
        if (!is_plain(type) || count == 0 || count > 100'000) { return; }
        std::vector<char> bytes;
        std::string text;
        auto const few = std::min<std::size_t>(count, 1 + below(3));
        fill(type, few, bytes, text);
        int const rank = H5Sget_simple_extent_ndims(space);
        if (rank == 0) {
            H5Dwrite(at, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data());
            return;
        }
        Shape size(static_cast<std::size_t>(rank));
        H5Sget_simple_extent_dims(space, size.data(), nullptr);
        std::vector<hsize_t> where;
        for (std::size_t i = 0; i < few; ++i) {
            for (auto const n : size) { where.push_back(below(n)); }
        }
        hsize_t const points = few;
        Handle const memory(H5Screate_simple(1, &points, nullptr), H5Sclose, "space");
        H5Sselect_elements(space, H5S_SELECT_SET, few, where.data());
        H5Dwrite(at, type, memory, space, H5P_DEFAULT, bytes.data());
    }

    hid_t some_type()
    {
        std::array const types = {H5T_STD_I64LE, H5T_STD_U64LE,  H5T_STD_I32LE,  H5T_STD_I8LE,
                                  H5T_STD_I64BE, H5T_IEEE_F64LE, H5T_IEEE_F32LE, H5T_C_S1};
        if (below(4) == 0) {
            hid_t const text = H5Tcopy(H5T_C_S1);
            H5Tset_size(text, below(2) == 0 ? H5T_VARIABLE : 5);
            return text;
        }
        return H5Tcopy(one_of(types));
    }

    /// Vast ones only where they take no room.
    Handle some_space(bool may_be_vast = false)
    {
        Shape size;
        for (auto rank = below(4); rank > 0; --rank) { size.push_back(below(5)); }
        if (below(8) == 0) { return {H5Screate(H5S_NULL), H5Sclose, "space"}; }
        if (may_be_vast && below(4) == 0 && !size.empty()) {
            size.front() = std::uint64_t{1} << below(63);
        }
        if (size.empty()) { return {H5Screate(H5S_SCALAR), H5Sclose, "space"}; }
        return {H5Screate_simple(static_cast<int>(size.size()), size.data(), nullptr), H5Sclose,
                "space"};
    }

    void remake_attribute()
    {
        auto const [object, name] = attribute();
        Handle const at(H5Oopen(file_, object.c_str(), H5P_DEFAULT), H5Oclose, "object");
        H5Adelete(at, name.c_str());
        Handle const type(some_type(), H5Tclose, "type");
        H5Aclose(H5Acreate2(at, name.c_str(), type, some_space(), H5P_DEFAULT, H5P_DEFAULT));
    }

    void remake_dataset()
    {
        auto const name = dataset();
        H5Ldelete(file_, name.c_str(), H5P_DEFAULT);
        Handle const type(some_type(), H5Tclose, "type");
        H5Dclose(H5Dcreate2(file_, name.c_str(), type, chunked_or_not(), H5P_DEFAULT, properties_,
                            H5P_DEFAULT));
    }

    /// A space; the properties beside it may say chunks, so that it can be vast and take no room.
    Handle chunked_or_not()
    {
        bool const chunked = below(2) == 0;
        auto space = some_space(chunked);
        properties_ = H5P_DEFAULT;
        int const rank = H5Sget_simple_extent_ndims(space);
        if (chunked && rank > 0) {
            chunks_ = H5Pcreate(H5P_DATASET_CREATE);
            Shape const chunk(static_cast<std::size_t>(rank), 1 + below(3));
            H5Pset_chunk(chunks_, rank, chunk.data());
            properties_ = chunks_;
        }
        return space;
    }

    /// The same values, more or fewer of them.
    void resize()
    {
        auto const name = dataset();
        Handle const old(H5Dopen2(file_, name.c_str(), H5P_DEFAULT), H5Dclose, "dataset");
        Handle const type(H5Dget_type(old), H5Tclose, "type");
        Handle const space(H5Dget_space(old), H5Sclose, "space");
        int const rank = H5Sget_simple_extent_ndims(space);
        if (rank < 1) { return; }
        Shape size(static_cast<std::size_t>(rank));
        H5Sget_simple_extent_dims(space, size.data(), nullptr);
        auto& one = size[below(size.size())];
        one = below(2) == 0 ? below(4) : one + 1;
        H5Ldelete(file_, name.c_str(), H5P_DEFAULT);
        Handle const wanted(H5Screate_simple(rank, size.data(), nullptr), H5Sclose, "space");
        H5Dclose(
            H5Dcreate2(file_, name.c_str(), type, wanted, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    }

    void link()
    {
        auto const to = below(2) == 0 ? dataset() : group();
        auto const name = dataset();
        switch (below(3)) {
        case 0:
            H5Ldelete(file_, name.c_str(), H5P_DEFAULT);
            H5Lcreate_hard(file_, to.c_str(), file_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        case 1:
            H5Ldelete(file_, name.c_str(), H5P_DEFAULT);
            H5Lcreate_soft(to.c_str(), file_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
            break;
        default:
            H5Ldelete(file_, name.c_str(), H5P_DEFAULT);
            H5Lcreate_external("/dev/zero", to.c_str(), file_, name.c_str(), H5P_DEFAULT,
                               H5P_DEFAULT);
        }
    }

    void remove()
    {
        if (below(2) == 0) {
            H5Ldelete(file_, (below(4) == 0 ? group() : dataset()).c_str(), H5P_DEFAULT);
            return;
        }
        auto const [object, name] = attribute();
        H5Adelete_by_name(file_, object.c_str(), name.c_str(), H5P_DEFAULT);
    }

    void rename_one()
    {
        auto const from = dataset(), to = dataset();
        H5Lmove(file_, from.c_str(), file_, "moved", H5P_DEFAULT, H5P_DEFAULT);
        H5Lmove(file_, to.c_str(), file_, from.c_str(), H5P_DEFAULT, H5P_DEFAULT);
        H5Lmove(file_, "moved", file_, to.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    }

    hid_t file_;
    std::mt19937 random_;
    Found const& found_;
    hid_t properties_ = H5P_DEFAULT, chunks_ = -1;
};

/// A file to begin with, and what is in it.
struct Base {
    std::string image;
    Found found;

    explicit Base(std::string bytes) : image(std::move(bytes))
    {
        auto const file = open_file_in_memory(image);
        H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_INC, note_object, &found, H5O_INFO_BASIC);
    }
};

std::vector<ResultFile> base_results()
{
    return {test::made_result({1, 1, 1, 0, 2, 1}), test::made_result({1, 2, 1, 1, 3, 1}),
            test::made_result({2, 2, 2, 1, 20, 1})};
}

std::vector<Base> const& base_images()
{
    static auto const bases = [] {
        QuietHdf5 const quiet;
        test::Folder const folder;
        std::vector<Base> made;
        for (auto const& result : base_results()) {
            auto const path = folder.path / "base.h5";
            write_result(path, result);
            auto bytes = test::bytes_of(path);
            bytes.resize(bytes.size() - seal_size);
            made.emplace_back(std::move(bytes));
        }
        return made;
    }();
    return bases;
}

std::vector<Base> const& base_checkpoints()
{
    static auto const bases = [] {
        QuietHdf5 const quiet;
        std::vector<Base> made;
        for (auto const& result : base_results()) { made.emplace_back(bytes_of(part_of(result))); }
        return made;
    }();
    return bases;
}

struct Step {
    unsigned char kind = 0;
    std::uint32_t what = 0;

    bool is_by_library() const { return kind < 240; }
};

std::vector<Step> steps_of(std::string_view recipe)
{
    constexpr std::size_t size = 5, most = 8;
    std::vector<Step> steps;
    for (; recipe.size() >= size && steps.size() < most; recipe.remove_prefix(size)) {
        Step step;
        step.kind = static_cast<unsigned char>(recipe[0]);
        std::memcpy(&step.what, recipe.data() + 1, sizeof(step.what));
        steps.push_back(step);
    }
    return steps;
}

std::string changed_by_library(Base const& base, std::vector<Step> const& steps)
{
    Handle const access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file");
    require(H5Pset_fapl_core(access, 1 << 16, false), "file");
    auto* const bytes = const_cast<char*>(base.image.data());
    require(H5Pset_file_image(access, bytes, base.image.size()), "file");
    Handle const file(H5Fopen("changed", H5F_ACC_RDWR, access), H5Fclose, "file");
    for (auto const& step : steps) {
        if (!step.is_by_library()) { continue; }
        try {
            Changer(file, base.found, step.what).change();
        } catch (Hdf5Failure const&) {  // a change that this file does not take
        }
    }
    return image_of(file);
}

std::string made_from(std::vector<Base> const& bases, std::string_view recipe)
{
    QuietHdf5 const quiet;
    if (recipe.empty()) { return {}; }
    auto const& base = bases[static_cast<unsigned char>(recipe[0]) % bases.size()];
    auto const steps = steps_of(recipe.substr(1));
    auto image = base.image;
    if (std::any_of(steps.begin(), steps.end(), [](Step const& s) { return s.is_by_library(); })) {
        image = changed_by_library(base, steps);
    }
    for (auto const& step : steps) {
        if (step.is_by_library()) { continue; }
        // Near the front as often as anywhere: superblock, root group, the first headers.
        std::size_t const reach = step.kind % 2 == 0 ? 4096 : image.size();
        image[(step.what >> 8) % reach] = static_cast<char>(step.what & 255);
    }
    return image;
}

}  // namespace

bool breaks_bytes(std::string_view recipe)
{
    if (recipe.empty()) { return false; }
    auto const steps = steps_of(recipe.substr(1));
    return std::any_of(steps.begin(), steps.end(),
                       [](Step const& step) { return !step.is_by_library(); });
}

std::string result_from(std::string_view recipe) { return made_from(base_images(), recipe); }

std::string checkpoint_from(std::string_view recipe)
{
    return made_from(base_checkpoints(), recipe);
}

}  // namespace longwatch::fuzz
