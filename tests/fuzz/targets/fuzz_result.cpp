// libFuzzer over the reader of results and what is told of them: inputs are recipes for files (recipe.hpp).
#include <cstdint>
#include <string_view>

#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/targets/image_memory.hpp"

extern "C" int LLVMFuzzerInitialize(int*, char***) { return longwatch::fuzz::hold_image_memory(); }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    longwatch::fuzz::reads_result({reinterpret_cast<char const*>(data), size});
    return 0;
}
