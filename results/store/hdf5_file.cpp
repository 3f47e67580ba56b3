#include "results/store/hdf5_file.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>

namespace longwatch {

namespace {

constexpr std::size_t memory_step = std::size_t{1} << 20;
constexpr unsigned deflate_level = 4;
constexpr hsize_t chunk_values_max = hsize_t{1} << 23;
// Of all the texts of one dataset or attribute.
constexpr std::size_t text_bytes_max = std::size_t{1} << 26;

// The innermost entry of the error stack, which says most.
herr_t take_description(unsigned, H5E_error2_t const* entry, void* to)
{
    auto& text = *static_cast<std::string*>(to);
    if (entry->desc != nullptr) { text = entry->desc; }
    return 0;
}

[[noreturn]] void fail(std::string const& what)
{
    std::string reason;
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned n, H5E_error2_t const* entry, void* to) {
            return n == 0 ? take_description(n, entry, to) : herr_t{0};
        },
        &reason);
    H5Eclear2(H5E_DEFAULT);
    throw Hdf5Failure(reason.empty() ? what : fmt::format("{}: {}", what, reason));
}

Handle string_type()
{
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "text type");
    require(H5Tset_size(type, H5T_VARIABLE), "text type");
    require(H5Tset_cset(type, H5T_CSET_UTF8), "text type");
    return type;
}

Handle space_of(Shape const& shape)
{
    if (shape.empty()) { return {H5Screate(H5S_SCALAR), H5Sclose, "shape"}; }
    return {H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr), H5Sclose,
            "shape"};
}

Handle write_dataset(hid_t where, NewDataset const& to, hid_t file_type, hid_t memory_type,
                     void const* values)
{
    auto const space = space_of(to.shape);
    Handle const properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "dataset");
    // Without times the same result makes the same bytes.
    require(H5Pset_obj_track_times(properties, false), "dataset");
    require(H5Pset_attr_creation_order(properties, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
            "dataset");
    bool const empty = std::count(to.shape.begin(), to.shape.end(), hsize_t{0}) > 0;
    if (!to.chunk.empty() && !empty) {
        require(H5Pset_chunk(properties, static_cast<int>(to.chunk.size()), to.chunk.data()),
                to.name);
        require(H5Pset_shuffle(properties), to.name);
        require(H5Pset_deflate(properties, deflate_level), to.name);
    }
    Handle dataset(
        H5Dcreate2(where, to.name.c_str(), file_type, space, H5P_DEFAULT, properties, H5P_DEFAULT),
        H5Dclose, to.name);
    if (!empty) {
        require(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), to.name);
    }
    // `units` is the word of the CF conventions, `unit` that of this project.
    write_attribute(dataset, "units", to.unit);
    write_attribute(dataset, "unit", to.unit);
    write_attribute(dataset, "description", to.description);
    return dataset;
}

void write_scalar(hid_t where, char const* name, hid_t file_type, hid_t memory_type,
                  void const* value)
{
    Handle const space(H5Screate(H5S_SCALAR), H5Sclose, name);
    Handle const attribute(H5Acreate2(where, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT),
                           H5Aclose, name);
    require(H5Awrite(attribute, memory_type, value), name);
}

bool is_text(hid_t type)
{
    return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) > 0;
}

std::string words(Shape const& shape)
{
    std::string text;
    for (auto const size : shape) { text += fmt::format("{}{}", text.empty() ? "" : " x ", size); }
    return text.empty() ? "a single value" : text;
}

/// Whether there is such a link; every part of its path must be a hard one: others may lead out of the file.
bool has_link(hid_t where, std::string const& name)
{
    for (auto end = name.find('/', 1);; end = name.find('/', end + 1)) {
        auto const part = name.substr(0, end);
        if (H5Lexists(where, part.c_str(), H5P_DEFAULT) <= 0) { return false; }
        H5L_info_t link = {};
        require(H5Lget_info(where, part.c_str(), &link, H5P_DEFAULT), part);
        if (link.type != H5L_TYPE_HARD) {
            throw Hdf5Failure(
                fmt::format("{} is a soft or external link, which no result has", part));
        }
        if (end == std::string::npos) { return true; }
    }
}

