// Results and parts of runs as plain bytes: what a limited process hands over of a file. Whoever takes them apart trusts
// none of them.
#pragma once

#include <string>
#include <string_view>

#include "results/store/flown_part.hpp"
#include "results/store/result_file.hpp"

namespace longwatch {

std::string plain_bytes_of(ResultFile const& result);
std::string plain_bytes_of(FlownPart const& part);

/// Throw an Hdf5Failure where the bytes are no such thing, or it is beyond the sizes of schema.hpp: no more is allocated
/// than the bytes have. What a result says is not checked: see result_problems.
ResultFile result_of_plain_bytes(std::string_view bytes);
FlownPart part_of_plain_bytes(std::string_view bytes);

}  // namespace longwatch
