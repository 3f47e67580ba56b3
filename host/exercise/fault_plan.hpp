// What is made to go wrong in an exercise, and when.
#pragma once

#include <string>
#include <vector>

#include "host/study/study.hpp"

namespace longwatch {

enum class FaultKind : int {
    kill,     ///< a node's process, as a power cut would
    restart,  ///< a killed node's process anew
    cut,      ///< a link: nothing leaves by it
    mend,     ///< a link: as it was before all faults
    slow,     ///< a link: so many more seconds
    lose,     ///< a link: that part of the messages never leaves
    repeat,   ///< a link: every message leaves twice
    clock     ///< a node: its clock is so many seconds fast
};

struct Fault {
    double t_s = 0;
    FaultKind kind = FaultKind::kill;
    std::string name;   ///< of the node or the link
    double amount = 0;  ///< seconds, or a part of 1; 0 where the kind has none
};

bool is_of_link(FaultKind kind);

/// "120 kill us-hub", "300 slow hub-to-korea 20", each of a node or link that takes part in the arm; in the order of time. Throws
/// UsageError that names the text, what is allowed and the nearest name.
std::vector<Fault> fault_plan(std::vector<std::string> const& texts, Study const& study, int arm);

/// "us-hub is killed"
std::string said_of(Fault const& fault);

}  // namespace longwatch