/// Our files hold plain, or chunked and deflated, values of their own.
void check_layout(hid_t dataset, std::string const& name)
{
    auto const refuse = [&](char const* why) {
        throw Hdf5Failure(fmt::format("dataset {} {}, which no result's does", name, why));
    };
    Handle const properties(H5Dget_create_plist(dataset), H5Pclose, name);
    auto const layout = H5Pget_layout(properties);
    if (layout == H5D_VIRTUAL) { refuse("takes its values from other datasets"); }
    if (H5Pget_external_count(properties) != 0) { refuse("takes its values from other files"); }
    if (layout == H5D_CHUNKED) {
        Shape chunk(H5S_MAX_RANK);
        int const rank = H5Pget_chunk(properties, H5S_MAX_RANK, chunk.data());
        if (rank < 0) { fail(name); }
        hsize_t values = 1;
        for (int i = 0; i < rank; ++i) {
            values *= std::min(chunk[static_cast<std::size_t>(i)], chunk_values_max + 1);
            if (values > chunk_values_max) { refuse("has chunks of more than 8 million values"); }
        }
    }
    int const filters = H5Pget_nfilters(properties);
    for (int i = 0; i < filters; ++i) {
        unsigned flags = 0, config = 0;
        std::size_t values = 0;
        auto const filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags, &values,
                                           nullptr, 0, nullptr, &config);
        if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE) {
            refuse("is filtered by other than shuffle and deflate");
        }
    }
}

Handle open_dataset(hid_t where, std::string const& name)
{
    if (!has_link(where, name)) { throw Hdf5Failure(fmt::format("dataset {} is missing", name)); }
    Handle dataset(H5Dopen2(where, name.c_str(), H5P_DEFAULT), H5Dclose, "dataset " + name);
    check_layout(dataset, name);
    return dataset;
}

Shape shape_of(hid_t dataset, std::string const& name)
{
    Handle const space(H5Dget_space(dataset), H5Sclose, name);
    int const rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0) { fail(name); }
    Shape shape(static_cast<std::size_t>(rank));
    if (rank > 0) { require(H5Sget_simple_extent_dims(space, shape.data(), nullptr), name); }
    return shape;
}

// Lets go of the strings that HDF5 allocated for a read.
struct Strings {
    std::vector<char*> text;
    explicit Strings(std::size_t count) : text(count, nullptr) {}
    ~Strings()
    {
        for (auto* p : text) { H5free_memory(p); }
    }
    Strings(Strings const&) = delete;
    Strings& operator=(Strings const&) = delete;
    Strings(Strings&&) = delete;
    Strings& operator=(Strings&&) = delete;
    std::vector<std::string> copy(std::string const& what) const
    {
        std::vector<std::string> result;
        std::size_t size = 0;
        for (auto const* p : text) {
            auto const& one = result.emplace_back(p == nullptr ? "" : p);
            size += one.size();
            if (size > text_bytes_max) {
                throw Hdf5Failure(fmt::format("{} has more than 64 MiB of text", what));
            }
        }
        return result;
    }
};

Handle open_attribute(hid_t where, char const* name)
{
    if (H5Aexists(where, name) <= 0) {
        throw Hdf5Failure(fmt::format("attribute {} is missing", name));
    }
    Handle attribute(H5Aopen(where, name, H5P_DEFAULT), H5Aclose, name);
    Handle const space(H5Aget_space(attribute), H5Sclose, name);
    if (H5Sget_simple_extent_npoints(space) != 1) {
        throw Hdf5Failure(fmt::format("attribute {} is not a single value", name));
    }
    return attribute;
}

