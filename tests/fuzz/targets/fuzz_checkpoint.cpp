// libFuzzer over the reader of checkpoints: inputs are recipes for files (recipe.hpp).
#include <malloc.h>

#include <cstdint>
#include <string_view>

#include "tests/fuzz/readers.hpp"

// What the address sanitizer finds is a signal, so that it is seen whose code it was in.
extern "C" char const* __asan_default_options() { return "abort_on_error=1"; }

extern "C" int LLVMFuzzerInitialize(int*, char***)
{
    // Images are of some hundred kilobytes: kept at hand, not fetched from the system for every one.
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    longwatch::fuzz::reads_checkpoint({reinterpret_cast<char const*>(data), size});
    return 0;
}
