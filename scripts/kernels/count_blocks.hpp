// What the C++ that count_blocks.py has written counts with; block_count is defined before. Threads come one after the other,
// those of a warp together. At the end counts.txt has for each kernel "NAME THREADS WARPS" and for each block "BLOCK VISITS
// ISSUES": visits of all threads; and what their warps issue for them, each as often as the slowest of its threads comes by.
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

static unsigned visits[block_count + 1];  // of the thread that runs

struct Counts {
    struct OfKernel {
        std::vector<unsigned long long> visits = std::vector<unsigned long long>(block_count),
                                        issues = std::vector<unsigned long long>(block_count);
        unsigned long long threads = 0, warps = 0;
    };

    void begin(char const* name, unsigned thread)
    {
        end_thread();
        if (thread % 32 == 0 || kernel != name) { end_warp(); }
        kernel = name;
    }
    ~Counts()
    {
        end_thread();
        end_warp();
        auto const path = std::string(std::getenv("LONGWATCH_COUNT_FOLDER")) + "/counts.txt";
        std::FILE* const file = std::fopen(path.c_str(), "w");
        if (file == nullptr) { return; }
        for (auto const& [name, k] : kernels) {
            std::fprintf(file, "%s %llu %llu\n", name.c_str(), k.threads, k.warps);
            for (int b = 0; b < block_count; ++b) {
                if (k.visits[b] > 0) {
                    std::fprintf(file, "%d %llu %llu\n", b, k.visits[b], k.issues[b]);
                }
            }
        }
        std::fclose(file);
    }

private:
    void end_thread()
    {
        if (kernel.empty()) { return; }
        OfKernel& k = kernels[kernel];
        for (int b = 0; b < block_count; ++b) {
            k.visits[b] += visits[b];
            slowest[b] = std::max(slowest[b], visits[b]);
            visits[b] = 0;
        }
        ++k.threads;
    }
    void end_warp()
    {
        if (kernel.empty()) { return; }
        OfKernel& k = kernels[kernel];
        for (int b = 0; b < block_count; ++b) { k.issues[b] += slowest[b]; }
        std::fill(slowest.begin(), slowest.end(), 0U);
        ++k.warps;
    }

    std::map<std::string, OfKernel> kernels;
    std::string kernel;  // of the thread that runs
    std::vector<unsigned> slowest = std::vector<unsigned>(block_count);
};
static Counts counts;
