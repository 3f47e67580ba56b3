"""What every test in Python starts from."""

from __future__ import annotations

import signal
import threading

# Started in the background of a shell, a process ignores interrupts, and so would the programs it starts, which some
# tests interrupt.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
