// What a node has heard, on disk as it hears it: a node that comes back hears it all again in a moment, and so is where it was.
// Tracks are not kept: the last message of each is given again by its link.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "host/exercise/wire.hpp"

namespace longwatch {

struct JournalEntry {
    double t_heard_s = 0;
    std::string link;
    WireMessage message;
};

/// A line of JSON an entry; one that was cut short is left out.
class NodeJournal {
public:
    /// Reads what is there. Throws std::runtime_error, which names the file, where it cannot.
    explicit NodeJournal(std::filesystem::path file);

    /// In the order in which links gave them out, or were yet to.
    std::vector<JournalEntry> const& before() const { return before_; }
    /// How often the node has begun before; and up to when it had done what was due.
    int beginnings() const { return beginnings_; }
    double t_last_s() const { return t_last_s_; }

    void begin();
    void add(JournalEntry const& entry);
    /// It has been so late: what was due by then is done.
    void reached(double t_s);

private:
    void put(std::string const& line);

    std::filesystem::path file_;
    std::vector<JournalEntry> before_;
    int beginnings_ = 0;
    double t_last_s_;
    std::ofstream out_;
};

}  // namespace longwatch
