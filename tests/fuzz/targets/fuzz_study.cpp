// libFuzzer over the study reader.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "kernels/scenario.hpp"
#include "tests/fuzz/readers.hpp"
#include "tests/fuzz/targets/study_mutator.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

namespace {

// A study's scenario is 5 MB: fetched anew from the system for every reading, it took most of the time. Two are kept.
struct SpareScenario {
    void* memory = nullptr;
    bool is_taken = false;
};
std::array<SpareScenario, 2> spares;

std::size_t put(std::string const& made, std::uint8_t* to, std::size_t size_max)
{
    auto const size = std::min(made.size(), size_max);
    std::memcpy(to, made.data(), size);
    return size;
}

std::string text_at(std::uint8_t const* data, std::size_t size)
{
    return {reinterpret_cast<char const*>(data), size};
}

}  // namespace

// Our `new` stands beside ASan's for nothrow and aligned memory. No traces of allocations and a small quarantine: twice the speed.
extern "C" char const* __asan_default_options()
{
    return "alloc_dealloc_mismatch=0:malloc_context_size=0:quarantine_size_mb=4";
}

void* operator new(std::size_t size)
{
    for (auto& spare : spares) {
        if (size != sizeof(longwatch::Scenario) || spare.is_taken) { continue; }
        if (spare.memory == nullptr) { spare.memory = std::malloc(size); }
        spare.is_taken = true;
        return spare.memory;
    }
    if (void* const memory = std::malloc(size)) { return memory; }
    throw std::bad_alloc();
}

void operator delete(void* memory) noexcept
{
    for (auto& spare : spares) {
        if (memory != nullptr && memory == spare.memory) {
            spare.is_taken = false;
            return;
        }
    }
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size)
{
    longwatch::fuzz::reads_study({reinterpret_cast<char const*>(data), size});
    return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed)
{
    // One in four by bytes: the parser's own paths.
    if (seed % 4 == 0) { return LLVMFuzzerMutate(data, size, size_max); }
    return put(longwatch::fuzz::StudyMutator(seed).changed(text_at(data, size)), data, size_max);
}

extern "C" std::size_t LLVMFuzzerCustomCrossOver(std::uint8_t const* a, std::size_t size_a,
                                                 std::uint8_t const* b, std::size_t size_b,
                                                 std::uint8_t* out, std::size_t size_max,
                                                 unsigned seed)
{
    longwatch::fuzz::StudyMutator mutator(seed);
    return put(mutator.crossed(text_at(a, size_a), text_at(b, size_b)), out, size_max);
}
