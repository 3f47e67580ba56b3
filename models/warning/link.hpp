// How long a link takes to pass one message on.
#pragma once

#include "models/math/real.hpp"
#include "models/warning/network.hpp"

namespace longwatch {

/// The uniform draws of one link in one flight.
template <class Real>
struct LinkDraws {
    Real latency, availability, slot, repair, loss, queue;
};

/// Transmissions that are lost before one arrives, each lost with probability p alone: geometric,
/// P(n or more) = p^n.
template <class Real>
LW_FUNC Real lost_transmissions(double p, Real const& u)
{
    if (!(p > 0)) { return Real(0); }
    return floor(log(u) * Real(1 / log(p)));
}

/// Time in the queue of a link that passes one message at a time.
///
///   other traffic   keeps it busy for a part `load` of the time. A message that finds it busy, with that
///                   probability, waits exponentially, of mean service / (1 - load): the M/M/1 queue
///                   (Kleinrock, "Queueing Systems" I (1975), section 5.12)
///   the raid        what is left of its earlier flights' messages goes first: behind_s, see flight/raid.hpp
template <class Real>
LW_FUNC Real queue_s(LinkParams const& link, Real const& behind_s, Real const& u_queue)
{
    if (!(link.service_s > 0)) { return Real(0); }
    Real t = Real(link.service_s) + behind_s;
    if (link.load > 0) {
        // P(wait > t) = load exp(-(1 - load) t / service).
        Real const wait =
            Real(-link.service_s / (1 - link.load)) * log(u_queue * Real(1 / link.load));
        t = t + select(u_queue < Real(link.load), wait, Real(0));
    }
    return t;
}

/// From when a message is released until it has arrived; never_s where the link is out for good. An outage is there when
/// the raid begins, so that flights that ignite later wait for less of its repair.
///
///   slot       the message meets the slots' cycle anywhere: uniform from 0 to the period. One slot
///              per 12 s frame, as Link 16 may give a participant, makes a mean of 6 s
///   repair     an outage has no memory: exponential with the mean time to repair
///   loss       a geometric number of retransmissions
///
/// All messages of a flight find the link in the same state, since they follow one another within minutes.
template <class Real>
LW_FUNC Real link_latency_s(LinkParams const& link, Real const& behind_s, Real const& ignition_s,
                            LinkDraws<Real> const& draws)
{
    Real t = quantile(link.latency_s, draws.latency);
    t = t + queue_s(link, behind_s, draws.queue);
    t = t + Real(link.slot_period_s) * draws.slot;
    t = t + Real(link.retransmit_s) * lost_transmissions(link.loss, draws.loss);
    Real const repair =
        link.repair_mean_s > 0 ? Real(-link.repair_mean_s) * log(draws.repair) : Real(never_s);
    Real const left = larger(Real(repair - ignition_s), Real(0));
    return select(draws.availability < Real(link.availability), t, t + left);
}

}  // namespace longwatch
