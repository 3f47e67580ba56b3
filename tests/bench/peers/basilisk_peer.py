"""ARC-2000 by Basilisk, a simulation for each flight: RK4 steps of the spacecraft, density told to it once a step.

Settings: the step. Its wind model turns the air with the Earth. A simulation is made anew for every
flight, as its users do, and that is timed.
"""

import pathlib
import tempfile

import numpy as np
from Basilisk.architecture import messaging
from Basilisk.simulation import dragDynamicEffector, exponentialAtmosphere, spacecraft, zeroWindModel
from Basilisk.utilities import SimulationBaseClass, macros, simIncludeGravBody
from peer import J2, MU, RADIUS, ROTATION, SCALE_HEIGHT, serve

STEPS_S = [10.0, 5.0, 2.0, 1.0, 0.5]
FOLDER = tempfile.TemporaryDirectory()
# Degree 2 of the field, normalised: C20 = -J2 / sqrt 5.
FIELD = pathlib.Path(FOLDER.name) / "j2.txt"
FIELD.write_text(f"{RADIUS * 1e3:.6f}, {MU * 1e9:.6f}, {ROTATION:.9e}, 2, 2, 1, 0.0, 0.0\n"
                 "0, 0, 1.0, 0.0, 0.0, 0.0\n1, 0, 0.0, 0.0, 0.0, 0.0\n1, 1, 0.0, 0.0, 0.0, 0.0\n"
                 f"2, 0, {-J2 / np.sqrt(5.0):.17e}, 0.0, 0.0, 0.0\n2, 1, 0.0, 0.0, 0.0, 0.0\n2, 2, 0.0, 0.0, 0.0, 0.0\n")


def fly_one(column: np.ndarray, step_s: float) -> np.ndarray:
    simulation = SimulationBaseClass.SimBaseClass()
    simulation.CreateNewProcess("p").addTask(simulation.CreateNewTask("t", macros.sec2nano(step_s)))
    craft = spacecraft.Spacecraft()
    craft.hub.mHub = 1.0
    craft.hub.r_CN_NInit = column[:3] * 1e3
    craft.hub.v_CN_NInit = column[3:6] * 1e3
    bodies = simIncludeGravBody.gravBodyFactory()
    earth = bodies.createEarth()
    earth.isCentralBody = True
    earth.mu = MU * 1e9
    earth.useSphericalHarmonicsGravityModel(str(FIELD), 2)
    bodies.addBodiesTo(craft)
    air = exponentialAtmosphere.ExponentialAtmosphere()
    air.planetRadius, air.baseDensity, air.scaleHeight = RADIUS * 1e3, 1.225, SCALE_HEIGHT * 1e3
    air.addSpacecraftToModel(craft.scStateOutMsg)
    drag = dragDynamicEffector.DragDynamicEffector()
    drag.coreParams.projectedArea, drag.coreParams.dragCoeff = column[6], 1.0
    drag.atmoDensInMsg.subscribeTo(air.envOutMsgs[0])
    craft.addDynamicEffector(drag)
    blows = zeroWindModel.ZeroWindModel()
    blows.addSpacecraftToModel(craft.scStateOutMsg)
    blows.setPlanetOmega_N([0.0, 0.0, ROTATION])
    still = messaging.SpicePlanetStateMsgPayload()
    still.J20002Pfix = np.eye(3).tolist()
    place = messaging.SpicePlanetStateMsg().write(still)
    blows.planetPosInMsg.subscribeTo(place)
    drag.windVelInMsg.subscribeTo(blows.envOutMsgs[0])
    for model in (craft, air, blows, drag):
        simulation.AddModelToTask("t", model)
    simulation.InitializeSimulation()
    simulation.ConfigureStopTime(macros.sec2nano(2000.0))
    simulation.ExecuteSimulation()
    return np.array(craft.scStateOutMsg.read().r_BN_N) * 1e-3


def fly(table: np.ndarray, variant: str, setting: int) -> np.ndarray:
    places = np.array([fly_one(column, STEPS_S[setting]) for column in table.T]).T
    return np.vstack([np.full(table.shape[1], 2000.0), places])


serve([f"RK4 {s:g} s" for s in STEPS_S], fly)
