"""What disassembly tells of kernels: every instruction counted once, by its kind."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts/kernels"))
import mix  # noqa: E402

# As cuobjdump 13.5 writes it; a name follows its length, and the file's name ends in digits that are none.
DISASSEMBLY = """
Fatbin elf code:
================
arch = sm_90
\tFunction : _ZN9longwatch47_GLOBAL__N__b8786230_14_cuda_stages_cu_28240ff420measure_radar_kernelENS_12DeviceLaunchE
\t.headerflags\t@"EF_CUDA_SM90"
        /*0000*/                   LDC R1, c[0x0][0x28] ;        /* 0x00000a00ff017b82 */
                                                                 /* 0x000fe20000000800 */
        /*0010*/              @!P0 BRA 0x170 ;                   /* 0x0000000000348947 */
        /*0020*/                   DFMA R10, -R6, R2, 1 ;
        /*0030*/               @P1 DSETP.GT.AND P0, PT, R2, RZ, PT ;
        /*0040*/                   MUFU.RCP64H R3, R7 ;
        /*0050*/              @UP0 IMAD.MOV.U32 R2, RZ, RZ, 0x1 ;
        /*0060*/                   F2F.F64.F32 R2, R3 ;
        /*0070*/                   LDG.E.64 R6, desc[UR4][R4.64+0x100] ;
        /*0080*/                   LDL.64 R6, [R1+0x8] ;
        /*0090*/                   NOP ;
\tFunction : _ZN9longwatch47_GLOBAL__N__b8786230_14_cuda_stages_cu_28240ff45other15helperENS_12DeviceLaunchE
        /*0000*/                   DADD R1, R2, R3 ;
arch = sm_120
\tFunction : _ZN9longwatch10fly_kernelENS_12DeviceLaunchE
        /*0000*/                   FFMA R0, RZ, R7, R3 ;
"""


def test_instructions_are_counted_by_kind_and_kernel():
    found = mix.read_disassembly(DISASSEMBLY.splitlines())
    assert found == {
        ("sm_90", "measure_radar"): {"constant": 1, "control": 1, "fp64": 2, "special": 1, "integer": 1, "conversion": 1,
                                     "global": 1, "local": 1, "all": 9},
        ("sm_120", "fly"): {"fp32": 1, "all": 1},
    }


def test_a_table_has_a_row_for_each_kernel_and_device_whose_shares_add_up():
    lines = mix.table(mix.read_disassembly(DISASSEMBLY.splitlines())).splitlines()
    assert len(lines) == 4 and all(line.count("|") == lines[0].count("|") for line in lines)
    cells = [line.split("|") for line in lines[2:]]
    assert [cell[2].strip() for cell in cells] == ["measure_radar", "fly"]
    # Each of nine shares is rounded to a tenth.
    assert all(abs(sum(float(share) for share in cell[4:-1]) - 100) < 0.5 for cell in cells)
