"""What the service must not forget, in one database: tokens, live codes, enrolled persons, results of async calls."""

from facematch.service.state.live_codes import CodeState
from facematch.service.state.opened import State
from facematch.service.state.persons import Enrolled, Portrait

__all__ = ["CodeState", "Enrolled", "Portrait", "State"]
