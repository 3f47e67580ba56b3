#include "results/show/estimate_json.hpp"

namespace longwatch {

Json to_json(Estimate const& e)
{
    Json json = {{"value", e.value}, {"low", e.low}, {"high", e.high}};
    // Said only where it is so: the value lies, or the interval goes on, beyond the number.
    if (e.value_below) { json["value_below"] = true; }
    if (e.value_above) { json["value_above"] = true; }
    if (e.low_open) { json["low_open"] = true; }
    if (e.high_open) { json["high_open"] = true; }
    return json;
}

Json to_json(MaybeEstimate const& e) { return e ? to_json(*e) : Json(nullptr); }

std::string threshold_key(int k) { return std::to_string(static_cast<int>(gain_threshold_s(k))); }

}  // namespace longwatch
