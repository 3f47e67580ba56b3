// The little of HDF5 that the store needs: files in memory, labelled datasets, attributes. Every
// failure is an Hdf5Failure with HDF5's own reason; HDF5 prints nothing.
#pragma once

#include <hdf5.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace longwatch {

struct Hdf5Failure : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Keeps HDF5 from printing its error stack, while alive.
class QuietHdf5 {
public:
    QuietHdf5();
    ~QuietHdf5();
    QuietHdf5(QuietHdf5 const&) = delete;
    QuietHdf5& operator=(QuietHdf5 const&) = delete;
    QuietHdf5(QuietHdf5&&) = delete;
    QuietHdf5& operator=(QuietHdf5&&) = delete;

private:
    H5E_auto2_t function_ = nullptr;
    void* data_ = nullptr;
};

/// An HDF5 identifier, closed when it goes.
class Handle {
public:
    using Close = herr_t (*)(hid_t);
    /// Throws an Hdf5Failure where the id is not valid; `what` says what was tried.
    Handle(hid_t id, Close close, std::string const& what);
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept : id_(other.id_), close_(other.close_) { other.id_ = -1; }
    Handle& operator=(Handle&&) = delete;
    Handle(Handle const&) = delete;
    Handle& operator=(Handle const&) = delete;
    operator hid_t() const { return id_; }
    void reset();

private:
    hid_t id_;
    Close close_;
};

/// Throws an Hdf5Failure where an HDF5 call did not succeed.
void require(herr_t status, std::string const& what);

Handle new_file_in_memory();
std::string image_of(hid_t file);
Handle open_file_in_memory(std::string_view image);
Handle new_group(hid_t where, char const* name);

using Shape = std::vector<hsize_t>;

/// How a dataset is laid out in the file. An empty chunk is none; chunks are compressed.
struct NewDataset {
    std::string name;
    std::string unit, description;
    Shape shape, chunk;
};
Handle write_integers(hid_t where, NewDataset const& to, std::vector<std::int64_t> const& values);
Handle write_doubles(hid_t where, NewDataset const& to, std::vector<double> const& values);
Handle write_strings(hid_t where, NewDataset const& to, std::vector<std::string> const& values);

void make_scale(hid_t dataset, char const* name);
void attach_scale(hid_t dataset, unsigned axis, hid_t scale);

void write_attribute(hid_t where, char const* name, std::string const& value);
void write_attribute(hid_t where, char const* name, std::int64_t value);
void write_attribute(hid_t where, char const* name, std::uint64_t value);
void write_attribute(hid_t where, char const* name, double value);

// Reading. Type and shape are compared with what is expected before anything is allocated. Links that may lead out of the
// file, values that lie elsewhere, foreign filters and vast chunks are refused.
std::vector<std::int64_t> read_integers(hid_t where, std::string const& name, Shape const& shape);
std::vector<double> read_doubles(hid_t where, std::string const& name, Shape const& shape);
bool has_group(hid_t where, char const* name);
/// One-dimensional, of at most `most` strings; a scalar dataset holds one.
std::vector<std::string> read_strings(hid_t where, std::string const& name, std::size_t most);
/// The one string of a dataset.
std::string read_string(hid_t where, std::string const& name);
/// Length of a one-dimensional dataset, at most `most`.
std::size_t read_length(hid_t where, std::string const& name, std::size_t most);
std::string read_string_attribute(hid_t where, char const* name);
std::int64_t read_integer_attribute(hid_t where, char const* name);
std::uint64_t read_unsigned_attribute(hid_t where, char const* name);

}  // namespace longwatch