void read_number_attribute(hid_t where, char const* name, hid_t file_type, hid_t memory_type,
                           void* to)
{
    auto const attribute = open_attribute(where, name);
    Handle const type(H5Aget_type(attribute), H5Tclose, name);
    if (H5Tequal(type, file_type) <= 0) {
        throw Hdf5Failure(fmt::format("attribute {} is of another type", name));
    }
    require(H5Aread(attribute, memory_type, to), name);
}

struct NumberType {
    hid_t in_file, in_memory;
    char const* words;
};

template <class Number>
std::vector<Number> read_numbers(hid_t where, std::string const& name, Shape const& shape,
                                 NumberType const& wanted)
{
    auto const dataset = open_dataset(where, name);
    auto const found = shape_of(dataset, name);
    if (found != shape) {
        throw Hdf5Failure(
            fmt::format("dataset {} has the shape {}, not {}", name, words(found), words(shape)));
    }
    Handle const type(H5Dget_type(dataset), H5Tclose, name);
    if (H5Tequal(type, wanted.in_file) <= 0) {
        throw Hdf5Failure(fmt::format("dataset {} is not of {}", name, wanted.words));
    }
    std::size_t count = 1;
    for (auto const size : shape) { count *= size; }
    std::vector<Number> values(count);
    if (count > 0) {
        require(H5Dread(dataset, wanted.in_memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
                "dataset " + name);
    }
    return values;
}

}  // namespace

QuietHdf5::QuietHdf5()
{
    H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

QuietHdf5::~QuietHdf5() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }

Handle::Handle(hid_t id, Close close, std::string const& what) : id_(id), close_(close)
{
    if (id < 0) { fail(what); }
}

void Handle::reset()
{
    if (id_ >= 0) { close_(id_); }
    id_ = -1;
}

void require(herr_t status, std::string const& what)
{
    if (status < 0) { fail(what); }
}

Handle new_file_in_memory()
{
    Handle const access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file");
    require(H5Pset_fapl_core(access, memory_step, false), "file");
    // The oldest superblock: HDF5 1.10 gives images of newer ones a wrong superblock checksum.
    require(H5Pset_libver_bounds(access, H5F_LIBVER_EARLIEST, H5F_LIBVER_V18), "file");
    Handle const creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "file");
    // netCDF readers ask for links and attributes in the order of their making.
    unsigned const order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    require(H5Pset_link_creation_order(creation, order), "file");
    require(H5Pset_attr_creation_order(creation, order), "file");
    require(H5Pset_obj_track_times(creation, false), "file");
    return {H5Fcreate("longwatch-result", H5F_ACC_TRUNC, creation, access), H5Fclose, "file"};
}

std::string image_of(hid_t file)
{
    require(H5Fflush(file, H5F_SCOPE_GLOBAL), "file");
    auto const size = H5Fget_file_image(file, nullptr, 0);
    if (size < 0) { fail("file"); }
    std::string image(static_cast<std::size_t>(size), '\0');
    if (H5Fget_file_image(file, image.data(), image.size()) != size) { fail("file"); }
    return image;
}

Handle open_file_in_memory(std::string_view image)
{
    // A file must not choose code that is loaded to read it.
    H5PLset_loading_state(0);
    Handle const access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file");
    require(H5Pset_fapl_core(access, memory_step, false), "file");
    // HDF5 copies the image and changes nothing of ours.
    require(H5Pset_file_image(access, const_cast<char*>(image.data()), image.size()), "file");
    return {H5Fopen("longwatch-result", H5F_ACC_RDONLY, access), H5Fclose, "file"};
}

Handle new_group(hid_t where, char const* name)
{
    Handle const creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose, name);
    unsigned const order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    require(H5Pset_link_creation_order(creation, order), name);
    require(H5Pset_attr_creation_order(creation, order), name);
    require(H5Pset_obj_track_times(creation, false), name);
    return {H5Gcreate2(where, name, H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose, name};
}

Handle write_integers(hid_t where, NewDataset const& to, std::vector<std::int64_t> const& values)
{
    return write_dataset(where, to, H5T_STD_I64LE, H5T_NATIVE_INT64, values.data());
}

