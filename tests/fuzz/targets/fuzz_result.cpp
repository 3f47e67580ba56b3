// libFuzzer over the reader of results and what is told of them: inputs are recipes for files (recipe.hpp).
#include <cstdint>
#include <string_view>

#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/targets/image_memory.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) { return longwatch::fuzz::hold_image_memory(); }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    // One thing is told of each, by its length.
    auto const told = static_cast<longwatch::fuzz::Told>(size % 3);
    longwatch::fuzz::reads_result({reinterpret_cast<char const*>(data), size}, told);
    return 0;
}
