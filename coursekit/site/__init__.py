"""The whole course as pages that open from any server, or from a folder without one."""
