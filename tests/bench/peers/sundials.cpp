// ARC-2000 by SUNDIALS: explicit Runge-Kutta of ARKODE (order 8) and Adams's method of CVODE, one flight after the other,
// with their own root finding.
#include <arkode/arkode_erkstep.h>
#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunnonlinsol/sunnonlinsol_fixedpoint.h>

#include "tests/bench/peers/peer.hpp"

using peer::State;

namespace {

int slope(double t, N_Vector y, N_Vector dy, void* force)
{
    auto const& s = *reinterpret_cast<State const*>(N_VGetArrayPointer(y));
    auto& d = *reinterpret_cast<State*>(N_VGetArrayPointer(dy));
    (*static_cast<peer::Force const*>(force))(s, d, t);
    return 0;
}

/// Zero at the ground and on the edges of the radars' coverage.
int roots(double t, N_Vector y, double* g, void*)
{
    double const* s = N_VGetArrayPointer(y);
    g[0] = std::sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2]) - peer::radius;
    g[1] = peer::height(peer::radars[0], t, s);
    g[2] = peer::height(peer::radars[1], t, s);
    return 0;
}

/// One integrator, made once and started anew for every flight.
class Integrator {
public:
    Integrator(bool adams, double tolerance, int root_count) : adams_(adams)
    {
        SUNContext_Create(nullptr, &context_);
        y_ = N_VNew_Serial(6, context_);
        N_VConst(1.0, y_);
        // A wrong velocity does harm for as long as the flight goes on.
        N_Vector const allowed = N_VClone(y_);
        for (int c = 0; c < 6; ++c) {
            N_VGetArrayPointer(allowed)[c] = tolerance * (c < 3 ? 1 : 0.01);
        }
        if (adams) {
            memory_ = CVodeCreate(CV_ADAMS, context_);
            CVodeInit(memory_, slope, 0, y_);
            CVodeSVtolerances(memory_, 0, allowed);
            CVodeSetNonlinearSolver(memory_, SUNNonlinSol_FixedPoint(y_, 0, context_));
            CVodeSetMaxNumSteps(memory_, 1000000);
            CVodeRootInit(memory_, root_count, roots);
        } else {
            memory_ = ERKStepCreate(slope, 0, y_, context_);
            ERKStepSetTableNum(memory_, ARKODE_FEHLBERG_13_7_8);
            ERKStepSVtolerances(memory_, 0, allowed);
            ERKStepSetMaxNumSteps(memory_, 1000000);
            ERKStepRootInit(memory_, root_count, roots);
        }
    }

    void start(State const& s, peer::Force& force)
    {
        std::copy(s.begin(), s.end(), N_VGetArrayPointer(y_));
        if (adams_) {
            CVodeReInit(memory_, 0, y_);
            CVodeSetUserData(memory_, &force);
        } else {
            ERKStepReInit(memory_, slope, 0, y_);
            ERKStepSetUserData(memory_, &force);
        }
    }

    /// Towards t; true if it stopped at a root before.
    bool go(double until, double& t, std::array<int, 3>& found)
    {
        if (adams_) {
            CVodeSetStopTime(memory_, until);
            if (CVode(memory_, until, y_, &t, CV_NORMAL) != CV_ROOT_RETURN) { return false; }
            CVodeGetRootInfo(memory_, found.data());
            return true;
        }
        ERKStepSetStopTime(memory_, until);
        if (ERKStepEvolve(memory_, until, y_, &t, ARK_NORMAL) != ARK_ROOT_RETURN) { return false; }
        ERKStepGetRootInfo(memory_, found.data());
        return true;
    }

    State state() const
    {
        State out;
        std::copy(N_VGetArrayPointer(y_), N_VGetArrayPointer(y_) + 6, out.begin());
        return out;
    }

private:
    bool adams_;
    SUNContext context_ = nullptr;
    N_Vector y_ = nullptr;
    void* memory_ = nullptr;
};

void fly_one(Integrator& integrator, char variant, peer::Force& force, peer::End& end)
{
    integrator.start(end.s, force);
    std::array<int, 3> found{};
    if (variant == 'a') {
        integrator.go(2000, end.t, found);
    } else {
        for (int k = 0; k < 2; ++k) {
            if (peer::height(peer::radars[k], 0, end.s.data()) > 0) { end.over[2 * k] = 0; }
        }
        while (integrator.go(20000, end.t, found) && found[0] == 0) {
            for (int k = 0; k < 2; ++k) {
                double& event = end.over[2 * k + (found[1 + k] > 0 ? 0 : 1)];
                if (found[1 + k] > 0) { event = std::min(event, end.t); }
                if (found[1 + k] < 0) { event = end.t; }
            }
        }
        State const s = integrator.state();
        for (int k = 0; k < 2; ++k) {
            if (peer::height(peer::radars[k], end.t, s.data()) > 0) { end.over[2 * k + 1] = end.t; }
        }
    }
    end.s = integrator.state();
}

void fly(peer::Table const& table, char variant, std::size_t setting, std::vector<peer::End>& ends)
{
    double const tolerance = std::pow(10.0, -2.0 - static_cast<double>(setting % 8));
    Integrator integrator(setting >= 8, tolerance, variant == 'a' ? 0 : variant == 'b' ? 1 : 3);
    for (std::size_t i = 0; i < ends.size(); ++i) {
        peer::Force force{table.at(6, i)};
        ends[i].s = table.start(i);
        fly_one(integrator, variant, force, ends[i]);
    }
}

}  // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> settings;
    for (char const* method : {"ARKODE 8(7)", "CVODE Adams"}) {
        for (int k = 2; k < 10; ++k) {
            settings.push_back(std::string(method) + " 1e-" + std::to_string(k));
        }
    }
    return peer::serve(argc, argv, settings, fly);
}