Handle write_doubles(hid_t where, NewDataset const& to, std::vector<double> const& values)
{
    return write_dataset(where, to, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data());
}

Handle write_strings(hid_t where, NewDataset const& to, std::vector<std::string> const& values)
{
    std::vector<char const*> text;
    text.reserve(values.size());
    for (auto const& value : values) { text.push_back(value.c_str()); }
    auto const type = string_type();
    return write_dataset(where, to, type, type, text.data());
}

void make_scale(hid_t dataset, char const* name) { require(H5DSset_scale(dataset, name), name); }

void attach_scale(hid_t dataset, unsigned axis, hid_t scale)
{
    require(H5DSattach_scale(dataset, scale, axis), "dimension scale");
}

void write_attribute(hid_t where, char const* name, std::string const& value)
{
    auto const type = string_type();
    auto const* text = value.c_str();
    write_scalar(where, name, type, type, &text);
}

void write_attribute(hid_t where, char const* name, std::int64_t value)
{
    write_scalar(where, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

void write_attribute(hid_t where, char const* name, std::uint64_t value)
{
    write_scalar(where, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value);
}

void write_attribute(hid_t where, char const* name, double value)
{
    write_scalar(where, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}

std::vector<std::int64_t> read_integers(hid_t where, std::string const& name, Shape const& shape)
{
    return read_numbers<std::int64_t>(where, name, shape,
                                      {H5T_STD_I64LE, H5T_NATIVE_INT64, "64-bit integers"});
}

std::vector<double> read_doubles(hid_t where, std::string const& name, Shape const& shape)
{
    return read_numbers<double>(where, name, shape,
                                {H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, "64-bit floating point"});
}

bool has_group(hid_t where, char const* name) { return has_link(where, name); }

std::size_t read_length(hid_t where, std::string const& name, std::size_t most)
{
    auto const shape = shape_of(open_dataset(where, name), name);
    if (shape.size() > 1) {
        throw Hdf5Failure(fmt::format("dataset {} has {} dimensions, not 1", name, shape.size()));
    }
    auto const length = shape.empty() ? hsize_t{1} : shape[0];
    if (length > most) {
        throw Hdf5Failure(
            fmt::format("dataset {} has {} entries (at most {} are read)", name, length, most));
    }
    return static_cast<std::size_t>(length);
}

std::vector<std::string> read_strings(hid_t where, std::string const& name, std::size_t most)
{
    auto const count = read_length(where, name, most);
    auto const dataset = open_dataset(where, name);
    Handle const type(H5Dget_type(dataset), H5Tclose, name);
    if (!is_text(type)) { throw Hdf5Failure(fmt::format("dataset {} is not of text", name)); }
    Strings strings(count);
    if (count > 0) {
        require(H5Dread(dataset, string_type(), H5S_ALL, H5S_ALL, H5P_DEFAULT, strings.text.data()),
                "dataset " + name);
    }
    return strings.copy("dataset " + name);
}

std::string read_string(hid_t where, std::string const& name)
{
    auto const found = read_strings(where, name, 1);
    if (found.empty()) { throw Hdf5Failure(fmt::format("dataset {} is empty", name)); }
    return found.front();
}

std::string read_string_attribute(hid_t where, char const* name)
{
    auto const attribute = open_attribute(where, name);
    Handle const type(H5Aget_type(attribute), H5Tclose, name);
    if (!is_text(type)) { throw Hdf5Failure(fmt::format("attribute {} is not text", name)); }
    Strings strings(1);
    require(H5Aread(attribute, string_type(), strings.text.data()), name);
    return strings.copy(std::string("attribute ") + name).front();
}

std::int64_t read_integer_attribute(hid_t where, char const* name)
{
    std::int64_t value = 0;
    read_number_attribute(where, name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
    return value;
}

std::uint64_t read_unsigned_attribute(hid_t where, char const* name)
{
    std::uint64_t value = 0;
    read_number_attribute(where, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value);
    return value;
}

}  // namespace longwatch
