// HDF5 files from a few bytes: a sound file of ours, and what is to be done to it. Most of what is done goes through the HDF5 library, so
// that what comes out is sound HDF5 that says something else, and the program's own checks are what it meets; the rest breaks
// bytes, and meets the library.
#pragma once

#include <string>
#include <string_view>

namespace longwatch::fuzz {

/// An HDF5 image. The first byte of a recipe chooses one of three results. Then come steps of five bytes, at most eight: a kind, and
/// four for what it does. Kinds below 240 are changes by the library: attributes and values set to others, datasets and attributes given
/// another type, shape or place, left out, linked to from elsewhere. The other kinds change a byte of what comes out.
std::string result_from(std::string_view recipe);
/// The same of a checkpoint's image.
std::string checkpoint_from(std::string_view recipe);

/// Whether a recipe changes bytes: the HDF5 library may then crash.
bool breaks_bytes(std::string_view recipe);

}  // namespace longwatch::fuzz
